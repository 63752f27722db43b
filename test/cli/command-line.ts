import { PassThrough } from "node:stream";
import { Command } from "commander";
import type { CliIo } from "../../src/cli/io.js";
import { runCli } from "../../src/cli/program.js";
import { CleanUps } from "../../src/core/clean-ups.js";
import { systemClock } from "../../src/core/clock.js";

export interface CliRun {
  stdout: string;
  stderr: string;
  exitCode: number;
}

interface CliSetup {
  env?: Record<string, string>;
  cwd?: string;
  signal?: AbortSignal;
  stdin?: AsyncIterable<Uint8Array>;
  /** Called when the process is to end although something may still run. */
  leaveBehind?: () => void;
  /** Called with all of stderr up to now, whenever something is added. */
  onStderr?: (text: string) => void;
}

/** Runs the command line in this process, with streams and environment of its own. */
export async function commandLine(args: readonly string[], setup: CliSetup = {}): Promise<CliRun> {
  const { io, run } = captureIo(setup);
  await runCli(args, io);
  return run;
}

/** Runs one command on its own; rejects with what it throws. */
export async function singleCommand(
  register: (program: Command, io: CliIo) => void,
  args: readonly string[],
  setup: CliSetup = {},
): Promise<CliRun> {
  const { io, run } = captureIo(setup);
  const program = new Command().exitOverride();
  register(program, io);
  for (const command of program.commands) command.copyInheritedSettings(program);
  await program.parseAsync([...args], { from: "user" });
  return run;
}

function captureIo(setup: CliSetup): { io: CliIo; run: CliRun } {
  const run: CliRun = { stdout: "", stderr: "", exitCode: 0 };
  const collect = (name: "stdout" | "stderr") =>
    new PassThrough({ encoding: "utf8" }).on("data", (text: string) => {
      run[name] += text;
      if (name === "stderr") setup.onStderr?.(run.stderr);
    });
  const io: CliIo = {
    stdout: collect("stdout"),
    stderr: collect("stderr"),
    stdin: setup.stdin,
    env: setup.env ?? {},
    signal: setup.signal ?? new AbortController().signal,
    cleanUps: new CleanUps(),
    watchParent: () => () => undefined,
    clock: systemClock,
    random: Math.random,
    cwd: setup.cwd ?? process.cwd(),
    interactive: false,
    leaveBehind: setup.leaveBehind,
    exitCode(code) {
      run.exitCode = code;
    },
  };
  return { io, run };
}
