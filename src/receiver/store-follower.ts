import type { Stats } from "node:fs";
import { type FileHandle, readdir, realpath } from "node:fs/promises";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { NoRegularFileError, openRegularFile } from "../core/regular-file.js";
import { systemCode } from "../core/system-error.js";
import { receiverErrors } from "./errors.js";
import { type RawLine, readLines } from "./line-reader.js";

/** A line that was added to a store. */
export interface FollowedLine extends RawLine {
  /** The name that the line's file has now. */
  file: string;
}

interface Opened {
  path: string;
  file: FileHandle;
  stats: Stats;
  /** Where the reading goes on, and after how many lines. */
  position: number;
  line: number;
}

/** How far a store was read. */
interface Reached {
  dev: number;
  ino: number;
  position: number;
  line: number;
  /** What stands before the position: another file may have the same name, and even the same inode. */
  before: Buffer;
}

const bytesRemembered = 256;
const chunkSize = 1024 * 1024;

/** A rotation that is under way leaves a gap of one in the numbers of files; one that a crash has ended leaves it there. */
const widestGap = 16;
const mostRotated = 1_000;

/**
 * Reads what is added to the file that `listen --store` writes, wherever a rotation has moved it since the last look: the rest
 * of the former file comes first, then what was moved aside in between, then the present file.
 */
export class StoreFollower {
  readonly #path: string;
  #reached: Reached | undefined;

  constructor(path: string) {
    this.#path = path;
  }

  /** Passes over what is there. */
  async skip(options: { signal?: AbortSignal | undefined } = {}): Promise<void> {
    await this.#guarded(async () => {
      const current = await this.#openCurrent(options.signal);
      try {
        if (!current) throw receiverErrors.evidenceFileUnreadable(this.#path, "ENOENT");
        await this.#remember(current, { position: current.stats.size, line: 0 });
      } finally {
        await current?.file.close();
      }
    });
  }

  /**
   * Reads the lines that were added since the last look; half a line waits for its other half, unless its file was moved
   * aside: then it comes as one that has not ended.
   *
   * @throws ReceiverError `EVIDENCE_FILE_UNREADABLE`
   */
  async *read({ signal }: { signal?: AbortSignal | undefined } = {}): AsyncGenerator<FollowedLine> {
    const files = await this.#guarded(() => this.#openFiles(signal));
    try {
      for (const [index, opened] of files.entries()) {
        yield* this.#readFile(opened, { isLast: index === files.length - 1, signal });
      }
    } finally {
      await closeAll(files);
    }
  }

  async *#readFile(
    opened: Opened,
    { isLast, signal }: { isLast: boolean; signal: AbortSignal | undefined },
  ): AsyncGenerator<FollowedLine> {
    let position = opened.position;
    let count = opened.line;
    let unread = 0;
    const chunks = async function* () {
      for (let at = position; at < opened.stats.size; ) {
        signal?.throwIfAborted();
        const length = Math.min(chunkSize, opened.stats.size - at);
        const { buffer, bytesRead } = await opened.file.read(Buffer.alloc(length), 0, length, at);
        if (bytesRead === 0) return;
        at += bytesRead;
        const read = buffer.subarray(0, bytesRead);
        const lastBreak = read.lastIndexOf(0x0a);
        unread = lastBreak < 0 ? unread + bytesRead : bytesRead - lastBreak - 1;
        position = at;
        yield read;
      }
    };
    const lines = readLines(chunks());
    for (;;) {
      const next = await this.#guarded(() => lines.next());
      if (next.done) break;
      if (!next.value.ended && isLast) break;
      count += 1;
      yield { ...next.value, number: count, file: opened.path };
    }
    await this.#guarded(() => this.#remember(opened, { position: position - unread, line: count }));
  }

  async #remember(
    { file, stats }: Opened,
    { position, line }: { position: number; line: number },
  ): Promise<void> {
    const { dev, ino } = stats;
    this.#reached = { dev, ino, position, line, before: await bytesBefore(file, position) };
  }

  /** The files that hold what was added, the oldest first. */
  async #openFiles(signal: AbortSignal | undefined): Promise<Opened[]> {
    const current = await this.#openCurrent(signal);
    const opened = current ? [current] : [];
    try {
      const files = await this.#withFormer(opened);
      if (files.length === 0) throw receiverErrors.evidenceFileUnreadable(this.#path, "ENOENT");
      return files;
    } catch (error) {
      await closeAll(opened);
      throw error;
    }
  }

  /** @param opened is added to, so that the caller can close all of them */
  async #withFormer(opened: Opened[]): Promise<Opened[]> {
    const reached = this.#reached;
    const [current] = opened;
    if (!reached || (current && (await goesOnIn(current, reached)))) return opened;
    const path = await realPath(this.#path);
    for (let number = 1, gap = 0; number <= mostRotated && gap < widestGap; number++) {
      const file = await openIfThere(`${path}.${number}`);
      gap = file ? 0 : gap + 1;
      if (!file) continue;
      // A rotation under way may show the same file under two numbers.
      if (opened.some(({ stats }) => isSame(stats, file.stats))) {
        await file.file.close();
        continue;
      }
      opened.push(file);
      if (await goesOnIn(file, reached)) return opened.reverse();
    }
    // Another program may have moved it aside, to a name of its own.
    const numbered = opened.splice(current ? 1 : 0);
    await closeAll(numbered);
    const elsewhere = await findAmong(await namesBeside(path), reached);
    if (elsewhere) opened.unshift(elsewhere);
    return opened;
  }

  /** The present file; between a rotation's two steps there is none for a moment. */
  async #openCurrent(signal: AbortSignal | undefined): Promise<Opened | undefined> {
    for (let tries = 0; tries < 5; tries++) {
      const current = await openIfThere(this.#path);
      if (current) return current;
      signal?.throwIfAborted();
      await pause(5);
    }
    return undefined;
  }

  async #guarded<Result>(work: () => Promise<Result>): Promise<Result> {
    try {
      return await work();
    } catch (cause) {
      if (cause instanceof Error && ["ReceiverError", "AbortError"].includes(cause.name)) {
        throw cause;
      }
      const reason = cause instanceof NoRegularFileError ? cause.message : systemCode(cause);
      throw receiverErrors.evidenceFileUnreadable(this.#path, reason, cause);
    }
  }
}

/** True if the file is the one that was read, however it is called now; its position is set to where the reading goes on. */
async function goesOnIn(opened: Opened, reached: Reached): Promise<boolean> {
  if (opened.stats.size < reached.position) return false;
  // A copy may go on as well, but the beginning of one tells nothing.
  if (reached.position === 0 && !isSame(opened.stats, reached)) return false;
  const before = await bytesBefore(opened.file, reached.position);
  if (!before.equals(reached.before)) return false;
  opened.position = reached.position;
  opened.line = reached.line;
  return true;
}

async function findAmong(paths: readonly string[], reached: Reached): Promise<Opened | undefined> {
  for (const path of paths) {
    const file = await openIfThere(path).catch(() => undefined);
    if (!file) continue;
    if (isSame(file.stats, reached) && (await goesOnIn(file, reached))) return file;
    await file.file.close();
  }
  return undefined;
}

async function namesBeside(path: string): Promise<string[]> {
  const names = await readdir(dirname(path)).catch(() => []);
  const related = names.filter((name) => name.startsWith(basename(path)));
  return related.map((name) => join(dirname(path), name)).filter((name) => name !== path);
}

async function openIfThere(path: string): Promise<Opened | undefined> {
  try {
    return { path, ...(await openRegularFile(path)), position: 0, line: 0 };
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw error;
  }
}

async function bytesBefore(file: FileHandle, position: number): Promise<Buffer> {
  const length = Math.min(bytesRemembered, position);
  const { buffer, bytesRead } = await file.read(Buffer.alloc(length), 0, length, position - length);
  return buffer.subarray(0, bytesRead);
}

function isSame(one: { dev: number; ino: number }, other: { dev: number; ino: number }): boolean {
  return one.dev === other.dev && one.ino === other.ino;
}

/** Rotated files lie beside the file that a link leads to. */
async function realPath(path: string): Promise<string> {
  return realpath(path).catch(() => path);
}

async function closeAll(files: readonly Opened[]): Promise<void> {
  await Promise.all(files.map(({ file }) => file.close().catch(() => undefined)));
}
