import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.js";
import { matchesFilter } from "../../src/receiver/filter.js";
import { KeyRing } from "../../src/receiver/key-ring.js";
import { type ReceivedEvent, receivedEvent } from "../../src/receiver/received-event.js";
import { readStoredLines } from "../../src/receiver/stored-lines.js";
import { signedLine, testKey, webhookRead } from "./deliveries.js";

let folder: string;
const { key, source } = testKey();

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-stored-"));
});

afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: string | Buffer): Promise<[number, ReceivedEvent][]> {
  const path = join(folder, "events");
  await writeFile(path, content);
  const keys = new KeyRing({ source, clock: systemClock });
  const all: [number, ReceivedEvent][] = [];
  for await (const line of readStoredLines(path, { keys, now: 0 })) {
    if (line.received) all.push([line.number, line.received]);
  }
  return all;
}

describe("stored lines", () => {
  const good = signedLine(key);
  const forged = good.replace("granted=true", "granted=nope");

  test("are verified anew, with blank lines and line endings of any kind", async () => {
    const lines = await read(
      `${good}\r\n\n${forged}\nno event\n${signedLine(key, undefined, "json")}`,
    );
    expect(lines.map(([number, { signature }]) => [number, signature])).toEqual([
      [1, "valid"],
      [3, "invalid"],
      [4, "unsigned"],
      [5, "valid"],
    ]);
  });

  test("that `listen` has written are taken out of their wrapping; its verdict is not believed", async () => {
    const stored = receivedEvent(Buffer.from(forged), { outcome: "valid", kid: "x" }, 1_000);
    const [line] = await read(`${JSON.stringify(stored)}\n`);
    expect(line?.[1]).toMatchObject({
      raw: forged,
      signature: "invalid",
      received_at: stored.received_at,
    });
  });

  test("that are not UTF-8 are verified on their bytes", async () => {
    const bytes = Buffer.concat([Buffer.from(good), Buffer.from([0xff])]);
    const stored = receivedEvent(bytes, { outcome: "unsigned" }, 0);
    const [direct] = await read(bytes);
    const [wrapped] = await read(JSON.stringify(stored));
    expect(wrapped?.[1].raw_base64).toBe(direct?.[1].raw_base64);
    expect(wrapped?.[1].signature).toBe(direct?.[1].signature);
  });

  test("in a missing file are an error", async () => {
    const keys = new KeyRing({ source, clock: systemClock });
    const reading = readStoredLines(join(folder, "missing"), { keys, now: 0 }).next();
    await expect(reading).rejects.toMatchObject({ code: "EVIDENCE_FILE_UNREADABLE" });
  });
});

describe("a filter", () => {
  const event = (changes: Parameters<typeof webhookRead>[0]) =>
    receivedEvent(Buffer.from(signedLine(key, webhookRead(changes))), { outcome: "unsigned" }, 0);

  test.each([
    ["nothing", {}, {}, true],
    ["its kind", {}, { kinds: ["authorization", "access"] }, true],
    ["another kind", {}, { kinds: ["access"] }, false],
    ["its severity", { severity: 6 }, { minSeverity: 6 }, true],
    ["a higher severity", { severity: 1 }, { minSeverity: 6 }, false],
    ["its principal", { principal_id: "p1" }, { principal: "p1" }, true],
    [
      "a part of its principal's name",
      { principal_name: "A B (a@b.c)" },
      { principal: "a@b" },
      true,
    ],
    ["another principal", { principal_id: "p1" }, { principal: "p" }, false],
    ["a part of its user agent", { user_agent: "curl/8" }, { userAgent: "curl" }, true],
    ["another user agent", { user_agent: "curl/8" }, { userAgent: "wget" }, false],
  ])("for %s", (_name, changes, filter, matches) => {
    expect(matchesFilter(event(changes), filter)).toBe(matches);
  });

  test("lets a line through that is no audit event", () => {
    const received = receivedEvent(Buffer.from("garbage"), { outcome: "unsigned" }, 0);
    expect(matchesFilter(received, { kinds: ["access"], minSeverity: 10 })).toBe(true);
  });
});
