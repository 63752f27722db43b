import { createHash } from "node:crypto";
import { mkdir, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { executableName, launcherScript } from "../../src/package/index.js";
import { bundleProvider, versionPlaceholder } from "./bundles.js";

/**
 * Writes the provider package as Terraform runs it, and `provider.json` that describes it.
 *
 * A development build gets a version of its own, with a hash of its content: Terraform and cdktf cache a package by
 * its version and would go on to run, or refuse, the old one.
 *
 * @param release use the plain version of package.json
 * @returns the package's version
 */
export async function buildProviderPackage(
  root: string,
  dist: string,
  { version: base, release }: { version: string; release: boolean },
): Promise<string> {
  const bundles = await bundleProvider(root);
  const launcher = launcherScript();
  const hash = createHash("sha256").update(launcher);
  for (const text of Object.values(bundles)) hash.update(text);
  const version = release ? base : `${base}-dev.${hash.digest("hex").slice(0, 10)}`;

  const folder = join(dist, "provider");
  await rm(folder, { recursive: true, force: true });
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, executableName(version)), launcher, { mode: 0o755 });
  for (const [file, text] of Object.entries(bundles)) {
    await writeFile(join(folder, file), text.replaceAll(versionPlaceholder, version));
  }
  const files = [executableName(version), ...Object.keys(bundles)].sort();
  await writeFile(join(dist, "provider.json"), `${JSON.stringify({ version, files }, null, 2)}\n`);
  return version;
}
