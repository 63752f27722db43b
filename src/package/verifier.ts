import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { packageErrors } from "./errors.js";
import { makeFolders } from "./make-folders.js";
import { replaceFile } from "./replace-file.js";

/** Where a stack's folder holds the verifier. With `/` between folders, as Terraform's expressions want it. */
export const verifierPath = "konnect-audit/verify.cjs";

/**
 * Copies the verifier, one file that needs no node_modules, into a working directory.
 *
 * @throws PackageError `PACKAGE_NOT_BUILT`, `PACKAGE_NOT_WRITABLE`
 */
export function installVerifier(dist: string, workingDirectory: string): void {
  const source = join(dist, "verify.cjs");
  const target = join(workingDirectory, verifierPath);
  let content: Buffer;
  try {
    content = readFileSync(source);
  } catch (cause) {
    throw packageErrors.notBuilt(source, cause);
  }
  try {
    if (existsSync(target) && readFileSync(target).equals(content)) return;
    makeFolders(dirname(target));
    replaceFile(target, content);
  } catch (cause) {
    throw packageErrors.notWritable(target, cause);
  }
}
