import type { Writable } from "node:stream";
import type { CleanUps } from "../core/clean-ups.js";
import type { Clock } from "../core/clock.js";

/** What a command needs of the process that runs it. */
export interface CliIo {
  stdout: Writable;
  stderr: Writable;
  /** @default none: `-` is no name for it */
  stdin?: AsyncIterable<Uint8Array> | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborts on SIGINT, SIGTERM, SIGHUP and SIGQUIT. */
  signal: AbortSignal;
  /** What has to be done before the process ends, whatever ends it. */
  cleanUps: CleanUps;
  /** Calls once the process that started this one has gone; answers what ends the watch. */
  watchParent(onGone: () => void): () => void;
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  /** The folder that relative paths start from. */
  cwd: string;
  /** True if progress may be redrawn and colours used on stderr. */
  interactive: boolean;
  /** Ends the process soon, once its output is written, although something that hangs still runs. @default waits for it */
  leaveBehind?: (() => void) | undefined;
  /** Sets the exit code that the process ends with. */
  exitCode(code: number): void;
}
