import { mkdir, readFile, rm } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleCli, bundleLibrary, bundleVerifier } from "./bundles.js";
import { emitDeclarations } from "./declarations.js";
import { buildProviderPackage } from "./provider-package.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const dist = join(root, "dist");
const { version } = JSON.parse(await readFile(join(root, "package.json"), "utf8")) as {
  version: string;
};

await rm(dist, { recursive: true, force: true });
await mkdir(dist, { recursive: true });
const release = process.argv.includes("--release");
const [providerVersion] = await Promise.all([
  buildProviderPackage(root, dist, { version, release }),
  bundleVerifier(root, join(dist, "verify.cjs")),
  bundleLibrary(root, dist),
  bundleCli(root, join(dist, "cli")),
  emitDeclarations(root, join(dist, "types")),
]);
process.stdout.write(
  `Built konnect-audit ${version} with provider ${providerVersion} into dist/\n`,
);
