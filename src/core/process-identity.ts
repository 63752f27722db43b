import { readFile } from "node:fs/promises";
import { isAlive } from "./system-error.js";

/** A process, told from a later one with the same id. */
export interface ProcessIdentity {
  pid: number;
  /** When it began, as the kernel counts; `null` where the kernel does not tell. */
  began: string | null;
}

/** The identity of this process. */
export async function ownIdentity(): Promise<ProcessIdentity> {
  return { pid: process.pid, began: (await look(process.pid))?.began ?? null };
}

/**
 * True if a process of this machine is alive. One that was killed and that its parent has not looked after yet is not.
 *
 * Where the kernel does not tell when a process began, another one with the same id passes for it.
 */
export async function isProcessAlive({ pid, began }: ProcessIdentity): Promise<boolean> {
  // Signals to 0 and below reach whole groups of processes, which are always alive.
  if (!Number.isSafeInteger(pid) || pid <= 0) return false;
  const found = await look(pid);
  if (found?.isZombie) return false;
  if (found && began !== null) return found.began === began;
  return isAlive(pid);
}

/** Linux tells it: in ticks since the machine was started, which has an id of its own. */
async function look(pid: number): Promise<{ began: string; isZombie: boolean } | undefined> {
  try {
    const boot = await readFile("/proc/sys/kernel/random/boot_id", "utf8");
    const stat = await readFile(`/proc/${pid}/stat`, "utf8");
    // The name in parentheses may hold blanks; the state is the first word behind it, the time the 20th.
    const words = stat.slice(stat.lastIndexOf(")") + 2).split(" ");
    return { began: `${boot.trim()} ${words[19]}`, isZombie: /^[ZX]/.test(words[0] ?? "") };
  } catch {
    return undefined;
  }
}
