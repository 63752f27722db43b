import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { build } from "esbuild";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { konnectKeys } from "../../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../../src/receiver/server.js";

const authorization = "Bearer standalone-test-credential";
const token = "kpat_standalone-test";
const source = fileURLToPath(new URL("../../src/cli/verify-standalone.ts", import.meta.url));
let folder: string;
let emulator: Emulator;
let receiver: Receiver;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-standalone-"));
  await build({
    entryPoints: [source],
    bundle: true,
    platform: "node",
    format: "cjs",
    minify: true,
    outfile: join(folder, "verify.cjs"),
    logLevel: "error",
  });
  emulator = await startEmulator({ knobs: { flushIntervalMs: 20 } });
  const { serverUrl } = emulator;
  receiver = await startReceiver({
    authorization,
    keys: konnectKeys({ regions: ["eu"], serverUrl }),
  });
  const client = createKonnectClient({ token, serverUrl });
  await client.updateWebhook("eu", { endpoint: receiver.url, authorization, enabled: true });
  await client.close();
});

afterAll(async () => {
  await emulator.close();
  await receiver.close();
  await rm(folder, { recursive: true, force: true });
});

/** Runs the one file in a folder without node_modules, with nothing but KONNECT_* in its environment. */
function verifyCjs(args: readonly string[], env: Record<string, string> = {}) {
  return new Promise<{ output: string; exitCode: number | null }>((done, reject) => {
    const child = spawn(process.execPath, [resolve(folder, "verify.cjs"), "verify", ...args], {
      cwd: folder,
      env: { KONNECT_TOKEN: token, KONNECT_SERVER_URL: emulator.serverUrl, ...env },
    });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
      });
    }
    child.on("error", reject);
    child.on("close", (exitCode) => done({ output, exitCode }));
  });
}

describe("the verifier as one file", () => {
  test("proves delivery in a folder without node_modules, and says so in two lines", async () => {
    const { output, exitCode } = await verifyCjs([
      ...["--region", "eu", "--receiver", receiver.url, "--evidence", "signature"],
    ]);
    expect(output).toBe(
      "eu: delivered: probe at the receiver, signature valid\n1 of 1 region verified.\n",
    );
    expect(exitCode).toBe(0);
  });

  test("fails a deploy with region, finding and fix in the few lines that Terraform shows", async () => {
    const { output, exitCode } = await verifyCjs(["--region", "us"]);
    expect(output).toBe(`us: unconfigured: no endpoint is set
  Fix: Deploy a webhook for region "us" first, or leave the region out.
0 of 1 region verified, 1 failed.
`);
    expect(exitCode).toBe(2);
  });

  test("exits 1 with the remedy, and no stack trace, when it can't tell", async () => {
    const { output, exitCode } = await verifyCjs(["--region", "eu"], { KONNECT_TOKEN: "" });
    expect(output).toBe(`No Konnect token is set.
  Fix: Set KONNECT_TOKEN to a personal access token (kpat_…) or KONNECT_SPAT to a system account access token (spat_…).
`);
    expect(exitCode).toBe(1);
  });
});
