import { execFileSync, spawnSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { Writable } from "node:stream";
import pc from "picocolors";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EventPrinter } from "../../src/cli/commands/listen-output.js";
import { systemClock } from "../../src/core/clock.js";
import { createSigningKey, formatJwks } from "../../src/events/jwks.js";
import { receivedEvent } from "../../src/receiver/received-event.js";
import { startProcess } from "../emulator/process.js";
import { authorization, deliver, signedLine, webhookRead } from "../receiver/deliveries.js";
import { commandLine } from "./command-line.js";

const key = createSigningKey();
const env = { KONNECT_AUDIT_AUTHORIZATION: authorization };
const root = resolve(import.meta.dirname, "../..");
const hasPython = spawnSync("python3", ["-c", "import pty"]).status === 0;
let cwd: string;

beforeAll(() => {
  cwd = mkdtempSync(join(tmpdir(), "konnect-audit-output-"));
  writeFileSync(join(cwd, "jwks.json"), JSON.stringify(formatJwks([key])));
  writeFileSync(join(cwd, "none.json"), JSON.stringify({ keys: [] }));
});

afterAll(() => rmSync(cwd, { recursive: true }));

const brief = (...args: string[]) =>
  commandLine(["listen", "--port", "0", "--for", "20ms", ...args], { env, cwd });

function received(count: number, userAgent = "curl") {
  return Array.from({ length: count }, (_, index) => {
    const line = signedLine(key, webhookRead({ trace_id: `${index}`, user_agent: userAgent }));
    return receivedEvent(Buffer.from(line), { outcome: "valid", kid: "k" }, 0);
  });
}

describe("what listen says at its start", () => {
  test.each([
    [
      ["--host", "0.0.0.0", "--jwks", "jwks.json"],
      /at every address[\s\S]*https:\/\/<its name>:\d+\/audit-logs/,
    ],
    [["--no-verify"], /Warning: no signature is checked \(--no-verify\)/],
    [["--jwks", "none.json"], /Warning: no signature can be verified: there is no key/],
    [
      ["--jwks", "jwks.json", "--public-url", "https://t.example.com"],
      /endpoint to https:\/\/t\.example\.com\/audit-logs\n/,
    ],
  ])("with %j tells what matters", async (args, message) => {
    const { stderr, exitCode } = await brief(...args);
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(0);
  });

  test("names no problem where there is none", async () => {
    expect((await brief("--jwks", "jwks.json")).stderr).not.toContain("Warning");
  });

  test.each([
    [["--for", "0s"]],
    [["--for", "-1s"]],
    [["--for", "8d"]],
    [["--for", "soon"]],
    [["--port", "-1"]],
    [["--port", "1e3"]],
    [["--min-severity", "11"]],
  ])("with %j is an input error", async (args) => {
    const { stderr, exitCode } = await commandLine(["listen", ...args], { env, cwd });
    expect(stderr).toMatch(/error: option|Error: --for "[^"]*" is (no duration|out of range)/);
    expect(exitCode).toBe(1);
  });

  test.each([
    ["", /KONNECT_AUDIT_AUTHORIZATION is not set/],
    [" ", /KONNECT_AUDIT_AUTHORIZATION is not set/],
    ["Bearer abc ", /KONNECT_AUDIT_AUTHORIZATION begins or ends with a blank/],
    ["Bearer kpat_abc", /KONNECT_AUDIT_AUTHORIZATION looks like a Konnect token/],
  ])("with the credential %j names the variable", async (value, message) => {
    const given = { KONNECT_AUDIT_AUTHORIZATION: value };
    const { stderr, exitCode } = await commandLine(["listen", "--no-verify"], { env: given, cwd });
    expect(stderr).toMatch(message);
    expect(exitCode).toBe(1);
  });

  test("ends with Ctrl-C while Konnect does not answer when asked for its keys", async () => {
    const silent = createServer().listen(0, "127.0.0.1");
    await new Promise((done) => silent.once("listening", done));
    const asked = new Promise((done) => silent.once("connection", done));
    const { port } = silent.address() as AddressInfo;
    const listening = startProcess(["listen", "--port", "0", "--region", "eu"], {
      ...env,
      KONNECT_SERVER_URL: `http://127.0.0.1:${port}/{region}`,
    });
    await asked;
    listening.child.kill("SIGINT");
    expect(await listening.exited).toBe(130);
    expect(listening.output()).toContain("stopped by SIGINT");
    silent.close();
  });
});

describe("a reader of stdout that stops reading", () => {
  test("stops neither deliveries that are stored, nor the end", async () => {
    const store = join(cwd, "stalled.ndjson");
    const args = ["listen", "--port", "0", "--jwks", join(cwd, "jwks.json"), "--store", store];
    const listening = startProcess([...args, "--format", "ndjson"], env);
    const url = await listening.printed(/endpoint to (\S+)/);
    listening.child.stdout.pause();
    for (let index = 0; index < 8; index++) {
      const lines = Array.from({ length: 100 }, (_, line) =>
        signedLine(key, webhookRead({ trace_id: `${index}-${line}` })),
      );
      expect((await deliver(url, lines)).status).toBe(202);
    }
    listening.child.kill("SIGTERM");
    const code = await new Promise((done) => listening.child.on("exit", done));
    expect(code).toBe(0);
    expect(readFileSync(store, "utf8").trim().split("\n")).toHaveLength(800);
  });

  test.skipIf(!hasPython)(
    `at a terminal, as Ctrl-S does it, stops neither${hasPython ? "" : " (SKIPPED: needs Python)"}`,
    () => {
      const script = `import gzip, os, pty, signal, sys, time, urllib.request
folder = sys.argv[1]
pid, terminal = pty.fork()
if pid == 0:
    os.execvp(${JSON.stringify(process.execPath)}, ["node", "--import", "tsx", "src/cli/main.ts", "listen", "--port", "0", "--jwks", folder + "/none.json", "--store", folder + "/terminal.ndjson"])
said = ""
while "endpoint to" not in said or "\\n" not in said.split("endpoint to")[1]:
    said += os.read(terminal, 1000).decode()
url = said.split("endpoint to ")[1].split()[0]
line = "2024 CEF:0|K|Konnect|1|x|Authz.w|1|rt=1 src=1 action=a granted=true org_id=o principal_id=p trace_id=%d user_agent=" + "u" * 150
for batch in range(5):
    body = "\\n".join(line % (batch * 100 + each) for each in range(100)).encode()
    request = urllib.request.Request(url, data=gzip.compress(body), headers={"Authorization": os.environ["KONNECT_AUDIT_AUTHORIZATION"], "Content-Encoding": "gzip"})
    print(urllib.request.urlopen(request, timeout=20).status)
os.kill(pid, signal.SIGTERM)
print("ended with", os.waitpid(pid, 0)[1])
`;
      const output = execFileSync("python3", ["-c", script, cwd], {
        cwd: root,
        env: { ...process.env, ...env },
        encoding: "utf8",
        timeout: 60_000,
      });
      expect(output).toBe(`${"202\n".repeat(5)}ended with 0\n`);
    },
  );

  test("leaves stored events out, counts them, and refuses events that are not stored", async () => {
    const stdout = new Writable({ highWaterMark: 1, write: () => undefined });
    const options = { stdout, clock: systemClock, format: "ndjson", filter: {} } as const;
    const colors = pc.createColors(false);
    const storing = new EventPrinter({ ...options, colors, stored: true });
    const printing = new EventPrinter({ ...options, colors, stored: false });
    const large = received(20, "u".repeat(1024 * 1024));
    await storing.print(large);
    await storing.print(received(3));
    expect(storing.leftOut).toBe(3);
    await expect(printing.print(received(1))).rejects.toThrow("nobody reads");
  });
});

describe("NDJSON on stdout", () => {
  test("is what is stored, and holds no character that steers a terminal", async () => {
    const stop = new AbortController();
    const line = signedLine(key, webhookRead({ user_agent: "evil\u009b31m\u202e\u200b" }), "json");
    let delivery: Promise<unknown> | undefined;
    const args = ["--format", "ndjson", "--store", "steering.ndjson"];
    const { stdout } = await commandLine(
      ["listen", "--port", "0", "--jwks", "jwks.json", ...args],
      {
        env,
        cwd,
        signal: stop.signal,
        onStderr(text) {
          const url = /endpoint to (\S+)/.exec(text)?.[1];
          if (url) delivery ??= deliver(url, [line]).then(() => stop.abort());
        },
      },
    );
    await delivery;
    expect(stdout).toContain(String.raw`evil\u009b31m\u202e\u200b`);
    expect(JSON.parse(stdout)).toMatchObject({ raw: line, signature: "valid" });
    const stored = readFileSync(join(cwd, "steering.ndjson"), "utf8");
    expect(stored).toContain(String.raw`evil\u009b31m\u202e\u200b`);
    expect(JSON.parse(stored)).toEqual({ ...JSON.parse(stdout), chain: expect.anything() });
  });
});
