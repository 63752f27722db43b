import { readFileSync } from "node:fs";
import { join } from "node:path";
import { parseJson } from "../core/json.js";
import { packageErrors } from "./errors.js";
import { hashFiles } from "./hash.js";
import { executableName } from "./layout.js";

/** A provider package as the build left it. */
export interface BuiltPackage {
  version: string;
  /** Contents by file name. */
  files: Readonly<Record<string, Buffer>>;
  /** The `h1:` hash of the files. */
  hash: string;
}

/**
 * Reads the provider package from the folder that the build writes: `provider.json` and the files it names, which lie in
 * `provider/`.
 *
 * @throws PackageError `PACKAGE_NOT_BUILT`, `PACKAGE_DESCRIPTION_UNREADABLE`, `PACKAGE_FILE_MISSING`
 */
export function readBuiltPackage(dist: string): BuiltPackage {
  const { version, files: names } = readDescription(join(dist, "provider.json"));
  const files: Record<string, Buffer> = {};
  for (const name of names) {
    const path = join(dist, "provider", name);
    try {
      files[name] = readFileSync(path);
    } catch (cause) {
      throw packageErrors.fileMissing(path, cause);
    }
  }
  return { version, files, hash: hashFiles(files) };
}

/**
 * Reads only which version of the provider the build left.
 *
 * @throws PackageError `PACKAGE_NOT_BUILT`, `PACKAGE_DESCRIPTION_UNREADABLE`
 */
export function readPackageVersion(dist: string): string {
  return readDescription(join(dist, "provider.json")).version;
}

function readDescription(path: string): { version: string; files: string[] } {
  let text: string;
  try {
    text = readFileSync(path, "utf8");
  } catch (cause) {
    throw packageErrors.notBuilt(path, cause);
  }
  const { version, files } = parseObject(path, text);
  if (typeof version !== "string" || version === "") {
    throw packageErrors.descriptionUnreadable(path, "it names no version");
  }
  if (!Array.isArray(files) || !files.every((file) => isPlainFileName(file))) {
    throw packageErrors.descriptionUnreadable(path, "`files` is no list of file names");
  }
  if (!files.includes(executableName(version))) {
    throw packageErrors.descriptionUnreadable(path, `\`files\` lacks ${executableName(version)}`);
  }
  return { version, files };
}

function parseObject(path: string, text: string): Record<string, unknown> {
  const value = parseJson(text);
  if (value === undefined) throw packageErrors.descriptionUnreadable(path, "it is no JSON");
  if (typeof value === "object" && value !== null) return { ...value };
  throw packageErrors.descriptionUnreadable(path, "it is no JSON object");
}

function isPlainFileName(value: unknown): value is string {
  return typeof value === "string" && value !== "" && !/[/\\]/.test(value) && value !== "..";
}
