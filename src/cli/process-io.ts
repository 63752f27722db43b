import { randomInt } from "node:crypto";
import { systemClock } from "../core/clock.js";
import type { CliIo } from "./io.js";

/** What the commands get of the process that they run in. */
export function processIo(): CliIo {
  const interrupted = new AbortController();
  for (const name of ["SIGINT", "SIGTERM"] as const) {
    // A second signal gets Node's default treatment: it ends a command that hangs while it stops.
    process.once(name, () => interrupted.abort(new DOMException(`${name} received`, "AbortError")));
  }
  // `| head` has what it wanted: commands see that stdout is gone, and the process must not crash over it.
  process.stdout.on("error", (error: NodeJS.ErrnoException) => {
    if (error.code !== "EPIPE") throw error;
  });
  return {
    stdout: process.stdout,
    stderr: process.stderr,
    // Looked at only when it is wanted: it holds the process otherwise.
    get stdin() {
      return process.stdin;
    },
    env: process.env,
    signal: interrupted.signal,
    clock: systemClock,
    random: () => randomInt(2 ** 32) / 2 ** 32,
    cwd: process.cwd(),
    interactive: process.stderr.isTTY === true && !process.env.CI,
    exitCode(code) {
      process.exitCode = code;
    },
  };
}
