import { type FileHandle, open, realpath, rename, rm, stat } from "node:fs/promises";
import { dirname } from "node:path";
import { type FileLock, FileLockedError, lockFile } from "../core/file-lock.js";
import { systemCode } from "../core/system-error.js";
import { ReceiverError, receiverErrors } from "./errors.js";
import { type ChainEnd, emptyChain, readSeal, sealRecord } from "./store-chain.js";

export interface JournalOptions {
  path: string;
  /** Bytes after which the file becomes `<path>.1`, the one before it `<path>.2` and so on. @default 67108864 */
  rotateSize?: number | undefined;
  /** How many rotated files stay. @default 9 */
  rotateKeep?: number | undefined;
}

interface Entry {
  lines: readonly string[];
  /** Characters of all lines. */
  length: number;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

const noLock: FileLock = { renew: async () => undefined, release: async () => undefined };

/** Characters that are written and synced at once; lines of one append stay together. */
const mostAtOnce = 4 * 1024 * 1024;

/** How often a file may vanish while it is written to. */
const mostVanished = 3;

/**
 * An append-only file of JSON objects, a line each, that survives a crash and others' hands.
 *
 * Each line is sealed into a chain ({@link sealRecord}). Lines that are appended while the disk is busy share one write and
 * one sync. The file belongs to one journal at a time. One that was removed, renamed or cut is made anew with the next
 * append: nothing counts as appended that is not in a file that has a name.
 */
export class Journal {
  /** The real one: a symlink's name stands for another file, and rotation would move the link. */
  readonly #path: string;
  readonly #rotateSize: number;
  readonly #rotateKeep: number;
  readonly #lock: FileLock;
  #file: FileHandle;
  #end: ChainEnd;
  /** True if the file may end in what a failed append has left of it. */
  #untidy = false;
  #waiting: Entry[] = [];
  #writing: Promise<void> | undefined;

  private constructor(
    { rotateSize, rotateKeep }: JournalOptions,
    opened: { path: string; file: FileHandle; lock: FileLock; end: ChainEnd },
  ) {
    this.#path = opened.path;
    this.#rotateSize = rotateSize ?? 64 * 1024 * 1024;
    this.#rotateKeep = rotateKeep ?? 9;
    this.#lock = opened.lock;
    this.#file = opened.file;
    this.#end = opened.end;
  }

  /**
   * Opens the file, or makes it readable by its owner only.
   *
   * @throws ReceiverError `RECEIVER_JOURNAL_UNWRITABLE`, or `RECEIVER_JOURNAL_IN_USE` while another receiver has it
   */
  static async open(options: JournalOptions): Promise<Journal> {
    let file: FileHandle | undefined;
    let lock: FileLock | undefined;
    try {
      file = await openForAppend(options.path);
      const path = await realpath(options.path);
      // A device is nobody's, and its folder is no place for a lock.
      lock = (await file.stat()).isFile() ? await lockFile(path) : noLock;
      await endLastLine(file);
      const end = await chainEndOf(file, path);
      return new Journal(options, { path, file, lock, end });
    } catch (cause) {
      await file?.close();
      await lock?.release();
      throw unwritable(options.path, cause);
    }
  }

  /**
   * Appends lines; resolves when they are on the disk.
   *
   * @param lines JSON objects
   * @throws ReceiverError `RECEIVER_JOURNAL_UNWRITABLE`
   */
  append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return Promise.resolve();
    const length = lines.reduce((sum, line) => sum + line.length, 0);
    return new Promise((resolve, reject) => {
      this.#waiting.push({ lines, length, resolve, reject });
      this.#writing ??= this.#drain();
    });
  }

  /** Waits for what was appended and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
    await this.#lock.release();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#takeBatch();
      try {
        await this.#write(batch.flatMap(({ lines }) => lines));
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        const error = unwritable(this.#path, cause);
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same turn as the last look at the queue: an append in between would never be written.
    this.#writing = undefined;
  }

  #takeBatch(): Entry[] {
    let length = 0;
    let count = 0;
    for (const entry of this.#waiting) {
      length += entry.length;
      if (count > 0 && length > mostAtOnce) break;
      count += 1;
    }
    return this.#waiting.splice(0, count);
  }

  async #write(records: readonly string[]): Promise<void> {
    for (let vanished = 0; vanished < mostVanished; vanished++) {
      const { bytes, end } = this.#seal(records);
      await this.#prepare(bytes.length);
      await this.#appendBytes(bytes);
      // What is in a renamed file is still there; what is in a removed one is not.
      if ((await this.#file.stat()).nlink > 0) {
        this.#end = end;
        return;
      }
    }
    throw new Error("the file is removed again and again");
  }

  #seal(records: readonly string[]): { bytes: Buffer; end: ChainEnd } {
    let end = this.#end;
    const lines: string[] = [];
    for (const record of records) {
      const sealed = sealRecord(record, end);
      lines.push(sealed.line);
      end = sealed.end;
    }
    return { bytes: Buffer.from(`${lines.join("\n")}\n`, "utf8"), end };
  }

  /** Sees to it that the open file is the one with the name, ends in a whole line and has room. */
  async #prepare(length: number): Promise<void> {
    if (!(await this.#hasName())) await this.#reopen();
    if (this.#untidy) {
      await endLastLine(this.#file);
      this.#untidy = false;
    }
    const { size } = await this.#file.stat();
    if (size === 0 || size + length <= this.#rotateSize) return;
    await this.#shift();
    await this.#reopen();
  }

  async #hasName(): Promise<boolean> {
    const named = await stat(this.#path).catch(ignoreMissing);
    const { dev, ino } = await this.#file.stat();
    return named?.dev === dev && named.ino === ino;
  }

  async #reopen(): Promise<void> {
    const file = await openForAppend(this.#path);
    await this.#file.close().catch(() => undefined);
    this.#file = file;
    this.#untidy = true;
    await this.#lock.renew();
    await syncFolder(this.#path);
  }

  async #appendBytes(bytes: Buffer): Promise<void> {
    const { size: before } = await this.#file.stat();
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
    } catch (error) {
      // Part of the lines may be there: cut it off, or the repeated delivery would be glued to it.
      const { size: after } = await this.#file.stat();
      if (after > before) await this.#file.truncate(before).catch(() => undefined);
      this.#untidy = true;
      throw error;
    }
  }

  async #shift(): Promise<void> {
    const numbered = (number: number) => (number === 0 ? this.#path : `${this.#path}.${number}`);
    await rm(numbered(this.#rotateKeep), { force: true });
    for (let number = this.#rotateKeep - 1; number >= 0; number--) {
      await rename(numbered(number), numbered(number + 1)).catch(ignoreMissing);
    }
  }
}

function unwritable(path: string, cause: unknown): unknown {
  if (cause instanceof ReceiverError) return cause;
  if (cause instanceof FileLockedError) {
    return receiverErrors.journalInUse(path, cause.holder, cause.lockFile);
  }
  return receiverErrors.journalUnwritable(path, cause);
}

async function openForAppend(path: string): Promise<FileHandle> {
  const file = await open(path, "a+", 0o600);
  const stats = await file.stat();
  if (stats.isFile() || stats.isCharacterDevice()) return file;
  await file.close();
  throw receiverErrors.journalNoFile(path);
}

/** Ends a line that a crash cut off, so that the next one starts on its own. */
async function endLastLine(file: FileHandle): Promise<void> {
  const { size } = await file.stat();
  if (size === 0) return;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  if (last.toString() !== "\n") await file.appendFile("\n");
}

/** The end of the chain in a file, or in the one that was moved aside before it. */
async function chainEndOf(file: FileHandle, path: string): Promise<ChainEnd> {
  const end = await lastSeal(file);
  if (end) return end;
  const before = await open(`${path}.1`, "r").catch(ignoreMissing);
  if (!before) return emptyChain;
  try {
    return (await lastSeal(before)) ?? emptyChain;
  } finally {
    await before.close();
  }
}

const firstLook = 64 * 1024;
const mostLookedAt = 64 * 1024 * 1024;

/** The last record of a file that is in a chain; what a crash has cut off is passed over. */
async function lastSeal(file: FileHandle): Promise<ChainEnd | undefined> {
  const { size } = await file.stat();
  for (let length = firstLook; ; length *= 4) {
    const start = Math.max(0, size - length);
    const { buffer, bytesRead } = await file.read(
      Buffer.alloc(size - start),
      0,
      size - start,
      start,
    );
    for (const line of buffer.subarray(0, bytesRead).toString("utf8").split("\n").reverse()) {
      const found = readSeal(line);
      if (found) return { number: found.number, hash: found.hash };
    }
    if (start === 0 || length >= mostLookedAt) return undefined;
  }
}

/** A new file's name is on the disk only once its folder is. */
async function syncFolder(path: string): Promise<void> {
  const folder = await open(dirname(path), "r").catch(() => undefined); // Windows opens no folders.
  await folder?.sync().catch(() => undefined);
  await folder?.close();
}

function ignoreMissing(error: unknown): undefined {
  if (systemCode(error) === "ENOENT") return undefined;
  throw error;
}
