import { spawnSync } from "node:child_process";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { describe, expect, test } from "vitest";

const root = resolve(import.meta.dirname, "../..");
const manifest = createRequire(import.meta.url).resolve("@microsoft/api-extractor/package.json");
const extractor = join(dirname(manifest), "bin/api-extractor");

describe("The public API, as API Extractor reads it from the build's declarations", {
  timeout: 120_000,
}, () => {
  test.each([
    ["konnect-audit", "api-extractor.json"],
    ["konnect-audit/testing", "api-extractor.testing.json"],
  ])("of %s is the one in etc/ (if not: npm run api-report)", (_, config) => {
    // Without --local a report that differs is an error, and is left as it is.
    const args = [extractor, "run", "--config", join(root, "etc", config)];
    const result = spawnSync(process.execPath, args, { cwd: root, encoding: "utf8" });
    expect(result.status, `${result.stdout}${result.stderr}`).toBe(0);
  });
});
