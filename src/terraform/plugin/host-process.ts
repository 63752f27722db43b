import { writeSync } from "node:fs";

/** What serving needs of the process around it. */
export interface HostProcess {
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Arguments after the script's name. */
  readonly args: readonly string[];
  readonly pid: number;
  readonly platform: NodeJS.Platform;
  readonly now: () => Date;
  writeStdout(text: string): void;
  writeStderr(text: string): void;
  onSignal(signal: "SIGINT" | "SIGTERM", handle: () => void): void;
  /** Errors that nobody caught. */
  onCrash(handle: (error: unknown) => void): void;
  exit(code: number): void;
}

/** The process that this runs in. */
export function hostProcess(): HostProcess {
  return {
    env: process.env,
    args: process.argv.slice(2),
    pid: process.pid,
    platform: process.platform,
    now: () => new Date(),
    // Directly to the descriptor: the stream behind process.stdout costs 2 ms of every start.
    writeStdout: (text) => writeAll(1, text),
    writeStderr: (text) => writeAll(2, text),
    onSignal: (signal, handle) => void process.on(signal, handle),
    onCrash: (handle) => {
      process.on("uncaughtException", handle);
      process.on("unhandledRejection", handle);
    },
    exit: (code) => process.exit(code),
  };
}

function writeAll(descriptor: number, text: string): void {
  const bytes = Buffer.from(text);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      const code = error instanceof Error && "code" in error ? error.code : undefined;
      // A full pipe says "try again". One without a reader means that Terraform is gone: there is
      // nobody left to tell, and the closed session ends the process.
      if (code === "EAGAIN") continue;
      return;
    }
  }
}
