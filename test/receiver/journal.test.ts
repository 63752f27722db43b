import { appendFile, mkdtemp, readFile, rm, stat } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { fileEvidence } from "../../src/receiver/evidence-source.js";
import { Journal } from "../../src/receiver/journal.js";
import { probeUserAgent } from "../../src/receiver/probe-marker.js";
import { receivedEvent } from "../../src/receiver/received-event.js";
import { readSeal } from "../../src/receiver/store-chain.js";
import { signedLine, testKey, webhookRead } from "./deliveries.js";

let folder: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-journal-"));
});

afterEach(() => rm(folder, { recursive: true, force: true }));

describe("a journal", () => {
  test("holds every appended line once and in order, however the appends overlap", async () => {
    let run = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.array(fc.string(), { maxLength: 5 })), async (batches) => {
        const path = join(folder, `events-${run++}.ndjson`);
        const journal = await Journal.open({ path });
        const lines = batches.map((batch) => batch.map((text) => JSON.stringify({ text })));
        await Promise.all(lines.map((batch) => journal.append(batch)));
        await journal.close();
        const written = (await readFile(path, "utf8")).split("\n").slice(0, -1);
        expect(written.map((line) => readSeal(line)?.record)).toEqual(lines.flat());
      }),
      { numRuns: 30 },
    );
  });

  test("can be read by its owner only", async () => {
    const path = join(folder, "events.ndjson");
    await (await Journal.open({ path })).close();
    expect((await stat(path)).mode & 0o777).toBe(0o600);
  });

  test("starts a new line after one that a crash cut off", async () => {
    const path = join(folder, "events.ndjson");
    await appendFile(path, '{"whole":1}\n{"cut o');
    const journal = await Journal.open({ path });
    await journal.append(['{"whole":2}']);
    await journal.close();
    expect(await readFile(path, "utf8")).toMatch(
      /^{"whole":1}\n{"cut o\n{"whole":2,"chain":{"number":1,"hash":"[\w-]{43}"}}\n$/,
    );
  });

  test("moves full files aside and keeps as many as it was told", async () => {
    const path = join(folder, "events.ndjson");
    const journal = await Journal.open({ path, rotateSize: 100, rotateKeep: 2 });
    for (const line of ["first", "second", "third", "fourth"]) {
      await journal.append([JSON.stringify({ line })]);
    }
    await journal.close();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ line: "fourth" });
    expect(JSON.parse(await readFile(`${path}.1`, "utf8"))).toMatchObject({ line: "third" });
    expect(JSON.parse(await readFile(`${path}.2`, "utf8"))).toMatchObject({ line: "second" });
    await expect(stat(`${path}.3`)).rejects.toMatchObject({ code: "ENOENT" });
  });

  test("in a folder that does not exist is an error that names the file", async () => {
    const path = join(folder, "missing", "events.ndjson");
    await expect(Journal.open({ path })).rejects.toMatchObject({
      code: "RECEIVER_JOURNAL_UNWRITABLE",
      message: expect.stringContaining(path),
    });
  });
});

describe("evidence in a journal", () => {
  const { key } = testKey();
  const record = (probeId: string) => {
    const line = signedLine(key, webhookRead({ user_agent: probeUserAgent(probeId) }));
    const verdict = { outcome: "valid", kid: key.jwk.kid } as const;
    return JSON.stringify(receivedEvent(Buffer.from(line), verdict, 0));
  };

  test("is found as it is appended, across a rotation and never in half a line", async () => {
    const path = join(folder, "events.ndjson");
    const evidence = fileEvidence(path);
    const count = async (probeId: string) => (await evidence(probeId)).events.length;
    await appendFile(path, `${record("a")}\n`);
    expect(await count("a")).toBe(1);
    const [half, rest] = [record("b").slice(0, 50), record("b").slice(50)];
    await appendFile(path, half);
    expect(await count("b")).toBe(0);
    await appendFile(path, `${rest}\n`);
    expect(await count("b")).toBe(1);
    await rm(path);
    await appendFile(path, `${record("c")}\n`);
    expect(await count("c")).toBe(1);
    expect(await count("a")).toBe(1);
  });

  test("in a file that is missing or holds something else is an error", async () => {
    const missing = fileEvidence(join(folder, "missing.ndjson"));
    await expect(missing("a")).rejects.toMatchObject({ code: "EVIDENCE_FILE_UNREADABLE" });
    const path = join(folder, "other.ndjson");
    await appendFile(path, '{"probe_id":"a"}\n');
    await expect(fileEvidence(path)("a")).rejects.toMatchObject({
      code: "EVIDENCE_FILE_UNREADABLE",
    });
  });
});
