import { link, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { hostname } from "node:os";
import { basename, dirname, join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { parseJson } from "./json.js";
import { isProcessAlive, ownIdentity, type ProcessIdentity } from "./process-identity.js";
import { systemCode } from "./system-error.js";

/** Another process holds the lock. */
export class FileLockedError extends Error {
  override readonly name = "FileLockedError";

  constructor(
    /** Who it is, such as `process 4711`. */
    readonly holder: string,
    /** The lock's own file. */
    readonly lockFile: string,
  ) {
    super(`locked by ${holder}`);
  }
}

/** A file that is reserved for this process. */
export interface FileLock {
  /**
   * Makes the lock's file again if somebody has removed it.
   *
   * @throws FileLockedError when another process holds the lock by now
   */
  renew(): Promise<void>;
  release(): Promise<void>;
}

interface Holder extends ProcessIdentity {
  host: string;
}

/** Locks of this process, where the kernel does not tell when a process began. */
const own = new Set<string>();
const mostTries = 50;

/**
 * Reserves a file for one process of a machine, by files `.{name}.lock.{number}` beside it.
 *
 * The lock of a process that is gone, after a kill -9 say, is taken over. A stale lock is never replaced, which two starters
 * could do to one another: each makes a file of the next number, which only one can, and holds the lock if no other file's
 * process is alive then. A lock of another host is taken to be held, since nothing tells whether its process is alive.
 *
 * @param file its real path, so that all names of the file mean one lock
 * @throws FileLockedError, or Node's error when the folder can't be written to
 */
export async function lockFile(file: string): Promise<FileLock> {
  const folder = dirname(file);
  const prefix = `.${basename(file)}.lock.`;
  let number = await take(folder, prefix);
  const path = () => join(folder, `${prefix}${number}`);
  const held = await aliveAmong(await locksOfOtherNames(file));
  if (held) {
    own.delete(path());
    await rm(path(), { force: true });
    throw held;
  }
  return {
    async renew() {
      if (await readHolder(path())) return;
      own.delete(path());
      number = await take(folder, prefix);
    },
    async release() {
      own.delete(path());
      await rm(path(), { force: true });
    },
  };
}

/** The locks of the names that a file has besides its own in a folder: hard links. */
async function locksOfOtherNames(file: string): Promise<string[]> {
  const { dev, ino, nlink = 1 } = (await stat(file).catch(() => undefined)) ?? {};
  if (nlink === 1) return [];
  const folder = dirname(file);
  const locks: string[] = [];
  for (const name of await readdir(folder)) {
    if (name === basename(file)) continue;
    const other = await stat(join(folder, name)).catch(() => undefined);
    if (!other || other.dev !== dev || other.ino !== ino) continue;
    const prefix = `.${name}.lock.`;
    locks.push(...(await numbers(folder, prefix)).map((each) => join(folder, `${prefix}${each}`)));
  }
  return locks;
}

async function take(folder: string, prefix: string): Promise<number> {
  const name = (number: number) => join(folder, `${prefix}${number}`);
  let held: FileLockedError | undefined;
  for (let tries = 0; tries < mostTries; tries++) {
    const before = await numbers(folder, prefix);
    held = await aliveAmong(before.map(name));
    if (held) throw held;
    const number = (before.at(-1) ?? 0) + 1;
    if (!(await create(name(number)))) continue;
    own.add(name(number));
    const others = (await numbers(folder, prefix)).filter((other) => other !== number).map(name);
    held = await aliveAmong(others);
    if (!held) {
      await Promise.all(others.map((other) => rm(other, { force: true })));
      return number;
    }
    // Two were about to take it: both give way, and one of them will be first the next time.
    own.delete(name(number));
    await rm(name(number), { force: true });
    await pause(process.pid % 17);
  }
  throw held ?? new FileLockedError("a process that comes and goes", name(1));
}

async function numbers(folder: string, prefix: string): Promise<number[]> {
  const names = (await readdir(folder)).filter((name) => name.startsWith(prefix));
  const found = names
    .map((name) => name.slice(prefix.length))
    .filter((end) => /^\d{1,15}$/.test(end));
  return found.map(Number).sort((a, b) => a - b);
}

/** Makes a lock's file with all of its content at once, so that no reader finds half of it. */
async function create(path: string): Promise<boolean> {
  const holder: Holder = { ...(await ownIdentity()), host: hostname() };
  const text = `${JSON.stringify(holder)}\n`;
  const draft = `${path}.${process.pid}.draft`;
  try {
    await writeFile(draft, text, { mode: 0o600 });
    await link(draft, path);
    return true;
  } catch (error) {
    const code = systemCode(error);
    if (code === "EEXIST") return false;
    if (!["EPERM", "ENOSYS", "ENOTSUP", "EOPNOTSUPP"].includes(code)) throw error;
    return createWithoutLink(path, text); // A file system without links.
  } finally {
    await rm(draft, { force: true }).catch(() => undefined);
  }
}

async function createWithoutLink(path: string, text: string): Promise<boolean> {
  try {
    await writeFile(path, text, { mode: 0o600, flag: "wx" });
    return true;
  } catch (error) {
    if (systemCode(error) === "EEXIST") return false;
    throw error;
  }
}

async function aliveAmong(paths: readonly string[]): Promise<FileLockedError | undefined> {
  for (const path of paths.toReversed()) {
    const holder = await readHolder(path);
    if (holder && (await holds(holder, path))) return new FileLockedError(nameOf(holder), path);
  }
  return undefined;
}

async function readHolder(path: string): Promise<Holder | undefined> {
  const text = await readFile(path, "utf8").catch((error) => {
    if (systemCode(error) === "ENOENT") return "";
    throw error;
  });
  const holder = parseJson(text) as Partial<Holder> | null | undefined;
  const { pid = 0, host, began = null } = holder ?? {};
  if (!Number.isSafeInteger(pid) || pid <= 0 || typeof host !== "string") return undefined;
  return { pid, host, began };
}

async function holds(holder: Holder, path: string): Promise<boolean> {
  if (holder.host !== hostname()) return true;
  // Where the kernel does not tell, an earlier process may have had our id.
  if (holder.pid === process.pid && holder.began === null) return own.has(path);
  return isProcessAlive(holder);
}

function nameOf({ pid, host }: Holder): string {
  return host === hostname() ? `process ${pid}` : `process ${pid} on ${host}`;
}
