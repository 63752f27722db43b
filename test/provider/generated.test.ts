import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { generatedFiles } from "../../scripts/generate/files.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

describe("what is generated from the schemas", () => {
  test("is committed as `npm run generate` writes it", async () => {
    for await (const [path, content] of generatedFiles(root)) {
      const committed = await readFile(join(root, path), "utf8").catch(() => "(missing)");
      expect(committed, `${path} is stale: run npm run generate`).toBe(content);
    }
  });
});
