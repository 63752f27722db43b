import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readlinkSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { join } from "node:path";
import type { BuiltPackage } from "./built-package.js";
import { packageErrors } from "./errors.js";
import { hashPackage } from "./hash.js";
import { executableName, packageFolder, platforms, sharedFolder } from "./layout.js";

/**
 * Writes a provider package to where `terraform init` finds it in a working directory.
 *
 * A package that is there already, unchanged, is left alone: Terraform may be running it.
 *
 * @param platform where Terraform is going to run
 * @throws PackageError `PACKAGE_NOT_WRITABLE`, `PACKAGE_PLATFORM`
 */
export function installPackage(
  built: BuiltPackage,
  workingDirectory: string,
  platform: NodeJS.Platform = process.platform,
): void {
  if (platform === "win32") throw packageErrors.platformUnsupported("Windows");
  const folder = join(workingDirectory, packageFolder(built.version));
  try {
    mkdirSync(folder, { recursive: true });
    if (!isInstalled(built, join(folder, sharedFolder))) replaceFiles(built, folder);
    for (const name of platforms) link(join(folder, name));
  } catch (cause) {
    throw packageErrors.notWritable(folder, cause);
  }
}

function isInstalled({ hash, version }: BuiltPackage, folder: string): boolean {
  const executable = join(folder, executableName(version));
  if (!existsSync(executable)) return false;
  // Copies that lose mode bits (some archives, some file systems) leave a package that can't be started.
  const runnable = (lstatSync(executable).mode & 0o111) === 0o111;
  return runnable && hashPackage(folder) === hash;
}

/** Writes beside and renames, so that Terraform never sees half a package. */
function replaceFiles({ files, version }: BuiltPackage, folder: string): void {
  const fresh = mkdtempSync(join(folder, `.${sharedFolder}-`));
  try {
    for (const [name, content] of Object.entries(files)) {
      const mode = name === executableName(version) ? 0o755 : 0o644;
      writeFileSync(join(fresh, name), content, { mode });
    }
    const target = join(folder, sharedFolder);
    rmSync(target, { recursive: true, force: true });
    renameSync(fresh, target);
  } finally {
    rmSync(fresh, { recursive: true, force: true });
  }
}

/** Relative, so that the working directory can be packed and moved. */
function link(path: string): void {
  const current = lstatSync(path, { throwIfNoEntry: false });
  if (current?.isSymbolicLink() && readlinkSync(path) === sharedFolder) return;
  rmSync(path, { recursive: true, force: true });
  symlinkSync(sharedFolder, path, "dir");
}
