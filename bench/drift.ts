import { spawn } from "node:child_process";
import { cpSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { checkDrift } from "../src/gitops/index.js";
import { type BuiltPackage, installPackage, providerSource } from "../src/package/index.js";
import { madeUpRegions } from "./konnect.js";
import { interleaved } from "./measure.js";

export interface DriftBench {
  stacks: number;
  /** Webhooks of each stack. */
  webhooks: number;
  /** Stacks that are planned at the same time. */
  concurrency: number;
  rounds: number;
}

/** `konnect-audit drift --no-synth --health=off` against plain `terraform plan` of the same stacks, side by side alike. */
export async function benchDrift(
  built: BuiltPackage,
  serverUrl: string,
  { stacks: count, webhooks, concurrency, rounds }: DriftBench,
) {
  const root = mkdtempSync(join(tmpdir(), "konnect-audit-bench-drift-"));
  const env = {
    PATH: process.env.PATH,
    HOME: root,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: "/dev/null",
    KONNECT_TOKEN: "kpat_bench",
    KONNECT_SERVER_URL: serverUrl,
  };
  const terraform = (folder: string, args: string, extra = {}) =>
    succeed(folder, args.split(" "), { ...env, ...extra });
  try {
    const first = join(root, "s0");
    installPackage(built, first);
    writeFileSync(join(first, "main.tf.json"), JSON.stringify(configuration(built, webhooks)));
    await terraform(first, "init -input=false");
    const secret = { TF_VAR_secret: "Bearer bench" };
    await terraform(first, "apply -input=false -auto-approve -parallelism=4", secret);
    const folders = Array.from({ length: count }, (_, index) => join(root, `s${index}`));
    for (const folder of folders.slice(1)) cpSync(first, folder, { recursive: true });

    const plain = async () => {
      const queue = folders.values();
      const worker = async () => {
        for (const folder of queue) await terraform(folder, "plan -input=false -detailed-exitcode");
      };
      await Promise.all(Array.from({ length: concurrency }, worker));
    };
    const drift = async () => {
      const stacks = folders.map((folder, index) => ({ name: `s${index}`, folder }));
      const { verdict } = await checkDrift(stacks, {
        now: Date.now(),
        env,
        health: false,
        concurrency,
      });
      if (verdict !== "in sync") throw new Error(`The drift check answered: ${verdict}.`);
    };
    const times = await interleaved(rounds, { plain, drift });
    return { ratio: times.drift / times.plain, ...times };
  } finally {
    rmSync(root, { recursive: true, force: true });
  }
}

function configuration(built: BuiltPackage, count: number): unknown {
  const resources = madeUpRegions(count).map((region, index) => [
    `w${index}`,
    {
      region,
      endpoint: "https://siem.example.com/audit-logs",
      authorization: `\${var.secret}`,
    },
  ]);
  return {
    terraform: {
      required_providers: { konnectaudit: { source: providerSource, version: built.version } },
    },
    variable: { secret: { type: "string", ephemeral: true, sensitive: true, default: null } },
    resource: { konnectaudit_webhook: Object.fromEntries(resources) },
  };
}

function succeed(cwd: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn("terraform", args, { cwd, env, stdio: ["ignore", "ignore", "inherit"] });
    child.on("error", reject);
    child.on("close", (code) =>
      code === 0 ? resolve() : reject(new Error(`terraform ${args.join(" ")} exited with ${code}`)),
    );
  });
}
