import { readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { basename, dirname, join } from "node:path";
import { emulatorErrors } from "../errors.js";

/** Files that emulators of this very process use: its id alone can't tell them from a former one's. */
const held = new Set<string>();

/**
 * Reserves a state file for one emulator of this machine, by a file `{file}.lock` with the process's id.
 *
 * A lock of a process that is gone, after a kill -9 say, is taken over.
 *
 * @returns gives it free again
 * @throws EmulatorError `EMULATOR_STATE_IN_USE` or `EMULATOR_STATE_UNWRITABLE`
 */
export function lockStateFile(file: string): () => void {
  const lock = `${canonical(file)}.lock`;
  if (held.has(lock)) throw emulatorErrors.stateInUse(file, lock, process.pid);
  if (!create(lock, file)) {
    const owner = readOwner(lock);
    if (owner !== undefined && isRunning(owner)) {
      throw emulatorErrors.stateInUse(file, lock, owner);
    }
    rmSync(lock, { force: true });
    // Whoever took it over in this moment is running.
    if (!create(lock, file)) throw emulatorErrors.stateInUse(file, lock, readOwner(lock));
  }
  held.add(lock);
  return () => {
    held.delete(lock);
    rmSync(lock, { force: true });
  };
}

/** One name for one file, whichever way it is called; a folder that is missing is reported by the write. */
function canonical(file: string): string {
  try {
    return join(realpathSync(dirname(file)), basename(file));
  } catch {
    return file;
  }
}

/** @returns whether there was no lock yet */
function create(lock: string, file: string): boolean {
  try {
    writeFileSync(lock, `${process.pid}\n`, { flag: "wx", mode: 0o600 });
    return true;
  } catch (error) {
    if (codeOf(error) === "EEXIST") return false;
    throw emulatorErrors.stateUnwritable(file, error);
  }
}

function readOwner(lock: string): number | undefined {
  try {
    const text = readFileSync(lock, "utf8").trim();
    return /^[1-9]\d*$/.test(text) ? Number(text) : undefined;
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

function isRunning(pid: number): boolean {
  // Not held by us, though it has our id: a former process had the same one, as in a restarted container.
  if (pid === process.pid) return false;
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return codeOf(error) === "EPERM"; // somebody else's, but running
  }
}

function codeOf(error: unknown): unknown {
  return error instanceof Error && "code" in error ? error.code : undefined;
}
