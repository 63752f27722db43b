import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { interleaved, median } from "./measure.js";

/** What Terraform sets when it starts a provider (go-plugin's handshake). */
const handshakeEnvironment = {
  TF_PLUGIN_MAGIC_COOKIE: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
  PLUGIN_PROTOCOL_VERSIONS: "6,5",
  PLUGIN_MIN_PORT: "10000",
  PLUGIN_MAX_PORT: "25000",
};

/** Start of the provider until its handshake line, against a bare `node -e 0`; and its memory at that moment. */
export async function benchHandshake(executable: string, clientCertificate: string) {
  const memory: number[] = [];
  const times = await interleaved(15, {
    bare: () => {
      spawnSync("node", ["-e", "0"], { env: { PATH: process.env.PATH } });
    },
    provider: async () => {
      const child = start(executable, clientCertificate);
      const exited = new Promise((resolve) => child.once("exit", resolve));
      await new Promise<void>((resolve, reject) => {
        child.stdout?.once("data", () => resolve());
        child.once("exit", (code) => reject(new Error(`the provider exited with ${code}`)));
      });
      memory.push(residentMebibytes(child));
      child.kill("SIGKILL");
      await exited;
    },
  });
  return { ratio: times.provider / times.bare, ...times, residentMiB: median(memory) };
}

function start(executable: string, clientCertificate: string): ChildProcess {
  return spawn(executable, [], {
    env: {
      PATH: process.env.PATH,
      ...handshakeEnvironment,
      PLUGIN_CLIENT_CERT: clientCertificate,
    },
    stdio: ["ignore", "pipe", "ignore"],
  });
}

/** Linux tells it in /proc; elsewhere it is not measured. */
function residentMebibytes({ pid }: ChildProcess): number {
  if (process.platform !== "linux") return Number.NaN;
  const status = readFileSync(`/proc/${pid}/status`, "utf8");
  return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1]) / 1024;
}
