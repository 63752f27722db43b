import { randomInt } from "node:crypto";
import { systemClock } from "../core/clock.js";
import { watchParentProcess } from "../core/parent-process.js";
import { type ProcessEndings, watchProcessEndings } from "../core/process-endings.js";
import type { CliIo } from "./io.js";

/**
 * Runs a command in this process, and ends it in an orderly way.
 *
 * @param run the command; what it sets as exit code stands, also when a signal has stopped it
 */
export async function runInProcess(run: (io: CliIo) => Promise<void>): Promise<void> {
  const endings = watchProcessEndings();
  await run(processIo(endings));
  await endings.finish();
}

/** What the commands get of the process that they run in. */
function processIo({ signal, cleanUps }: ProcessEndings): CliIo {
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    // Looked at only when it is wanted: it holds the process otherwise.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    signal,
    cleanUps,
    watchParent: watchParentProcess,
    clock: systemClock,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    cwd: process.cwd(),
    interactive: process.stderr.isTTY === true && !process.env.CI,
    leaveBehind() {
      setTimeout(() => process.exit(), 200).unref();
    },
    exitCode(code) {
      process.exitCode = code;
    },
  };
}
