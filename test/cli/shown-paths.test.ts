import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { leakOf, steeringOf } from "../support/spelled-secrets.js";
import { commandLine } from "./command-line.js";

const token = "kpat_Q7vexjkn9Zx4Kqwjuv2Vw";
const hostile = `x\u001b[31m\u202e\n::error::boom ##vso[task.x] ${token}`;

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "shown-paths-"));
  await mkdir(join(cwd, hostile));
  const keys = [
    { kid: hostile, kty: "RSA" },
    { kid: hostile, kty: "OKP", crv: "Ed25519", x: hostile },
  ];
  await writeFile(join(cwd, "jwks.json"), JSON.stringify({ keys }));
  await writeFile(join(cwd, "event.ndjson"), '{"a":1}\n');
  await writeFile(join(cwd, hostile, "empty"), "");
});
afterAll(() => rm(cwd, { recursive: true }));

// A dist that is built is what install copies.
const built = await readFile(new URL("../../dist/provider.json", import.meta.url)).then(
  () => true,
  () => false,
);

const commands: readonly (readonly string[])[] = [
  ["install", "--check", "--into", hostile],
  ["install", "--check", "--mirror", hostile],
  ["install", "--remove", "--into", hostile],
  ["install", "--remove", "--mirror", `${hostile}/not there`],
  ["install", "--into", hostile],
  ["install", "--mirror", hostile],
  ["init", `${hostile}/project`],
  ["events", "parse", `${hostile}/empty`],
  ["events", "verify", "event.ndjson", "--jwks", "jwks.json"],
  ["verify", "--region", "eu", "--receiver", `${hostile}/none`, "--within", "1s"],
  ["verify", "--region", "eu", "--receiver", `${hostile}/none`, "--within", "1s", "--json"],
];

describe("names of files, folders and keys", () => {
  test.each(commands)("steer nothing and show no secret: %s %s %s", async (...args) => {
    expect(built).toBe(true);
    const env = { KONNECT_TOKEN: token, KONNECT_SERVER_URL: "http://127.0.0.1:9/{region}" };
    const { stdout, stderr } = await commandLine(args, { cwd, env });
    const shown = stdout + stderr;
    expect(shown).not.toBe("");
    expect(leakOf(shown, token)).toBeUndefined();
    expect(steeringOf(shown)).toBeUndefined();
  });
});
