import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createSigningKey, formatJwks } from "../../src/events/jwks.js";
import { authorization, deliver, signedLine } from "../receiver/deliveries.js";
import { commandLine } from "./command-line.js";

const key = createSigningKey();
const env = { KONNECT_AUDIT_AUTHORIZATION: authorization };
let cwd: string;

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "konnect-audit-listen-"));
  await writeFile(join(cwd, "jwks.json"), JSON.stringify(formatJwks([key])));
});

afterAll(() => rm(cwd, { recursive: true, force: true }));

/** Listens until one delivery was made. */
async function listenForOne(args: readonly string[], line: string) {
  const stop = new AbortController();
  let delivery: Promise<unknown> | undefined;
  const run = await commandLine(["listen", "--port", "0", "--jwks", "jwks.json", ...args], {
    ...{ env, cwd, signal: stop.signal },
    onStderr(text) {
      const url = /endpoint to (\S+)/.exec(text)?.[1];
      if (url) delivery ??= deliver(url, [line]).then(() => stop.abort());
    },
  });
  await delivery;
  return run;
}

describe("konnect-audit listen", () => {
  test("prints a readable line an event, and what it received when it is stopped", async () => {
    const { stdout, stderr, exitCode } = await listenForOne([], signedLine(key));
    expect(stdout).toMatch(/^2026-11-22T10:00:00Z .* Authz\.webhook .* signed\n$/);
    expect(stderr).toContain("Received 1 events (1 signed,");
    expect(stderr).not.toContain(authorization);
    expect(exitCode).toBe(0);
  });

  test("prints NDJSON for pipes and stores the same lines", async () => {
    const line = signedLine(key);
    const args = ["--format", "ndjson", "--store", "events.ndjson"];
    const { stdout } = await listenForOne(args, line);
    expect(JSON.parse(stdout)).toMatchObject({ signature: "valid", raw: line });
    expect(await readFile(join(cwd, "events.ndjson"), "utf8")).toBe(stdout);
  });

  test.each([
    ["without an authorization", [], {}, /KONNECT_AUDIT_AUTHORIZATION is not set/],
    ["with half a certificate", ["--tls-cert", "x.pem"], env, /Only one of the TLS certificate/],
    ["with a missing certificate", ["--tls-cert", "x", "--tls-key", "y"], env, /ENOENT/],
    ["with keys that are no JWKS", ["--jwks", "no.json"], env, /no\.json can't be read: ENOENT/],
    ["with an impossible port", ["--port", "70000"], env, /from 0 to 65535/],
  ])("%s exits 1 with the remedy", async (_name, args, given, message) => {
    const run = await commandLine(["listen", ...args], { env: given, cwd });
    expect(run.stderr).toMatch(message);
    expect(run.exitCode).toBe(1);
  });
});
