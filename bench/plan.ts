import { spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type BuiltPackage, installPackage, providerSource } from "../src/package/index.js";
import { madeUpRegions } from "./konnect.js";
import { interleaved } from "./measure.js";

export interface PlanBench {
  count: number;
  rounds: number;
  /** One resource with `for_each`, or as many resources as webhooks: Terraform itself takes them differently. */
  form: "instances" | "resources";
  /** One credential for all, or one each. */
  secrets: "shared" | "distinct";
  /** Whether they are to be created, or are there and have to be read. */
  state: "new" | "applied";
}

type Form = Pick<PlanBench, "count" | "form" | "secrets">;

/** `terraform plan` of webhooks against the same number of `terraform_data`. */
export async function benchPlan(
  built: BuiltPackage,
  serverUrl: string,
  { rounds, state, ...form }: PlanBench,
) {
  const webhooks = await workspace(webhookConfiguration(built, form), form, serverUrl, built);
  const baseline = await workspace(baselineConfiguration(form), form, serverUrl);
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

/**
 * A folder with `count` new webhooks that share a credential.
 *
 * @param env variables that Terraform gets besides
 */
export function prepareWebhooks(
  built: BuiltPackage,
  serverUrl: string,
  count: number,
  env: Record<string, string> = {},
) {
  const form: Form = { count, form: "instances", secrets: "shared" };
  return workspace(webhookConfiguration(built, form), form, serverUrl, built, env);
}

function webhookConfiguration(built: BuiltPackage, form: Form): unknown {
  const secret = (region: string) =>
    form.secrets === "shared" ? "${var.secret}" : `\${var.secrets[${region}]}`;
  return {
    ...configuration("konnectaudit_webhook", form, (region, reference) => ({
      region,
      endpoint: "https://siem.example.com/audit-logs",
      authorization: secret(reference),
    })),
    terraform: {
      required_providers: { konnectaudit: { source: providerSource, version: built.version } },
    },
  };
}

function baselineConfiguration(form: Form): unknown {
  return configuration("terraform_data", form, (region) => ({ input: region }));
}

/** @param body makes a resource's arguments from the region, and from the expression that names it */
function configuration(
  type: string,
  { count, form }: Form,
  body: (region: string, reference: string) => object,
): object {
  const regions = madeUpRegions(count);
  const resources =
    form === "instances"
      ? {
          w: {
            for_each: `\${toset(${JSON.stringify(regions)})}`,
            ...body("${each.key}", "each.key"),
          },
        }
      : Object.fromEntries(regions.map((region) => [region, body(region, JSON.stringify(region))]));
  const variable = { ephemeral: true, sensitive: true };
  return {
    variable: {
      secret: { type: "string", ...variable },
      secrets: { type: "map(string)", ...variable },
    },
    resource: { [type]: resources },
  };
}

async function workspace(
  configuration: unknown,
  { count }: Form,
  serverUrl: string,
  built?: BuiltPackage,
  additional: Record<string, string> = {},
) {
  const folder = mkdtempSync(join(tmpdir(), "konnect-audit-bench-"));
  writeFileSync(join(folder, "main.tf.json"), JSON.stringify(configuration));
  if (built) installPackage(built, folder);
  const secrets = madeUpRegions(count).map((region) => [region, `Bearer bench ${region}`]);
  const env = {
    PATH: process.env.PATH,
    HOME: process.env.HOME,
    CHECKPOINT_DISABLE: "1",
    TF_CLI_CONFIG_FILE: "/dev/null",
    KONNECT_TOKEN: "kpat_bench",
    KONNECT_SERVER_URL: serverUrl,
    TF_VAR_secret: "Bearer bench",
    TF_VAR_secrets: JSON.stringify(Object.fromEntries(secrets)),
    ...additional,
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
