import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { text } from "node:stream/consumers";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { formatJwks } from "../../src/events/jwks.js";
import { signedLine, testKey, webhookRead } from "../receiver/deliveries.js";

const root = resolve(import.meta.dirname, "../..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "events-pipe-"));
  const { key } = testKey();
  const lines = Array.from({ length: 3_000 }, (_, index) =>
    signedLine(key, webhookRead({ trace_id: String(index) })),
  );
  writeFileSync(join(folder, "events.log"), `${lines.join("\n")}\n`);
  // Another key than the lines': each of them is reported, more than a pipe holds.
  writeFileSync(join(folder, "jwks.json"), JSON.stringify(formatJwks([testKey().key])));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** Runs a command whose reader leaves after the first output. */
async function withImpatientReader(...args: string[]) {
  const child = spawn(process.execPath, ["--import", "tsx", "src/cli/main.ts", "events", ...args], {
    cwd: root,
    stdio: ["ignore", "pipe", "pipe"],
  });
  child.stdout.once("data", () => child.stdout.destroy());
  const ended = new Promise((close) => child.on("close", close));
  const stderr = await text(child.stderr);
  return { stderr, exitCode: await ended };
}

describe("konnect-audit events, when its reader has enough", () => {
  test("parse ends without a complaint", async () => {
    const run = await withImpatientReader("parse", join(folder, "events.log"));
    expect(run).toEqual({ stderr: "", exitCode: 0 });
  });

  test("verify still exits with its verdict: a closed pipe makes no signature valid", async () => {
    const keys = ["--jwks", join(folder, "jwks.json")];
    const run = await withImpatientReader("verify", join(folder, "events.log"), ...keys);
    expect(run).toEqual({ stderr: "", exitCode: 2 });
  });
});
