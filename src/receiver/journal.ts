import { type FileHandle, open, rename, rm } from "node:fs/promises";
import { receiverErrors } from "./errors.js";

export interface JournalOptions {
  path: string;
  /** Bytes after which the file becomes `<path>.1`, the one before it `<path>.2` and so on. @default 67108864 */
  rotateSize?: number | undefined;
  /** How many rotated files stay. @default 9 */
  rotateKeep?: number | undefined;
}

interface Entry {
  text: string;
  resolve: () => void;
  reject: (reason: unknown) => void;
}

/**
 * An append-only file of lines that survives a crash.
 *
 * Lines that are appended while the disk is busy share one write and one sync.
 */
export class Journal {
  readonly #path: string;
  readonly #rotateSize: number;
  readonly #rotateKeep: number;
  #file: FileHandle;
  #size: number;
  #waiting: Entry[] = [];
  #writing: Promise<void> | undefined;

  private constructor(options: JournalOptions, file: FileHandle, size: number) {
    this.#path = options.path;
    this.#rotateSize = options.rotateSize ?? 64 * 1024 * 1024;
    this.#rotateKeep = options.rotateKeep ?? 9;
    this.#file = file;
    this.#size = size;
  }

  /**
   * Opens the file, or makes it readable by its owner only.
   *
   * @throws ReceiverError `RECEIVER_JOURNAL_UNWRITABLE`
   */
  static async open(options: JournalOptions): Promise<Journal> {
    try {
      const file = await openForAppend(options.path);
      return new Journal(options, file, await endLastLine(file));
    } catch (cause) {
      throw receiverErrors.journalUnwritable(options.path, cause);
    }
  }

  /**
   * Appends lines; resolves when they are on the disk.
   *
   * @throws ReceiverError `RECEIVER_JOURNAL_UNWRITABLE`
   */
  append(lines: readonly string[]): Promise<void> {
    if (lines.length === 0) return Promise.resolve();
    return new Promise((resolve, reject) => {
      this.#waiting.push({ text: `${lines.join("\n")}\n`, resolve, reject });
      this.#writing ??= this.#drain();
    });
  }

  /** Waits for what was appended and closes the file. */
  async close(): Promise<void> {
    await this.#writing;
    await this.#file.close();
  }

  async #drain(): Promise<void> {
    while (this.#waiting.length > 0) {
      const batch = this.#waiting;
      this.#waiting = [];
      try {
        await this.#write(batch.map(({ text }) => text).join(""));
        for (const { resolve } of batch) resolve();
      } catch (cause) {
        const error = receiverErrors.journalUnwritable(this.#path, cause);
        for (const { reject } of batch) reject(error);
      }
    }
    // In the same turn as the last look at the queue: an append in between would never be written.
    this.#writing = undefined;
  }

  async #write(text: string): Promise<void> {
    const bytes = Buffer.from(text, "utf8");
    if (this.#size > 0 && this.#size + bytes.length > this.#rotateSize) await this.#rotate();
    try {
      await this.#file.appendFile(bytes);
      await this.#file.datasync();
      this.#size += bytes.length;
    } catch (error) {
      // Half of a line may be there: cut it off, or the repeated delivery would be glued to it.
      await this.#file.truncate(this.#size).catch(() => undefined);
      throw error;
    }
  }

  async #rotate(): Promise<void> {
    await this.#file.close();
    try {
      await this.#shift();
    } finally {
      // Also when a file could not be moved: the next delivery may find the reason gone.
      this.#file = await openForAppend(this.#path);
      this.#size = (await this.#file.stat()).size;
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

function openForAppend(path: string): Promise<FileHandle> {
  return open(path, "a+", 0o600);
}

/** Ends a line that a crash cut off, so that the next one starts on its own; answers the file's size. */
async function endLastLine(file: FileHandle): Promise<number> {
  const { size } = await file.stat();
  if (size === 0) return 0;
  const last = Buffer.alloc(1);
  await file.read(last, 0, 1, size - 1);
  if (last.toString() === "\n") return size;
  await file.appendFile("\n");
  return size + 1;
}

function ignoreMissing(error: NodeJS.ErrnoException): void {
  if (error.code !== "ENOENT") throw error;
}
