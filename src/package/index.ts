/**
 * The provider package: how it is laid out, hashed, installed into a working directory and locked.
 *
 * @module
 */
export { providerSource, providerType } from "./address.js";
export { type BuiltPackage, readBuiltPackage, readPackageVersion } from "./built-package.js";
export { distFolder } from "./dist-folder.js";
export { PackageError, type PackageErrorCode } from "./errors.js";
export { hashFiles, hashPackage } from "./hash.js";
export {
  type InstalledVersion,
  installPackage,
  installPlugin,
  listInstalled,
  removeInstalled,
} from "./install.js";
export { launcherScript, nodeVersionGuard } from "./launcher.js";
export {
  executableName,
  localPlugins,
  packageFolder,
  platforms,
  userPlugins,
} from "./layout.js";
export { type LockEntry, lockFileName, mergeLockEntries, parseLockFile } from "./lock-file.js";
export { replaceFile } from "./replace-file.js";
export { installVerifier, verifierPath } from "./verifier.js";
