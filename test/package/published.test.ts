import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkPackage, createPackageFromTarballData } from "@arethetypeswrong/core";
import { publint } from "publint";
import { formatMessage } from "publint/utils";
import { afterAll, describe, expect, test } from "vitest";
import { packPackage } from "../support/cdktf-project.js";

const folder = mkdtempSync(join(tmpdir(), "konnect-audit-published-"));
const tarball = new Uint8Array(readFileSync(packPackage(folder)));

afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe("The package as it would be published", { timeout: 60_000 }, () => {
  test("is one that publint finds nothing to say of", async () => {
    const { messages, pkg } = await publint({ pack: { tarball: tarball.buffer }, strict: true });
    expect(messages.map((message) => formatMessage(message, pkg))).toEqual([]);
  });

  test("has the right types for every way to import it, as arethetypeswrong finds", async () => {
    const result = await checkPackage(createPackageFromTarballData(tarball));
    if (!result.types) throw new Error("The package has no types.");
    expect(result.problems).toEqual([]);
    const entrypoints = Object.entries(result.entrypoints).filter(([, entry]) => entry.hasTypes);
    expect(entrypoints.map(([path]) => path).sort()).toEqual([".", "./testing"]);
    for (const [path, { resolutions }] of entrypoints) {
      for (const [kind, { resolution }] of Object.entries(resolutions)) {
        expect(resolution?.fileName, `${path} under ${kind}`).toMatch(/\.d\.ts$/);
      }
    }
  });
});
