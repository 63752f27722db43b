import { type ChildProcessByStdio, spawn } from "node:child_process";
import { resolve } from "node:path";
import type { Readable } from "node:stream";

const root = resolve(import.meta.dirname, "../..");

/** `konnect-audit emulator` as a process of its own. */
export function startCommand(...args: string[]) {
  return startProcess(["emulator", ...args]);
}

/** The command line as a process of its own. */
export function startProcess(args: readonly string[], env: Readonly<Record<string, string>> = {}) {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
    process.execPath,
    ["--import", "tsx", "src/cli/main.ts", ...args],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"], env: { ...process.env, ...env } },
  );
  let output = "";
  const seen = (stream: Readable) => stream.on("data", (chunk) => (output += String(chunk)));
  seen(child.stdout);
  seen(child.stderr);
  const exited = new Promise<number | NodeJS.Signals>((ended) => {
    child.on("close", (code, signal) => ended(code ?? signal ?? -1));
  });
  /** The pattern's first group, once it was printed. */
  const printed = (pattern: RegExp) =>
    new Promise<string>((found, failed) => {
      const look = () => {
        const match = pattern.exec(output);
        if (match) found(match[1] ?? "");
      };
      look();
      child.stdout.on("data", look);
      child.stderr.on("data", look);
      child.on("close", () => failed(new Error(`ended without ${pattern}: ${output}`)));
    });
  return { child, exited, printed, output: () => output };
}
