import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuiltPackage, installPackage, providerSource } from "../src/package/index.js";
import { interleaved } from "./measure.js";

export interface PlanBench {
  count: number;
  rounds: number;
  /** One credential for all, or one each. */
  secrets: "shared" | "distinct";
  /** Whether they are to be created, or are there and have to be read. */
  state: "new" | "applied";
}

/** `terraform plan` of webhooks against the same number of `terraform_data`. */
export async function benchPlan(
  built: BuiltPackage,
  serverUrl: string,
  { count, rounds, secrets, state }: PlanBench,
) {
  const webhooks = await workspace(webhookConfiguration(built, count), secrets, serverUrl, built);
  const baseline = await workspace(baselineConfiguration(count), secrets, serverUrl);
  try {
    if (state === "applied") {
      await webhooks.apply();
      await baseline.apply();
    }
    const times = await interleaved(rounds, { baseline: baseline.plan, webhooks: webhooks.plan });
    return { ratio: times.webhooks / times.baseline, ...times };
  } finally {
    if (state === "applied") await webhooks.destroy();
    webhooks.remove();
    baseline.remove();
  }
}

/** A folder with `count` new webhooks that share a credential. */
export function prepareWebhooks(built: BuiltPackage, serverUrl: string, count: number) {
  return workspace(webhookConfiguration(built, count), "shared", serverUrl, built);
}

/** Made-up regions: well-formed, and as many as wanted. */
const regionOf = (index: number) => `r${index}x`;

function webhookConfiguration(built: BuiltPackage, count: number): unknown {
  const resources = Array.from({ length: count }, (_, index) => [
    `w${index}`,
    {
      region: regionOf(index),
      endpoint: "https://siem.example.com/audit-logs",
      authorization: `\${var.secrets[${index}]}`,
    },
  ]);
  return {
    terraform: {
      required_providers: { konnectaudit: { source: providerSource, version: built.version } },
    },
    variable: { secrets: { type: "list(string)", ephemeral: true, sensitive: true } },
    resource: { konnectaudit_webhook: Object.fromEntries(resources) },
  };
}

function baselineConfiguration(count: number): unknown {
  const resources = Array.from({ length: count }, (_, index) => [`w${index}`, { input: index }]);
  return {
    variable: { secrets: { type: "list(string)", ephemeral: true, sensitive: true } },
    resource: { terraform_data: Object.fromEntries(resources) },
  };
}

async function workspace(
  configuration: unknown,
  secrets: PlanBench["secrets"],
  serverUrl: string,
  built?: BuiltPackage,
) {
  const folder = mkdtempSync(join(tmpdir(), "konnect-audit-bench-"));
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  if (built) installPackage(built, folder);
  const values = Array.from({ length: 600 }, (_, index) =>
    secrets === "shared" ? "Bearer bench" : `Bearer bench ${index}`,
  );
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: "/dev/null",
    KONNECT_TOKEN: "kpat_bench",
    KONNECT_SERVER_URL: serverUrl,
    TF_VAR_secrets: JSON.stringify(values),
  };
  const terraform = (...args: string[]) => run("terraform", args, folder, env);
  await terraform("init", "-input=false");
  return {
    plan: () => terraform("plan", "-input=false", "-lock=false", "-parallelism=10"),
    apply: () => terraform("apply", "-input=false", "-auto-approve", "-parallelism=10"),
    destroy: () => terraform("destroy", "-input=false", "-auto-approve", "-parallelism=10"),
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}

/** Not spawnSync: the emulator that the provider calls lives in this very process. */
function run(
  command: string,
  args: readonly string[],
  cwd: string,
  env: Record<string, string | undefined>,
): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(command, args, { cwd, env, stdio: ["ignore", "ignore", "pipe"] });
    let errors = "";
    child.stderr.setEncoding("utf8").on("data", (text: string) => {
      errors += text;
    });
    child.on("close", (code) => {
      if (code === 0) resolve();
      else reject(new Error(`${command} ${args.join(" ")} exited with ${code}\n${errors}`));
    });
  });
}
