import { startTimeLimit } from "../core/time-limit.js";
import { verifierErrors } from "../verifier/errors.js";
import type { CliIo } from "./io.js";

/** What a command has of its time. */
export interface CommandLimit {
  /** Milliseconds that are left, at least one. */
  remaining(): number;
  /** Waits for preparations. @throws VerifierError `VERIFY_TIME_UP`, or `VERIFY_STOPPED` when the user stops the command */
  within<Result>(work: Promise<Result>): Promise<Result>;
  /** The same for what follows the verdict, with half a second more: a report must not be lost to the last millisecond. */
  withinGrace<Result>(work: Promise<Result>): Promise<Result>;
}

const grace = 500;

/**
 * Runs a command that ends within a time, whatever hangs: what does not end by itself then is left behind.
 *
 * @param milliseconds for all of it
 * @param options.lookupAttempts how often a name server is asked, a second each @default 1
 */
export async function withLimit(
  io: CliIo,
  milliseconds: number,
  command: (limit: CommandLimit) => Promise<void>,
  { lookupAttempts = 1 }: { lookupAttempts?: number } = {},
): Promise<void> {
  shortenNameLookups(lookupAttempts);
  const end = io.clock.monotonic() + milliseconds;
  const remaining = () => Math.max(1, end - io.clock.monotonic());
  const bounded = async <Result>(work: Promise<Result>, most: number): Promise<Result> => {
    // What follows a stopped verification, its report, is still to be written.
    const caller = io.signal.aborted ? undefined : io.signal;
    const limit = startTimeLimit(io.clock, caller ? most : Math.min(most, 2 * grace), caller);
    try {
      return await limit.bound(work);
    } catch (error) {
      if (limit.passed) throw verifierErrors.timeUp();
      if (limit.signal.aborted) throw verifierErrors.stopped();
      throw error;
    } finally {
      limit.clear();
    }
  };
  try {
    await command({
      remaining,
      within: (work) => bounded(work, remaining()),
      withinGrace: (work) => bounded(work, remaining() + grace),
    });
  } finally {
    io.leaveBehind?.();
  }
}

/**
 * Has glibc wait a second for a name server. A look-up can't be stopped, and a process does not end before its
 * look-ups: with the default, ten seconds after the command was done. The client repeats a call whose look-up failed.
 */
function shortenNameLookups(attempts: number): void {
  process.env.RES_OPTIONS ??= `timeout:1 attempts:${attempts}`;
}
