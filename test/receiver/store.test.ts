import { spawn } from "node:child_process";
import { once } from "node:events";
import {
  appendFile,
  link,
  mkdir,
  mkdtemp,
  readdir,
  readFile,
  rename,
  rm,
  symlink,
  writeFile,
} from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join, resolve } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { lockFile } from "../../src/core/file-lock.js";
import { isProcessAlive } from "../../src/core/process-identity.js";
import { readEventFile } from "../../src/receiver/event-file.js";
import { fileEvidence } from "../../src/receiver/evidence-source.js";
import { Journal } from "../../src/receiver/journal.js";
import { readLines } from "../../src/receiver/line-reader.js";
import { probeUserAgent } from "../../src/receiver/probe-marker.js";
import { receivedEvent } from "../../src/receiver/received-event.js";
import { ChainCheck, emptyChain, sealRecord } from "../../src/receiver/store-chain.js";
import { closeStore, openStore, type StoreFile } from "../../src/receiver/store-files.js";
import { StoreFollower } from "../../src/receiver/store-follower.js";
import { countInFile } from "../../src/verifier/arrivals.js";
import { signedLine, testKey, webhookRead } from "./deliveries.js";

const root = resolve(import.meta.dirname, "../..");
let folder: string;
let path: string;

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-store-"));
  path = join(folder, "events.ndjson");
});

afterEach(() => rm(folder, { recursive: true, force: true }));

const { key } = testKey();
const stored = (probeId: string) => {
  const line = signedLine(key, webhookRead({ user_agent: probeUserAgent(probeId) }));
  return JSON.stringify(receivedEvent(Buffer.from(line), { outcome: "valid", kid: "k" }, 0));
};
const texts = async (file: string) => (await readFile(file, "utf8")).split("\n").slice(0, -1);

/** Runs code in a process of its own until it says that it is ready. */
async function startProcess(code: string) {
  const child = spawn(process.execPath, ["--import", "tsx", "--input-type=module", "-e", code], {
    cwd: root,
    stdio: ["ignore", "pipe", "inherit"],
  });
  await once(child.stdout, "data");
  return child;
}

describe("a store", () => {
  test("belongs to one journal, whatever name it is given", async () => {
    const journal = await Journal.open({ path });
    await symlink(path, join(folder, "link.ndjson"));
    for (const name of ["events.ndjson", "link.ndjson"]) {
      await expect(Journal.open({ path: join(folder, name) })).rejects.toMatchObject({
        code: "RECEIVER_JOURNAL_IN_USE",
        message: expect.stringContaining(`process ${process.pid}`),
      });
    }
    await journal.close();
    await (await Journal.open({ path: join(folder, "link.ndjson") })).close();
    expect((await readdir(folder)).sort()).toEqual(["events.ndjson", "link.ndjson"]);
  });

  test("belongs to one journal by all of its names in a folder, hard links too", async () => {
    const journal = await Journal.open({ path });
    await link(path, join(folder, "hard.ndjson"));
    const second = Journal.open({ path: join(folder, "hard.ndjson") });
    await expect(second).rejects.toMatchObject({ code: "RECEIVER_JOURNAL_IN_USE" });
    await journal.close();
    await (await Journal.open({ path: join(folder, "hard.ndjson") })).close();
    expect((await readdir(folder)).sort()).toEqual(["events.ndjson", "hard.ndjson"]);
  });

  test.each([
    ["no process", { pid: 0, host: hostname(), began: null }],
    ["a group of processes", { pid: -1, host: hostname(), began: null }],
    ["no host", { pid: 1 }],
    ["a later process with the same id", { pid: 1, host: hostname(), began: "boot 1" }],
    ["nothing", null],
  ])("is not held by a lock that names %s", async (_, holder) => {
    await writeFile(join(folder, ".events.ndjson.lock.1"), JSON.stringify(holder));
    await (await Journal.open({ path })).close();
    expect(await readdir(folder)).toEqual(["events.ndjson"]);
  });

  test("is not held by a process that was killed and that its parent has not looked after", async () => {
    // A shell that becomes another program never asks for the end of the child that it has started.
    const parent = spawn("sh", ["-c", "sleep 0 & echo $!; exec sleep 60"], {
      stdio: ["ignore", "pipe", "inherit"],
    });
    const [text] = await once(parent.stdout, "data");
    const pid = Number(String(text));
    await vi.waitFor(async () => {
      expect(await readFile(`/proc/${pid}/stat`, "utf8")).toMatch(/\) Z /);
    });
    expect(await isProcessAlive({ pid, began: null })).toBe(false);
    expect(await isProcessAlive({ pid: Number(parent.pid), began: null })).toBe(true);
    parent.kill();
  });

  test("of a process that was killed is taken over, of a living one it is not", async () => {
    const holder = await startProcess(
      `import { lockFile } from "./src/core/file-lock.ts"; await lockFile(${JSON.stringify(path)}); console.log("ready"); setInterval(() => {}, 1000);`,
    );
    await expect(lockFile(path)).rejects.toMatchObject({ holder: `process ${holder.pid}` });
    holder.kill("SIGKILL");
    await once(holder, "exit");
    const attempts = await Promise.allSettled(Array.from({ length: 8 }, () => lockFile(path)));
    expect(attempts.filter(({ status }) => status === "fulfilled")).toHaveLength(1);
  });

  test("that was removed or renamed while it is written to is made anew, and its chain goes on", async () => {
    const journal = await Journal.open({ path });
    await journal.append(['{"n":1}']);
    await rename(path, `${path}-20261127`);
    await journal.append(['{"n":2}']);
    await rm(path);
    await journal.append(['{"n":3}']);
    await journal.close();
    expect(JSON.parse(await readFile(path, "utf8"))).toMatchObject({ n: 3, chain: { number: 3 } });
  });

  test("whose folder is gone acknowledges nothing, and goes on once it is back", async () => {
    await mkdir(join(folder, "sub"));
    const journal = await Journal.open({ path: join(folder, "sub", "events.ndjson") });
    await journal.append(['{"n":1}']);
    await rm(join(folder, "sub"), { recursive: true });
    await expect(journal.append(['{"n":2}'])).rejects.toMatchObject({
      code: "RECEIVER_JOURNAL_UNWRITABLE",
    });
    await mkdir(join(folder, "sub"));
    await journal.append(['{"n":2}']);
    await journal.close();
    const [line] = await texts(join(folder, "sub", "events.ndjson"));
    expect(JSON.parse(line ?? "")).toMatchObject({ n: 2, chain: { number: 2 } });
  });

  test("that others have emptied gets no hole", async () => {
    const journal = await Journal.open({ path });
    await journal.append([JSON.stringify({ text: "x".repeat(500) })]);
    await writeFile(path, "");
    await journal.append(['{"n":2}']);
    await journal.close();
    expect(await readFile(path, "utf8")).toMatch(/^\{"n":2,/);
  });

  test("is no pipe", async () => {
    await once(spawn("mkfifo", [path]), "exit");
    await expect(Journal.open({ path })).rejects.toMatchObject({
      code: "RECEIVER_JOURNAL_UNWRITABLE",
    });
  });
});

describe("a chain", () => {
  test("goes on across restarts, torn lines and rotations", async () => {
    const check = new ChainCheck();
    for (let start = 0; start < 6; start++) {
      const journal = await Journal.open({ path, rotateSize: 300 });
      await journal.append([JSON.stringify({ start, n: 1 })]);
      await journal.append([JSON.stringify({ start, n: 2 })]);
      await journal.close();
      if (start === 2) await appendFile(path, '{"received_at":"20');
    }
    const files = (await readdir(folder)).sort().reverse();
    expect(files.length).toBeGreaterThan(2);
    for (const file of files) {
      for (const line of await texts(join(folder, file))) {
        if (line.endsWith("}")) check.add(line, file);
      }
    }
    expect(check.breaks).toEqual([]);
    expect(check.end?.number).toBe(12);
  });

  test("shows every edit but a cut at its end", () => {
    const edit = fc.oneof(
      fc.record({
        kind: fc.constant("remove" as const),
        at: fc.nat(),
        count: fc.integer({ min: 1, max: 3 }),
      }),
      fc.record({ kind: fc.constant("swap" as const), at: fc.nat() }),
      fc.record({ kind: fc.constant("repeat" as const), at: fc.nat() }),
      fc.record({ kind: fc.constant("add" as const), at: fc.nat() }),
      fc.record({ kind: fc.constant("alter" as const), at: fc.nat() }),
    );
    fc.assert(
      fc.property(fc.array(fc.string(), { minLength: 3, maxLength: 12 }), edit, (words, change) => {
        let end = emptyChain;
        const lines = words.map((word, index) => {
          const sealed = sealRecord(JSON.stringify({ index, word }), end);
          end = sealed.end;
          return sealed.line;
        });
        const edited = [...lines];
        const at = change.at % (lines.length - 1);
        if (change.kind === "remove")
          edited.splice(at, Math.min(change.count, lines.length - 1 - at));
        if (change.kind === "swap") edited.splice(at, 2, edited[at + 1] ?? "", edited[at] ?? "");
        if (change.kind === "repeat") edited.splice(at, 0, edited[at] ?? "");
        if (change.kind === "add") edited.splice(at + 1, 0, '{"index":-1}');
        if (change.kind === "alter")
          edited[at] = (edited[at] ?? "").replace('"index":', '"index": ');
        const check = (all: readonly string[]) => {
          const chain = new ChainCheck(end.hash);
          for (const line of all) chain.add(line, "line");
          // The first records may have been moved aside: their number tells.
          return chain.breakCount > 0 || chain.firstNumber !== 1 || !chain.expectedSeen;
        };
        expect(check(lines)).toBe(false);
        expect(check(edited)).toBe(true);
        expect(check(lines.slice(0, -1))).toBe(true);
      }),
    );
  });
});

describe("lines of bytes", () => {
  test("are the same wherever the chunks are cut, and none is longer than it may be", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.string({ maxLength: 30 }).map((text) => text.replace(/[\r\n]/g, ""))),
        fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1 }),
        fc.boolean(),
        async (words, sizes, ended) => {
          const bytes = Buffer.from(words.join("\n") + (ended ? "\n" : ""));
          const chunks = async function* () {
            for (let at = 0, turn = 0; at < bytes.length; turn++) {
              const size = sizes[turn % sizes.length] ?? 1;
              yield bytes.subarray(at, at + size);
              at += size;
            }
          };
          const expected = bytes.toString().split("\n");
          if (expected.at(-1) === "") expected.pop();
          const got: [string, number | undefined][] = [];
          for await (const line of readLines(chunks(), { longest: 12 })) {
            got.push([line.bytes.toString(), line.tooLong]);
          }
          const shown = expected.map((text) => {
            const length = Buffer.byteLength(text);
            return length > 12 ? ["", length] : [text, undefined];
          });
          expect(got).toEqual(shown);
        },
      ),
    );
  });

  test("without an end are an error", async () => {
    const zeros = async function* () {
      for (;;) yield Buffer.alloc(1000);
    };
    const reading = readLines(zeros(), { longest: 10, endless: 10_000 }).next();
    await expect(reading).rejects.toMatchObject({ code: "ENDLESS_LINE" });
  });
});

describe("a store that is followed", () => {
  test("gives every line once and in order, however it is rotated between the looks", async () => {
    const step = fc.constantFrom("append", "append", "rotate", "look", "tear", "rename", "halfway");
    await fc.assert(
      fc.asyncProperty(fc.array(step, { maxLength: 30 }), async (steps) => {
        const file = join(await mkdtemp(join(folder, "run-")), "s.ndjson");
        await writeFile(file, "");
        const follower = new StoreFollower(file);
        const seen: string[] = [];
        const look = async () => {
          for await (const { bytes, ended } of follower.read()) if (ended) seen.push(String(bytes));
        };
        await look();
        const rotate = async (last: boolean) => {
          for (let number = 30; number >= 0; number--) {
            if (number === 0 && !last) return;
            const from = number === 0 ? file : `${file}.${number}`;
            await rename(from, `${file}.${number + 1}`).catch(() => undefined);
          }
          await appendFile(file, "");
        };
        let count = 0;
        for (const kind of steps) {
          if (kind === "append") await appendFile(file, `line ${count++}\n`);
          if (kind === "tear")
            await appendFile(file, `line ${count++}`).then(() => appendFile(file, "\n"));
          if (kind === "rotate") await rotate(true);
          // Numbers are moved on, the file itself not yet.
          if (kind === "halfway") await rotate(false);
          if (kind === "look") await look();
          if (kind === "rename") {
            await look();
            await appendFile(file, `line ${count++}\n`);
            await rename(file, `${file}-2026`);
            await appendFile(file, `line ${count++}\n`);
            await look();
          }
        }
        await look();
        expect(seen).toEqual(Array.from({ length: count }, (_, index) => `line ${index}`));
      }),
      { numRuns: 60 },
    );
  });

  test("tells a new file from the old one though name and inode are the same", async () => {
    await writeFile(path, "old 1\nold 2\n");
    const follower = new StoreFollower(path);
    const look = async () => {
      const seen: string[] = [];
      for await (const { bytes } of follower.read()) seen.push(String(bytes));
      return seen;
    };
    expect(await look()).toEqual(["old 1", "old 2"]);
    await writeFile(path, "new 1\nnew 2\nnew 3\n");
    expect(await look()).toEqual(["new 1", "new 2", "new 3"]);
  });

  test("counts what was added, across a rotation", async () => {
    await writeFile(path, "a\n");
    const count = await countInFile(path)();
    await appendFile(path, "b\n");
    await rename(path, `${path}.1`);
    await writeFile(path, "c\nd\n");
    expect(await count()).toEqual({ new_events: 3, known_events: null });
  });
});

describe("the files of a store", () => {
  const chainOf = async (files: readonly StoreFile[], follow: ChainCheck) => {
    for (const { path: name, file } of files) {
      for await (const { bytes, number } of readLines(readEventFile(name, { file }))) {
        follow.add(bytes.toString("utf8"), `${name} line ${number}`);
      }
    }
    return follow;
  };

  test.each<[string, number]>([
    ["after the first", 1],
    ["after many", 12],
  ])("hold every line though rotations come between opening and reading (%s)", async (_, more) => {
    const journal = await Journal.open({ path, rotateSize: 1, rotateKeep: 50 });
    for (let index = 0; index < 20; index++) await journal.append(['{"n":1}']);
    const files = await openStore(path, {});
    for (let index = 0; index < more; index++) await journal.append(['{"n":2}']);
    const chain = await chainOf(files, new ChainCheck());
    await closeStore(files);
    expect(chain).toMatchObject({ records: 20, breakCount: 0, firstNumber: 1 });
    await journal.close();
  });

  test.each<[string, () => Promise<void>]>([
    ["a number is free, as in the middle of a rotation", () => rename(`${path}.2`, `${path}.2a`)],
    ["the named file is not there yet", () => rm(path)],
    ["the named file is empty", () => writeFile(path, "")],
  ])("are found though %s", async (_, change) => {
    const journal = await Journal.open({ path, rotateSize: 1, rotateKeep: 50 });
    for (let index = 0; index < 5; index++) await journal.append(['{"n":1}']);
    await journal.close();
    await change();
    const files = await openStore(path, {});
    expect((await chainOf(files, new ChainCheck())).records).toBe(4);
    await closeStore(files);
  });

  test("are found beside the one that a link leads to", async () => {
    const journal = await Journal.open({ path, rotateSize: 1 });
    for (let index = 0; index < 3; index++) await journal.append(['{"n":1}']);
    await journal.close();
    await mkdir(join(folder, "other"));
    await symlink(path, join(folder, "other", "link"));
    const files = await openStore(join(folder, "other", "link"), {});
    expect(await chainOf(files, new ChainCheck())).toMatchObject({ records: 3, breakCount: 0 });
    await closeStore(files);
  });
});

describe("evidence in a store", () => {
  test("is found though a rotation, or two, came between two looks", async () => {
    await writeFile(path, `${stored("other")}\n`);
    const evidence = fileEvidence(path);
    await evidence("a");
    await appendFile(path, `${stored("a")}\n`);
    await rename(path, `${path}.1`);
    await writeFile(path, `${stored("b")}\n`);
    await rename(`${path}.1`, `${path}.2`);
    await rename(path, `${path}.1`);
    await writeFile(path, `${stored("c")}\n`);
    for (const probe of ["a", "b", "c"]) expect((await evidence(probe)).events).toHaveLength(1);
  });

  test("is found behind a torn line, which is counted and named", async () => {
    const torn = stored("a").slice(0, -40);
    await writeFile(path, `${stored("x")}\n${torn}\n${stored("b")}\n`);
    const evidence = await fileEvidence(path)("b");
    expect(evidence.events).toHaveLength(1);
    expect(evidence.notes?.[0]).toContain(`line 2 of ${path}`);
    expect(evidence.notes?.[0]).toMatch(/^1 /);
  });

  test("in what is no store is an error, at once", async () => {
    const fifo = join(folder, "fifo");
    await once(spawn("mkfifo", [fifo]), "exit");
    const raw = join(folder, "raw.log");
    await writeFile(raw, `${signedLine(key)}\n`);
    const reasons = {
      [folder]: "a folder",
      [fifo]: "a pipe",
      "/dev/zero": "a device",
      [raw]: "none",
    };
    for (const [address, reason] of Object.entries(reasons)) {
      await expect(fileEvidence(address)("a")).rejects.toMatchObject({
        code: "EVIDENCE_FILE_UNREADABLE",
        message: expect.stringContaining(reason),
      });
    }
  });

  test("is given up when the caller gives up", async () => {
    await writeFile(path, `${stored("a")}\n`);
    const signal = AbortSignal.abort(new DOMException("enough", "AbortError"));
    await expect(fileEvidence(path)("a", { signal })).rejects.toMatchObject({ name: "AbortError" });
  });
});
