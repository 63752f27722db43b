import { randomUUID } from "node:crypto";
import {
  chmodSync,
  existsSync,
  lstatSync,
  mkdtempSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmdirSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join } from "node:path";
import { systemCode } from "../core/system-error.js";
import type { BuiltPackage } from "./built-package.js";
import { packageErrors } from "./errors.js";
import { hashPackage } from "./hash.js";
import {
  executableName,
  filesPrefix,
  localPlugins,
  packagePath,
  platforms,
  sharedFolder,
} from "./layout.js";
import { makeFolders } from "./make-folders.js";

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
    makeFolders(folder);
    if (!isInstalled(built, join(folder, sharedFolder))) replaceFiles(built, folder);
    for (const name of platforms) link(join(folder, name), sharedFolder);
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

function isInstalled(built: BuiltPackage, shared: string): boolean {
  if (!existsSync(shared)) return false;
  try {
    // One folder for all that is looked at: the link may be turned to another one meanwhile.
    return isIntact(built, realpathSync(shared));
  } catch (error) {
    if (systemCode(error) === "ENOENT") return false;
    throw error;
  }
}

function isIntact({ hash, version }: BuiltPackage, folder: string): boolean {
  // Copies that lose mode bits (some archives, some file systems) leave a package that can't be started.
  return (
    hasMode(folder, 0o555) &&
    hasMode(join(folder, executableName(version)), 0o555) &&
    readdirSync(folder).every((name) => hasMode(join(folder, name), 0o444)) &&
    hashPackage(folder) === hash
  );
}

function hasMode(path: string, bits: number): boolean {
  const mode = statSync(path, { throwIfNoEntry: false })?.mode ?? 0;
  return (mode & bits) === bits;
}

/** How long files that were replaced are kept, in milliseconds: a provider that still runs from them loads a part late. */
const keptFor = 3_600_000;

/**
 * Writes the files into a folder of their own and has the shared one point there.
 *
 * The last step is the renaming of a link, so that whoever reads the package finds the old one or the new one, whole;
 * of installations at the same time the last one counts.
 */
function replaceFiles({ files, version }: BuiltPackage, folder: string): void {
  removeReplaced(folder);
  const fresh = mkdtempSync(join(folder, filesPrefix));
  for (const [name, content] of Object.entries(files)) {
    const path = join(fresh, name);
    writeFileSync(path, content);
    chmodSync(path, name === executableName(version) ? 0o755 : 0o644);
  }
  chmodSync(fresh, 0o755); // a temporary folder is its owner's only
  freeSharedName(folder, basename(fresh));
  link(join(folder, sharedFolder), basename(fresh));
}

/** Earlier versions made the shared folder itself, which a link can't take the place of in one step. */
function freeSharedName(folder: string, target: string): void {
  const shared = join(folder, sharedFolder);
  if (!lstatSync(shared, { throwIfNoEntry: false })?.isDirectory()) return;
  for (const name of platforms) link(join(folder, name), target);
  rmSync(shared, { recursive: true, force: true });
}

function removeReplaced(folder: string): void {
  const shared = join(folder, sharedFolder);
  const current = lstatSync(shared, { throwIfNoEntry: false })?.isSymbolicLink()
    ? readlinkSync(shared)
    : undefined;
  for (const entry of readdirSync(folder, { withFileTypes: true })) {
    if (!entry.name.startsWith(filesPrefix) || entry.name === current) continue;
    const path = join(folder, entry.name);
    const written = lstatSync(path, { throwIfNoEntry: false })?.mtimeMs ?? 0;
    if (written < Date.now() - keptFor) rmSync(path, { recursive: true, force: true });
  }
}

/** Makes a relative link, so that the working directory can be packed and moved; in one step, whatever was there. */
function link(path: string, target: string): void {
  const current = lstatSync(path, { throwIfNoEntry: false });
  if (current?.isSymbolicLink() && readlinkSync(path) === target) return;
  if (current?.isDirectory()) rmSync(path, { recursive: true, force: true });
  const fresh = `${path}.${randomUUID()}`;
  symlinkSync(target, fresh, "dir");
  try {
    renameSync(fresh, path);
  } catch (error) {
    rmSync(fresh, { force: true });
    throw error;
  }
}
