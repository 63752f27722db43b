import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { generatedFiles } from "./files.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
for await (const [path, content] of generatedFiles(root)) {
  await mkdir(dirname(join(root, path)), { recursive: true });
  await writeFile(join(root, path), content);
  process.stdout.write(`${path}\n`);
}
