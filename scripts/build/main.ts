import { chmod, mkdtemp, readFile, rename, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCli, bundleVerifier } from "./bundles.js";
import { emitDeclarations } from "./declarations.js";
import { buildLibrary } from "./library.js";
import { buildProviderPackage } from "./provider-package.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const dist = join(root, "dist");
// Built beside and put in place at the end: a failed build leaves the last one standing, and who runs it meanwhile finds all of it.
const fresh = await mkdtemp(join(root, ".dist-"));
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
  version: string;
};

const release = process.argv.includes("--release");
try {
  const [providerVersion] = await Promise.all([
    buildProviderPackage(root, fresh, { version, release }),
    bundleVerifier(root, join(fresh, "verify.cjs")),
    buildLibrary(root, fresh),
    bundleCli(root, join(fresh, "cli")),
    emitDeclarations(root, join(fresh, "types")),
  ]);
  await chmod(fresh, 0o755); // a temporary folder is its owner's only
  await rm(dist, { recursive: true, force: true });
  await rename(fresh, dist);
  process.stdout.write(
    `Built konnect-audit ${version} with provider ${providerVersion} into dist/\n`,
  );
} finally {
  await rm(fresh, { recursive: true, force: true });
}
