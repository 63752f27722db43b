import { distFolder, providerType, readPackageVersion } from "../package/index.js";
import type { Construct } from "./cdktf.js";

/** Context key that names another folder with a built provider package. */
export const packageContextKey = "konnect-audit/dist";

/** The folder with the built provider package and the verifier, as the app's context or the library says. */
export function packageFolderFor(scope: Construct): string {
  const configured: unknown = scope.node.tryGetContext(packageContextKey);
  return typeof configured === "string" ? configured : distFolder(import.meta.url);
}

const versions = new Map<string, string>();

/** Which provider, in which version, cdktf is to require for an element. */
export function generatorMetadata(scope: Construct) {
  const folder = packageFolderFor(scope);
  const version = versions.get(folder) ?? readPackageVersion(folder);
  versions.set(folder, version);
  return {
    providerName: providerType,
    providerVersion: version,
    providerVersionConstraint: version,
  };
}
