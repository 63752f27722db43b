import { spawn } from "node:child_process";

export interface RunOptions {
  cwd: string;
  env: NodeJS.ProcessEnv;
  signal: AbortSignal;
  /** What the user calls it. */
  title: string;
  /** Exit codes that it may end with. @default [0] */
  expected?: readonly number[];
  onLine?: (line: string) => void;
}

export interface RunResult {
  exitCode: number | null;
  stdout: string;
  /** Both streams in the order in which they were printed. */
  output: string;
}

/** A command of the demo that did not end as it has to; `output` is its own error. */
export class StepError extends Error {
  constructor(
    readonly command: string,
    readonly exitCode: number | null,
    readonly output: string,
  ) {
    super(`${command} ended with exit code ${exitCode}`);
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: colours are control characters
const colours = /\u001b\[[0-9;]*m/g;

/** Runs a program, line by line, to one of the exit codes that it may end with. */
export function run(
  command: string,
  args: readonly string[],
  { cwd, env, signal, title, expected = [0], onLine }: RunOptions,
): Promise<RunResult> {
  return new Promise((resolve, reject) => {
    // In a process group of its own, so that a Ctrl-C on the terminal does not reach it besides: Terraform takes a second
    // SIGINT as the order to give up at once.
    const child = spawn(command, args, {
      cwd,
      env,
      stdio: ["ignore", "pipe", "pipe"],
      detached: true,
    });
    const stop = () => {
      if (child.pid !== undefined && child.exitCode === null) process.kill(-child.pid, "SIGINT");
    };
    signal.addEventListener("abort", stop, { once: true });
    const result = { stdout: "", output: "" };
    for (const name of ["stdout", "stderr"] as const) {
      let rest = "";
      child[name].setEncoding("utf8").on("data", (text: string) => {
        if (name === "stdout") result.stdout += text;
        result.output += text;
        const lines = (rest + text).split("\n");
        rest = lines.pop() ?? "";
        for (const line of lines) onLine?.(line.replace(colours, ""));
      });
    }
    child.on("error", reject);
    child.on("close", (exitCode) => {
      signal.removeEventListener("abort", stop);
      if (signal.aborted) reject(signal.reason);
      else if (exitCode !== null && expected.includes(exitCode)) resolve({ exitCode, ...result });
      else reject(new StepError(title, exitCode, result.output.replace(colours, "").trim()));
    });
  });
}
