import { constants } from "node:os";
import type { Writable } from "node:stream";
import { CleanUps } from "./clean-ups.js";
import { environmentSecrets } from "./environment-secrets.js";
import { cleanLines, createCleaner } from "./foreign-text.js";

const endingSignals = ["SIGINT", "SIGTERM", "SIGHUP", "SIGQUIT"] as const;

type EndingSignal = (typeof endingSignals)[number];

/** What tells a process to end before its work is done. */
export type EndingCause = EndingSignal | "crash";

/** The reason of {@link ProcessEndings.signal}: what a command throws that stops because of it. */
class EndedError extends Error {
  override readonly name = "AbortError";

  constructor(readonly by: EndingCause) {
    super(by === "crash" ? "the process failed" : `stopped by ${by}`);
  }

  /** 128 and the signal's number, as a shell shows it; 1 for a crash. */
  get exitCode(): number {
    return this.by === "crash" ? 1 : 128 + constants.signals[this.by];
  }
}

/** The exit code of a command that threw: 1, or what its process was stopped by. A stopped check has no verdict. */
export function exitCodeOfFailure({ reason }: AbortSignal): number {
  return reason instanceof EndedError ? reason.exitCode : 1;
}

/** How long things may take once the process was told to end, in milliseconds. */
const endingBounds = {
  /** For a command to stop by itself, when it has nothing to clean up. */
  stop: 1_200,
  /** For clean-ups. */
  cleanUp: 10_000,
  /** For clean-ups from the second signal on. The third ends the process at once. */
  hurriedCleanUp: 2_000,
  /** For what clean-ups say in the end, and for whoever reads our output. */
  output: 400,
  /** Signals that follow each other this closely are one: `npx` passes on the Ctrl-C that its child has got, too. */
  oneSignal: 500,
};

/** Watches over the end of the process. */
export interface ProcessEndings {
  /** Aborts with an {@link EndedError} when the process is told to end. */
  readonly signal: AbortSignal;
  /** What has to be done before. */
  readonly cleanUps: CleanUps;
  /** To be called when the work is done: cleans up what is left; ends the process if it was told to end. */
  finish(): Promise<void>;
}

/**
 * Makes SIGINT, SIGTERM, SIGHUP and SIGQUIT end the process in an orderly way, and within bounds.
 *
 * The signal aborts; the command stops by itself, and its exit code stands. One that does not stop is ended after its
 * clean-ups, with 128 and the signal's number. A reader of stdout or stderr that has gone ends nothing here.
 */
export function watchProcessEndings(): ProcessEndings {
  return new Endings();
}

class Endings implements ProcessEndings {
  readonly #controller = new AbortController();
  readonly cleanUps = new CleanUps();
  readonly #finished: Promise<void>;
  #finish: () => void = () => undefined;
  #ended: EndedError | undefined;
  #lastSignalAt = Number.NEGATIVE_INFINITY;
  #signals = 0;
  #boundTimer: NodeJS.Timeout | undefined;

  constructor() {
    this.#finished = new Promise((resolve) => {
      this.#finish = resolve;
    });
    for (const name of endingSignals) process.on(name, this.#onSignal);
    process.on("uncaughtException", this.#onCrash);
    for (const stream of [process.stdout, process.stderr]) {
      stream.on("error", this.#onOutputError);
      letTerminalWait(stream);
    }
  }

  get signal(): AbortSignal {
    return this.#controller.signal;
  }

  async finish(): Promise<void> {
    this.#finish();
    await this.cleanUps.runAll();
    if (this.#ended) return this.#exit(exitCodeOf(this.#ended));
    clearTimeout(this.#boundTimer);
    // From here on the process ends when its output is read, and by any signal as any process does.
    for (const name of endingSignals) process.off(name, this.#onSignal);
    process.off("uncaughtException", this.#onCrash);
  }

  readonly #onSignal = (name: NodeJS.Signals): void => {
    const now = performance.now();
    if (now - this.#lastSignalAt < endingBounds.oneSignal) return;
    this.#lastSignalAt = now;
    this.#signals += 1;
    if (this.#signals === 1) this.#end(new EndedError(name as EndingSignal));
    else if (this.#signals === 2) this.#boundCleanUps(endingBounds.hurriedCleanUp);
    else void leave(exitCodeOf(this.#ended));
  };

  readonly #onCrash = (error: unknown): void => {
    // The text of an unexpected error is for whoever reports it; a clean-up is more important than its layout.
    const text = (error instanceof Error ? error.stack : undefined) ?? String(error);
    const clean = createCleaner(environmentSecrets(process.env));
    process.stderr.write(`${cleanLines(text, clean)}\n`);
    process.exitCode = 1;
    if (this.#ended) return;
    this.#end(new EndedError("crash"));
    this.#finish();
  };

  readonly #onOutputError = (error: NodeJS.ErrnoException): void => {
    if (isReaderGone(error)) return;
    process.exitCode = 1;
  };

  #end(ended: EndedError): void {
    this.#ended = ended;
    this.#controller.abort(ended);
    this.#boundCleanUps(endingBounds.cleanUp);
    void this.#endWithout();
  }

  /** Ends a process whose command does not stop by itself. */
  async #endWithout(): Promise<void> {
    await Promise.race([this.#finished, elapsed(endingBounds.stop)]);
    if (this.cleanUps.isOpen) {
      await this.cleanUps.runAll();
      // A command that has cleaned up may have a word to say about it.
      await Promise.race([this.#finished, elapsed(endingBounds.output)]);
    }
    await this.#exit(exitCodeOf(this.#ended));
  }

  #boundCleanUps(milliseconds: number): void {
    clearTimeout(this.#boundTimer);
    this.#boundTimer = setTimeout(() => {
      this.cleanUps.hurry();
      setTimeout(() => this.#exit(exitCodeOf(this.#ended)), endingBounds.output);
    }, milliseconds);
  }

  async #exit(code: number): Promise<void> {
    const written = Promise.all([process.stdout, process.stderr].map(flushed));
    await Promise.race([written, elapsed(endingBounds.output)]);
    await leave(code);
  }
}

/** What the command has said stands: an emulator that is stopped has done its work. */
function exitCodeOf(ended: EndedError | undefined): number {
  return Number(process.exitCode ?? ended?.exitCode ?? 1);
}

/** True if nobody reads a stream any more: `| head` has what it wanted, or the terminal was closed. */
export function isReaderGone(error: NodeJS.ErrnoException): boolean {
  return ["EPIPE", "EIO", "ECONNRESET", "ERR_STREAM_DESTROYED"].includes(error.code ?? "");
}

/**
 * Node writes to a terminal until all is written: one that was paused by Ctrl-S would stop the whole process, signals
 * included. What it can't take yet waits in memory instead, as for a pipe.
 */
function letTerminalWait(stream: Writable): void {
  const { _handle: handle } = stream as {
    _handle?: { setBlocking?: (blocking: boolean) => void } | null;
  };
  if ("isTTY" in stream && stream.isTTY) handle?.setBlocking?.(false);
}

function flushed(stream: Writable): Promise<void> {
  if (stream.writableLength === 0 || stream.destroyed) return Promise.resolve();
  return new Promise((resolve) => stream.write("", () => resolve()));
}

function elapsed(milliseconds: number): Promise<void> {
  return new Promise((resolve) => setTimeout(resolve, milliseconds));
}

/**
 * Ends the process.
 *
 * `process.exit` waits for the threads of Node's pool, and a name look-up that nobody answers, or a FIFO that nobody
 * writes to, holds one for as long as it likes. Then the process is killed, which a shell shows with the same code.
 */
async function leave(code: number): Promise<never> {
  const waiting = threadRequests();
  if (waiting.length > 0) await elapsed(50);
  const stuck = threadRequests().some((request) => waiting.includes(request));
  if (stuck) {
    const name = endingSignals.find((each) => 128 + constants.signals[each] === code);
    // SIGQUIT would leave a core file.
    const kill = name === undefined || name === "SIGQUIT" ? "SIGKILL" : name;
    process.removeAllListeners(kill);
    process.kill(process.pid, kill);
  }
  process.exit(code);
}

/** What the threads of Node's pool are asked to do; empty where Node does not tell. */
function threadRequests(): readonly object[] {
  const { _getActiveRequests: list } = process as { _getActiveRequests?: () => object[] };
  return (list?.call(process) ?? []).filter((request) =>
    /^(?:FSReq|GetAddrInfo|GetNameInfo)/.test(request.constructor.name),
  );
}
