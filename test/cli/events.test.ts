import { once } from "node:events";
import { appendFile, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { registerEvents } from "../../src/cli/commands/events.js";
import { formatJwks } from "../../src/events/jwks.js";
import { Journal } from "../../src/receiver/journal.js";
import { receivedEvent } from "../../src/receiver/received-event.js";
import { signedLine, testKey, webhookRead } from "../receiver/deliveries.js";
import { singleCommand } from "./command-line.js";

const { key } = testKey();
let cwd: string;

beforeEach(async () => {
  cwd = await mkdtemp(join(tmpdir(), "konnect-audit-events-"));
  await writeFile(join(cwd, "jwks.json"), JSON.stringify(formatJwks([key])));
});

afterEach(() => rm(cwd, { recursive: true, force: true }));

const line = (index: number) => signedLine(key, webhookRead({ trace_id: String(index) }));
const stored = (index: number) =>
  receivedEvent(Buffer.from(line(index)), { outcome: "valid", kid: key.jwk.kid }, 1_000);

async function verify(content: string | Buffer, ...flags: string[]) {
  await writeFile(join(cwd, "lines"), content);
  return verifyStore(...flags);
}

async function verifyStore(...flags: string[]) {
  const args = ["events", "verify", "lines", "--jwks", "jwks.json", ...flags];
  const run = await singleCommand(registerEvents, args, { cwd });
  return { exitCode: run.exitCode, stdout: run.stdout, stderr: run.stderr };
}

async function store(count: number, rotateSize?: number) {
  const journal = await Journal.open({ path: join(cwd, "lines"), rotateSize });
  for (let index = 0; index < count; index++) {
    await journal.append([JSON.stringify(stored(index))]);
  }
  await journal.close();
}

const edit = async (file: string, change: (lines: string[]) => string[]) => {
  const lines = (await readFile(join(cwd, file), "utf8")).trimEnd().split("\n");
  await writeFile(join(cwd, file), `${change(lines).join("\n")}\n`);
};

function tarOf(content: string): Buffer {
  const header = Buffer.alloc(512);
  header.write("events.ndjson");
  header.write("ustar", 257);
  return Buffer.concat([header, Buffer.from(content)]);
}

describe("events verify of a file as tools leave it", () => {
  test.each([
    ["gzip", () => gzipSync(`${line(1)}\n${line(2)}\n`)],
    ["UTF-16", () => Buffer.from(`\ufeff${line(1)}\r\n${line(2)}\r\n`, "utf16le")],
    ["a byte order mark", () => Buffer.from(`\ufeff${line(1)}\n${line(2)}`)],
    ["lines of blanks", () => Buffer.from(`${line(1)}\n  \t\n\n${line(2)}\n \r\n`)],
  ])("undoes %s", async (_, content) => {
    const run = await verify(content());
    expect(run).toMatchObject({ exitCode: 0, stdout: expect.stringMatching(/^2 valid, /) });
  });

  test.each([
    ["a JSON array", `[${signedLine(key, undefined, "json")}]`, "JSON array"],
    ["JSON over several lines", JSON.stringify({ a: 1 }, null, 2), "several lines"],
    ["a page of the pull API", '{"data":[{}],"meta":{}}', "pull API"],
    ["a page whose meta comes first", '{"meta":{"page":{}},"data":[{}]}', "pull API"],
    ["a table", `_time,"_raw"\n1,"${line(1)}"\n`, "CSV"],
    ["a table of one column", `_raw\n"${line(1)}"\n`, "_raw"],
    ["an archive", tarOf(`${line(1)}\n`), "tar"],
    ["UTF-32", Buffer.from([0xff, 0xfe, 0, 0, 0x7b, 0, 0, 0]), "UTF-32"],
    ["gzip without its end", gzipSync(line(1)).subarray(0, -9), "end is missing"],
    [
      "gzip with something behind it",
      Buffer.concat([gzipSync(line(1)), gzipSync("").fill(7)]),
      "damaged",
    ],
    ["lz4", Buffer.from([0x04, 0x22, 0x4d, 0x18, 0, 0, 0, 0]), "lz4"],
    ["zstd", Buffer.from([0x28, 0xb5, 0x2f, 0xfd, 0, 0, 0, 0]), "zstd"],
  ])("names %s", async (_, content, name) => {
    await expect(verify(content)).rejects.toMatchObject({
      code: "EVIDENCE_FILE_UNREADABLE",
      message: expect.stringContaining(name),
    });
  });

  test.each(["", "\n \n", "\ufeff", '{"received_at":"2026', "hello\n"])(
    "finds no events in %j, which is no success",
    async (content) => {
      const run = await verify(content);
      expect(run.exitCode).toBe(1);
      expect(run.stdout).toContain("no events in lines");
    },
  );

  test("names ten lines and counts the others by what is wrong with them", async () => {
    const forged = Array.from({ length: 30 }, (_, index) => line(index).replace("true", "false"));
    const run = await verify(`${forged.join("\n")}\n${line(1)} host=relay\nno event\n`);
    expect(run.exitCode).toBe(2);
    expect(run.stdout.match(/^line \d+: /gm)).toHaveLength(10);
    expect(run.stdout).toContain("20 more lines: invalid: it is not what any of the keys signed");
    expect(run.stdout).toContain("1 more line: invalid: the line was rewritten");
    expect(run.stdout).toContain(
      "0 valid, 31 invalid, 0 unsigned, 0 not verifiable, 1 no audit events.",
    );
  });

  test("can't verify a record of the pull API", async () => {
    const run = await verify(
      '{"type":"authorization","signature":"MEUCIQ","service":"s","resource":"r","action":"a","granted":true,"org_id":"o","ts":"2026-11-20T09:15:30Z","principal_id":"p"}\n',
    );
    expect(run).toMatchObject({ exitCode: 1, stdout: expect.stringContaining("pull API") });
  });

  test("mentions a key that can't be used", async () => {
    const jwk = { ...key.jwk, kid: "small", x: Buffer.alloc(32).toString("base64url") };
    await writeFile(join(cwd, "jwks.json"), JSON.stringify({ keys: [jwk, key.jwk] }));
    const run = await verify(`${line(1)}\n`);
    expect(run.exitCode).toBe(0);
    expect(run.stderr.match(/Warning/g)).toHaveLength(1);
    expect(run.stderr).toMatch(/^Warning: a key can't be used: it is of small order/);
    // The id is foreign text.
    expect(run.stderr).not.toContain('small"');
    expect(run.stderr).not.toContain("key small");
  });
});

test("events verify gives up at once, and its requests with it, while the keys do not come", async () => {
  const server = createServer(() => interrupted.abort(new DOMException("SIGINT", "AbortError")));
  const interrupted = new AbortController();
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const { port } = server.address() as AddressInfo;
  const closed = new Promise((resolve) =>
    server.once("connection", (socket) => socket.once("close", resolve)),
  );
  await writeFile(join(cwd, "lines"), line(1));
  const run = singleCommand(registerEvents, ["events", "verify", "lines", "--region", "eu"], {
    cwd,
    env: { KONNECT_SERVER_URL: `http://127.0.0.1:${port}/{region}` },
    signal: interrupted.signal,
  });
  await expect(run).rejects.toMatchObject({ name: "AbortError" });
  await closed;
  server.close();
});

test.each([
  ["parse", ["events", "parse", "-"]],
  ["verify", ["events", "verify", "-", "--jwks", "jwks.json"]],
])("events %s gives up at once, although nothing more comes from stdin", async (_, args) => {
  const stop = new AbortController();
  const reason = new DOMException("SIGINT", "AbortError");
  async function* silent() {
    yield Buffer.from(`${line(1)}\n`);
    stop.abort(reason);
    await new Promise(() => undefined);
  }
  const run = singleCommand(registerEvents, args, { cwd, stdin: silent(), signal: stop.signal });
  await expect(run).rejects.toBe(reason);
});

test("events parse prints nothing that steers a terminal, and loses nothing", async () => {
  const raw = signedLine(key, webhookRead({ user_agent: "a\u202eb\u200bc\u009b31m" }));
  await writeFile(join(cwd, "lines"), raw);
  const { stdout } = await singleCommand(registerEvents, ["events", "parse", "lines"], { cwd });
  expect(stdout).not.toMatch(/[\u202e\u200b\u009b]/);
  expect(JSON.parse(stdout).raw).toBe(raw);
});

describe("events verify of a store", () => {
  test("finds it complete, and says what is left open", async () => {
    await store(5);
    const run = await verifyStore();
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("records 1 to 5 are complete and in order");
    expect(run.stdout).toContain("cut off behind them can't be seen");
  });

  test.each([
    ["removed", (lines: string[]) => lines.toSpliced(1, 2)],
    ["put in another order", (lines: string[]) => [...lines.slice(1), lines[0] ?? ""]],
    ["repeated", (lines: string[]) => [...lines, lines[1] ?? ""]],
    ["added", (lines: string[]) => lines.toSpliced(2, 0, JSON.stringify(stored(9)))],
    ["given another time", (lines: string[]) => lines.map((text) => text.replace("1970", "1980"))],
  ])("finds lines that were %s", async (_, change) => {
    await store(5);
    await edit("lines", change);
    const run = await verifyStore();
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain("The chain is broken");
  });

  test("finds lines that were removed from a file that was moved aside", async () => {
    await store(6, 2_500);
    expect((await verifyStore()).stdout).toContain("records 1 to 6 are complete");
    await edit("lines.1", (lines) => lines.slice(0, -1));
    const run = await verifyStore();
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain("before lines line 1");
    const alone = await verifyStore("--no-rotated");
    expect(alone.exitCode).toBe(0);
    expect(alone.stdout).toMatch(/records before number \d are not here/);
  });

  test("finds that the end was cut off, by a hash that was noted", async () => {
    await store(5);
    const hash = /chain-through: (\S+)/.exec((await verifyStore()).stdout)?.[1] ?? "";
    expect((await verifyStore("--chain-through", hash)).exitCode).toBe(0);
    await edit("lines", (lines) => lines.slice(0, -1));
    expect((await verifyStore()).exitCode).toBe(0);
    expect((await verifyStore("--chain-through", hash)).exitCode).toBe(2);
  });

  test("passes over a torn line, and says so", async () => {
    await store(2);
    await appendFile(join(cwd, "lines"), JSON.stringify(stored(9)).slice(0, -30));
    await store(1);
    const run = await verifyStore();
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("line 3: cut off");
    expect(run.stdout).toContain("records 1 to 3 are complete");
  });

  test.each([
    ["another principal", { event: { ...stored(1).event, principal_id: "attacker" } }],
    ["none", { event: { ...stored(1).event, principal_id: undefined } }],
    ["another kind", { kind: "access" }],
    ["another probe", { probe_id: "forged" }],
  ])("finds a decoded event with %s than the signed line", async (_, change) => {
    const run = await verify(`${JSON.stringify({ ...stored(1), ...change })}\n`);
    expect(run.exitCode).toBe(2);
    expect(run.stdout).toContain("line 1: altered: the decoded event differs from the signed line");
  });

  test("of an older version is verified without a chain, and what that leaves open is said", async () => {
    const run = await verify(`${JSON.stringify(stored(1))}\n${JSON.stringify(stored(2))}\n`);
    expect(run.exitCode).toBe(0);
    expect(run.stdout).toContain("2 stored lines are in no chain");
  });
});
