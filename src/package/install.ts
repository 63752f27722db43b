import {
  existsSync,
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  renameSync,
  rmdirSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";
import type { BuiltPackage } from "./built-package.js";
import { packageErrors } from "./errors.js";
import { hashPackage } from "./hash.js";
import { executableName, localPlugins, packagePath, platforms, sharedFolder } from "./layout.js";

/**
 * Writes a provider package to where `terraform init` finds it in a working directory.
 *
 * @throws PackageError `PACKAGE_NOT_WRITABLE`, `PACKAGE_PLATFORM`
 */
export function installPackage(
  built: BuiltPackage,
  workingDirectory: string,
  platform: NodeJS.Platform = process.platform,
): void {
  installPlugin(built, join(workingDirectory, localPlugins), platform);
}

/**
 * Writes a provider package into a folder of plugins.
 *
 * A package that is there already, unchanged, is left alone: Terraform may be running it.
 *
 * @param platform where Terraform is going to run
 * @returns the package's folder
 * @throws PackageError `PACKAGE_NOT_WRITABLE`, `PACKAGE_PLATFORM`
 */
export function installPlugin(
  built: BuiltPackage,
  plugins: string,
  platform: NodeJS.Platform = process.platform,
): string {
  if (platform === "win32") throw packageErrors.platformUnsupported("Windows");
  const folder = join(plugins, packagePath(built.version));
  try {
    mkdirSync(folder, { recursive: true });
    if (!isInstalled(built, join(folder, sharedFolder))) replaceFiles(built, folder);
    for (const name of platforms) link(join(folder, name));
  } catch (cause) {
    throw packageErrors.notWritable(folder, cause);
  }
  return folder;
}

/** A version of the provider in a folder of plugins. */
export interface InstalledVersion {
  version: string;
  folder: string;
  /** Whether the files are those of the given package; `undefined` for another version. */
  intact: boolean | undefined;
}

/** Tells which versions of the provider are in a folder of plugins, and whether ours is whole. */
export function listInstalled(built: BuiltPackage, plugins: string): InstalledVersion[] {
  const parent = join(plugins, packagePath(""));
  if (!existsSync(parent)) return [];
  return readdirSync(parent, { withFileTypes: true })
    .filter((entry) => entry.isDirectory())
    .map(({ name: version }) => {
      const folder = join(parent, version);
      const own = version === built.version;
      return {
        version,
        folder,
        intact: own ? isInstalled(built, join(folder, sharedFolder)) : undefined,
      };
    });
}

/**
 * Removes every version of the provider from a folder of plugins, and folders that are empty then.
 *
 * @returns the versions that were there
 * @throws PackageError `PACKAGE_NOT_WRITABLE`
 */
export function removeInstalled(built: BuiltPackage, plugins: string): InstalledVersion[] {
  const found = listInstalled(built, plugins);
  try {
    for (const { folder } of found) rmSync(folder, { recursive: true });
    let parent = join(plugins, packagePath(""));
    for (; parent.length > plugins.length; parent = dirname(parent)) {
      if (existsSync(parent) && readdirSync(parent).length === 0) rmdirSync(parent);
    }
  } catch (cause) {
    throw packageErrors.notWritable(plugins, cause);
  }
  return found;
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
