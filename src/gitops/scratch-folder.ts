import { createHash } from "node:crypto";
import { mkdtemp, readdir, readlink, rm } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import type { CleanUps } from "../core/clean-ups.js";
import { isAlive } from "../core/system-error.js";

const prefix = "konnect-audit-plan-";

/**
 * Lets a plan file be written into a folder that only this user can read, and removes it whatever ends the process.
 *
 * The plan holds the state. What a killed process left behind is removed by the next one.
 */
export async function withScratchFolder<Result>(
  cleanUps: CleanUps,
  work: (folder: string) => Promise<Result>,
): Promise<Result> {
  const own = `${prefix}${await machineName()}-`;
  let folder: string | undefined;
  let running: Promise<Result> | undefined;
  const cleanUp = cleanUps.add(async () => {
    // Terraform writes until it has ended; what ends this process has told it to.
    await running?.catch(() => undefined);
    if (folder !== undefined) await rm(folder, { recursive: true, force: true });
  });
  const run = async () => {
    await removeRemains(own);
    folder = await mkdtemp(join(tmpdir(), `${own}${process.pid}-`));
    return work(folder);
  };
  running = run();
  try {
    return await running;
  } finally {
    await cleanUp.run();
  }
}

/** Removes the folders of processes that have ended; those of others can't be, and stay. */
async function removeRemains(own: string): Promise<void> {
  const names = await readdir(tmpdir()).catch(() => []);
  const left = names.filter((name) => {
    const [, pid] = name.startsWith(own) ? (/^(\d+)-/.exec(name.slice(own.length)) ?? []) : [];
    return pid !== undefined && !isAlive(Number(pid));
  });
  await Promise.all(
    left.map((name) =>
      rm(join(tmpdir(), name), { recursive: true, force: true }).catch(() => undefined),
    ),
  );
}

/** Process ids mean something on one machine and in one container only; several may share a temporary folder. */
async function machineName(): Promise<string> {
  const namespace = await readlink("/proc/self/ns/pid").catch(() => "");
  return createHash("sha256").update(`${hostname()} ${namespace}`).digest("hex").slice(0, 8);
}
