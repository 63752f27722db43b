import type { Writable } from "node:stream";
import type { Clock } from "../core/clock.js";

/** What a command needs of the process that runs it. */
export interface CliIo {
  stdout: Writable;
  stderr: Writable;
  /** @default none: `-` is no name for it */
  stdin?: AsyncIterable<Uint8Array> | undefined;
  env: Readonly<Record<string, string | undefined>>;
  /** Aborts on SIGINT and SIGTERM. */
  signal: AbortSignal;
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  /** The folder that relative paths start from. */
  cwd: string;
  /** Whether progress may be redrawn and colours used on stderr. */
  interactive: boolean;
  /** Sets the exit code that the process ends with. */
  exitCode(code: number): void;
}
