import { type ChildProcess, spawn } from "node:child_process";
import { existsSync } from "node:fs";
import { type GitopsError, gitopsErrors } from "./errors.js";

export interface CommandResult {
  exitCode: number | null;
  stdout: string;
  stderr: string;
}

export interface CommandOptions {
  cwd: string;
  env: Readonly<Record<string, string | undefined>>;
  signal?: AbortSignal | undefined;
  /** Milliseconds that the program has to stop after its SIGINT; then it is killed. @default 10 seconds */
  grace?: number | undefined;
  /** The error of a program that is not there. */
  missing: (command: string) => GitopsError;
}

/** Bytes that a program may print: more than any plan has, and less than a string can hold. */
const mostOutput = 256 * 1024 * 1024;

/**
 * Runs a program to its end and keeps what it printed.
 *
 * It has a process group of its own, so that a Ctrl-C on the terminal does not reach it. On abort it and what it started get
 * SIGINT, once: Terraform then stops in good order, while a second one would make it give up at once and leave its lock.
 *
 * @throws GitopsError when it can't be started, was stopped, or prints without end
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, signal, grace = 10_000, missing }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(stoppedBy(signal));
    const child = spawn(command, args, {
      cwd,
      env: { ...env },
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    let size = 0;
    const chunks = { stdout: [] as Buffer[], stderr: [] as Buffer[] };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].on("data", (chunk: Buffer) => {
        size += chunk.length;
        if (size > mostOutput) end(child);
        else chunks[name].push(chunk);
      });
    }
    let timer: NodeJS.Timeout | undefined;
    const stop = () => {
      signalGroup(child, "SIGINT");
      timer = setTimeout(() => end(child), grace);
    };
    signal?.addEventListener("abort", stop, { once: true });
    // A folder that is not there fails in the same way as a program that is not there.
    child.on("error", () =>
      reject(existsSync(cwd) ? missing(command) : gitopsErrors.folderMissing(cwd)),
    );
    child.on("close", (exitCode) => {
      clearTimeout(timer);
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) return reject(stoppedBy(signal));
      if (size > mostOutput) return reject(gitopsErrors.outputTooLarge(command, mostOutput));
      const text = (list: readonly Buffer[]) => Buffer.concat(list).toString("utf8");
      resolve({ exitCode, stdout: text(chunks.stdout), stderr: text(chunks.stderr) });
    });
  });
}

/** Ends a program that does not stop, with all that it started; whatever still holds its output is not waited for. */
function end(child: ChildProcess): void {
  signalGroup(child, "SIGKILL");
  child.stdout?.destroy();
  child.stderr?.destroy();
}

function signalGroup(child: ChildProcess, name: "SIGINT" | "SIGKILL"): void {
  if (child.pid === undefined) return;
  try {
    process.kill(-child.pid, name);
  } catch {
    child.kill(name); // gone already, or a system without process groups
  }
}

/** The error of work that a signal has ended. */
export function stoppedBy({ reason }: AbortSignal): GitopsError {
  const timedOut = reason instanceof DOMException && reason.name === "TimeoutError";
  return timedOut ? gitopsErrors.timedOut() : gitopsErrors.cancelled();
}
