import { spawnSync } from "node:child_process";
import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterEach, describe, expect, test } from "vitest";

const script = resolve(import.meta.dirname, "../../scripts/prepare.mjs");
const folders: string[] = [];

/** Runs the check with nothing on PATH but the programs given. */
async function prepare(programs: Record<string, string>, env: NodeJS.ProcessEnv = {}) {
  const bin = await mkdtemp(join(tmpdir(), "konnect-audit-bin-"));
  folders.push(bin);
  for (const [name, source] of Object.entries(programs)) {
    await writeFile(join(bin, name), `#!/bin/sh\n${source}\n`, { mode: 0o755 });
  }
  return spawnSync(process.execPath, [script, "--check"], {
    env: { PATH: bin, ...env },
    encoding: "utf8",
  });
}

const version = (number: string) => `echo '{"terraform_version":"${number}"}'`;

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true });
});

describe("the prerequisites of npm run demo and npm test", () => {
  test("are said to be missing, with what to install and how", async () => {
    const { status, stderr } = await prepare({});
    expect(status).toBe(1);
    expect(stderr).toMatch(/needs Terraform or OpenTofu 1\.11\.0 or newer/);
    expect(stderr).toMatch(/developer\.hashicorp\.com\/terraform\/install/);
    expect(stderr).toMatch(/opentofu\.org.*TERRAFORM_BINARY_NAME=tofu/);
  });

  test("are said to be too old, with the version that was found", async () => {
    const { status, stderr } = await prepare({ terraform: version("1.5.7") });
    expect(status).toBe(1);
    expect(stderr).toMatch(/terraform is 1\.5\.7/);
  });

  test("are met by Terraform 1.11, or by the program that TERRAFORM_BINARY_NAME names", async () => {
    expect((await prepare({ terraform: version("1.11.0") })).status).toBe(0);
    const tofu = { tofu: version("1.11.2") };
    expect((await prepare(tofu, { TERRAFORM_BINARY_NAME: "tofu" })).status).toBe(0);
    // Alone on PATH it would not be used by cdktf, so that must be said before cdktf says it worse.
    const unnamed = await prepare(tofu);
    expect(unnamed.status).toBe(1);
    expect(unnamed.stderr).toMatch(/TERRAFORM_BINARY_NAME=tofu/);
  });
});
