import { mkdir, rm, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { readBuiltPackage } from "../../src/package/index.js";
import { registryFiles } from "./registry.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const folder = join(root, "dist", "registry");
await rm(folder, { recursive: true, force: true });
await mkdir(folder, { recursive: true });
for (const [name, content] of Object.entries(registryFiles(readBuiltPackage(join(root, "dist"))))) {
  await writeFile(join(folder, name), content);
  process.stdout.write(`${join("dist/registry", name)}\n`);
}
