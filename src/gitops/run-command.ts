import { spawn } from "node:child_process";
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
  /** The error of a program that is not there. */
  missing: (command: string) => GitopsError;
}

/**
 * Runs a program to its end and keeps what it printed.
 *
 * On abort it gets SIGINT, once, and time to stop: Terraform then ends its providers by itself.
 *
 * @throws GitopsError when it can't be started, or was stopped
 */
export function runCommand(
  command: string,
  args: readonly string[],
  { cwd, env, signal, missing }: CommandOptions,
): Promise<CommandResult> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) return reject(gitopsErrors.cancelled());
    const child = spawn(command, args, { cwd, env: { ...env }, stdio: ["ignore", "pipe", "pipe"] });
    const output = { stdout: "", stderr: "" };
    for (const name of ["stdout", "stderr"] as const) {
      child[name].setEncoding("utf8").on("data", (text: string) => {
        output[name] += text;
      });
    }
    const stop = () => child.kill("SIGINT");
    signal?.addEventListener("abort", stop, { once: true });
    // A folder that is not there fails in the same way as a program that is not there.
    child.on("error", () =>
      reject(existsSync(cwd) ? missing(command) : gitopsErrors.folderMissing(cwd)),
    );
    child.on("close", (exitCode) => {
      signal?.removeEventListener("abort", stop);
      if (signal?.aborted) reject(gitopsErrors.cancelled());
      else resolve({ exitCode, ...output });
    });
  });
}
