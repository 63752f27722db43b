import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { App, LocalBackend, TerraformOutput, TerraformStack, TerraformVariable } from "cdktf";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import {
  AuditLogDestination,
  AuditLogWebhook,
  AuditLogWebhooks,
  DataKonnectauditDestinations,
  DataKonnectauditJwks,
  DataKonnectauditWebhook,
  DeliveryGate,
  type DeliveryGateOptions,
  KonnectAuditProvider,
  PortalAuditLogWebhook,
  ReplayJob,
  Secret,
  Siem,
} from "../../src/index.js";
import { bundleProviderPackage } from "../support/provider-package.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { searchSecrets } from "../support/search-secrets.js";
import { finished } from "../support/terraform.js";
import { isAtLeast, terraformHost } from "../support/terraform-host.js";
import { temporaryFolder } from "./support.js";

const planted = "planted-siem-credential";
let emulator: Emulator;
let siem: Awaited<ReturnType<typeof startScriptedServer>>;
/** What the SIEM answers to deliveries. */
let siemStatus: number;

beforeEach(async () => {
  emulator = await startEmulator();
  siemStatus = 202;
  siem = await startScriptedServer((response) => response.writeHead(siemStatus).end());
  return async () => {
    await emulator.close();
    await siem[Symbol.asyncDispose]();
  };
});

/** Synthesizes with the provider package that the build made, into a folder that can be moved. */
function synthesized(define: (stack: TerraformStack) => void, outdir = temporaryFolder()): string {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "audit");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  define(stack);
  app.synth();
  return join(app.outdir, "stacks/audit");
}

/** One webhook in eu, delivering to the test's SIEM, with its gate. */
function demoStack(gate: DeliveryGateOptions = {}) {
  return (stack: TerraformStack) => {
    new KonnectAuditProvider(stack, "konnect", { serverUrl: emulator.serverUrl });
    const webhook = new AuditLogWebhook(stack, "eu", {
      region: "eu",
      endpoint: `${siem.url}/audit-logs`,
      authorization: Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer "),
    });
    new DeliveryGate(stack, "gate", { webhook, within: "20s", ...gate });
  };
}

async function terraform(folder: string, command: string, env: Record<string, string> = {}) {
  const child: ChildProcess = spawn(
    process.env.TERRAFORM_BINARY_NAME || "terraform",
    [...command.split(" "), "-no-color"],
    {
      cwd: folder,
      env: {
        PATH: process.env.PATH,
        HOME: folder,
        TF_CLI_CONFIG_FILE: "/dev/null",
        CHECKPOINT_DISABLE: "1",
        KONNECT_TOKEN: "kpat_test",
        ...env,
      },
      stdio: ["ignore", "pipe", "pipe"],
    },
  );
  const { exitCode, stdout, stderr } = await finished(child);
  return { exitCode, text: `${stdout}${stderr}`.replace(/[│╷╵\s]+/g, " ") };
}

async function succeed(folder: string, command: string, env?: Record<string, string>) {
  const result = await terraform(folder, command, env);
  expect(result.exitCode, `terraform ${command}: ${result.text}`).toBe(0);
  return result.text;
}

/** True if the host takes references in a module's source: OpenTofu, and Terraform since 1.15. */
function sourceIsTemplate(): boolean {
  const host = terraformHost();
  return host.product === "OpenTofu" || isAtLeast(host, "1.15");
}

/** The registry may be out of reach where tests run, so hashicorp/null is a small provider of ours under its address. */
async function standInForNull(folder: string): Promise<void> {
  const address = `${terraformHost().registryHost}/hashicorp/null`;
  const entry = resolve(import.meta.dirname, "../terraform/fixtures/null-provider.ts");
  const standIn = await bundleProviderPackage(entry, { address, version: "3.2.4" });
  onTestFinished(standIn.cleanup);
  const platform = `${process.platform}_${process.arch === "x64" ? "amd64" : process.arch}`;
  const target = join(folder, "terraform.d/plugins", address, "3.2.4", platform);
  mkdirSync(target, { recursive: true });
  cpSync(standIn.dir, target, { recursive: true });
}

const init = "init -input=false -lockfile=readonly";
const plan = "plan -input=false -detailed-exitcode";
const credential = { TF_VAR_SIEM_TOKEN: planted };

describe("The real terraform", { timeout: 60_000 }, () => {
  test("accepts the JSON of every construct with the lock file as synth wrote it", async () => {
    const folder = synthesized((stack) => {
      const token = Secret.fromEnvironment("SIEM_TOKEN");
      const gate = {
        carrier: "terraform_data",
        evidence: "signature",
        receiver: "events",
      } as const;
      new KonnectAuditProvider(stack, "konnect", { requestTimeout: 10, maxRetries: 2 });
      const labs = new KonnectAuditProvider(stack, "labs", {
        alias: "labs",
        personalAccessToken: Secret.fromEnvironment("LABS_TOKEN"),
      });
      new AuditLogWebhook(stack, "us", {
        ...{ region: "us", existing: "import", removalPolicy: "retain", gate },
        siem: Siem.splunk({ host: "splunk.example.com", token }),
      });
      new AuditLogWebhook(stack, "eu", {
        ...{ region: "eu", existing: "adopt", enabled: false, authorizationVersion: 2 },
        siem: Siem.datadog({ apiKey: Secret.fromEnvironment("DATADOG_API_KEY") }),
      });
      new AuditLogWebhooks(stack, "labs-regions", {
        ...{ regions: ["us", "eu", "au"], provider: labs, gate },
        siem: Siem.sumoLogic({ url: Secret.fromEnvironment("SUMO_URL") }),
        overrides: {
          au: { siem: Siem.crowdStrike({ url: "https://cs.example.com", apiKey: token }) },
        },
      });
    });
    await succeed(folder, init);
    expect(await succeed(folder, "validate")).toContain("The configuration is valid.");
  });

  test("accepts the JSON of destinations, of what is bound to them, and of the data sources", async () => {
    const folder = synthesized((stack) => {
      const portalId = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7";
      new KonnectAuditProvider(stack, "konnect");
      const destination = new AuditLogDestination(stack, "siem", {
        name: "siem",
        siem: Siem.dynatrace({
          host: "abc12345.live.dynatrace.com",
          token: Secret.fromEnvironment("DYNATRACE_TOKEN"),
        }),
      });
      destination.bindTo("eu", { gate: { carrier: "terraform_data" } });
      new PortalAuditLogWebhook(stack, "portal", { region: "eu", portalId, destination });
      const [startAt, endAt] = ["2026-11-22T13:00:00Z", "2026-11-22T14:00:00Z"];
      new ReplayJob(stack, "replay", { region: "eu", startAt, endAt, wait: true, waitTimeout: 60 });
      const jwks = new DataKonnectauditJwks(stack, "jwks", { region: "eu" });
      const all = new DataKonnectauditDestinations(stack, "all", { name: "siem" });
      const webhook = new DataKonnectauditWebhook(stack, "webhook", { region: "us" });
      const value = [jwks.keys.get(0).x, all.destinations.get(0).id, webhook.configured];
      new TerraformOutput(stack, "references", { value });
    });
    await succeed(folder, init);
    expect(await succeed(folder, "validate")).toContain("The configuration is valid.");
  });

  test("proves delivery again when the destination behind a binding was changed", async () => {
    const define = (path: string) => (stack: TerraformStack) => {
      new KonnectAuditProvider(stack, "konnect", { serverUrl: emulator.serverUrl });
      const endpoint = `${siem.url}${path}`;
      const authorization = Secret.fromEnvironment("SIEM_TOKEN");
      const config = { name: "siem", endpoint, authorization };
      const destination = new AuditLogDestination(stack, "siem", config);
      destination.bindTo("eu", { gate: { carrier: "terraform_data", within: "20s" } });
    };
    const outdir = temporaryFolder();
    const folder = synthesized(define("/first"), outdir);
    await succeed(folder, init);
    expect(await succeed(folder, "apply -auto-approve", credential)).toContain(
      "1 of 1 region verified",
    );
    expect((await terraform(folder, plan)).exitCode).toBe(0);
    synthesized(define("/second"), outdir);
    const second = await succeed(folder, "apply -auto-approve", credential);
    expect(second).toContain("1 of 1 region verified");
    expect(second).toContain("1 added, 1 changed, 1 destroyed");
    await succeed(folder, "destroy -auto-approve");
  });

  test("deploys with the credential; plans, finds nothing to do and destroys without it", async () => {
    const folder = synthesized(demoStack());
    await succeed(folder, init);
    expect(await succeed(folder, "apply -auto-approve", credential)).toContain(
      "1 of 1 region verified",
    );
    expect((await terraform(folder, plan)).exitCode).toBe(0);
    expect(searchSecrets(folder, [planted])).toEqual([]);
    await succeed(folder, "destroy -auto-approve");
    expect(siem.requests.map(({ headers }) => headers.authorization)).toContain(
      `Bearer ${planted}`,
    );
  });

  test("fails a deploy without the credential at once, naming its variable", async () => {
    const folder = synthesized(demoStack());
    await succeed(folder, init);
    const { exitCode, text } = await terraform(folder, "apply -auto-approve");
    expect(exitCode).toBe(1);
    expect(text).toContain("authorization is missing for the new webhook");
    expect(text).toContain("var.SIEM_TOKEN");
  });

  test.each(["", "  "])("takes a secret that is %j for none", async (empty) => {
    const folder = synthesized(demoStack());
    const withoutSecret = { TF_VAR_SIEM_TOKEN: empty };
    await succeed(folder, init);
    const missing = await terraform(folder, "apply -auto-approve", withoutSecret);
    expect(missing.exitCode).toBe(1);
    expect(missing.text).toContain("authorization is missing for the new webhook");
    expect(missing.text).toContain("var.SIEM_TOKEN");

    await succeed(folder, "apply -auto-approve", credential);
    expect((await terraform(folder, plan, withoutSecret)).exitCode).toBe(0);
    expect(await succeed(folder, "apply -auto-approve", withoutSecret)).toContain("0 changed");
    await emulator.idle();
    const delivered = new Set(siem.requests.map(({ headers }) => headers.authorization));
    expect([...delivered]).toEqual([`Bearer ${planted}`]);
    await succeed(folder, "destroy -auto-approve", withoutSecret);
  });

  test.each(["planted ", "planted\n", "plant\u00ebd", "plan\tted"])(
    "refuses the secret %j at plan, naming its variable and not its value",
    async (value) => {
      const folder = synthesized(demoStack());
      await succeed(folder, init);
      const refused = await terraform(folder, plan, { TF_VAR_SIEM_TOKEN: value });
      expect(refused.exitCode).toBe(1);
      expect(refused.text).toContain("TF_VAR_SIEM_TOKEN begins or ends with a blank");
      expect(refused.text).not.toContain("plan\tted");
      expect(refused.text).not.toContain("plant");
    },
  );

  test("wants a token that a provider was given, instead of taking the one in KONNECT_TOKEN", async () => {
    const folder = synthesized((stack) => {
      const personalAccessToken = Secret.fromEnvironment("LABS_TOKEN");
      const serverUrl = emulator.serverUrl;
      new KonnectAuditProvider(stack, "konnect", { serverUrl, personalAccessToken });
      new AuditLogWebhook(stack, "eu", { region: "eu", endpoint: siem.url });
    });
    await succeed(folder, init);
    const refused = await terraform(folder, plan);
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toContain("Set TF_VAR_LABS_TOKEN");
    const empty = await terraform(folder, plan, { TF_VAR_LABS_TOKEN: " " });
    expect(empty.text).toContain("Set TF_VAR_LABS_TOKEN");
    expect((await terraform(folder, plan, { TF_VAR_LABS_TOKEN: "kpat_labs" })).exitCode).toBe(2);
  });

  test("warns in later plans when deliveries have died, and still finds nothing to do", async () => {
    const folder = synthesized(demoStack());
    await succeed(folder, init);
    await succeed(folder, "apply -auto-approve", credential);
    siemStatus = 403;
    await terraform(folder, plan); // its calls are audit events, which Konnect delivers
    await emulator.idle();
    const { exitCode, text } = await terraform(folder, plan);
    expect(text).toMatch(/Check block assertion failed.*region eu fail: 403/);
    expect(exitCode).toBe(0);
  });

  test("shows the SIEM's words in a warning without what a terminal or a CI system would obey", async () => {
    const stack = JSON.parse(
      readFileSync(join(synthesized(demoStack()), "cdk.tf.json"), "utf8"),
    ) as { check: Record<string, { assert: [{ error_message: string }] }> };
    const [check] = Object.values(stack.check);
    const status = /data\.konnectaudit_webhook_status\.\w+/g;
    const value = check?.assert[0].error_message.replaceAll(status, "var.status");
    const folder = temporaryFolder();
    const variable = {
      status: {
        type: "object({region=string,webhook_status=string,webhook_enabled=bool,last_response_code=number,last_response_message=string})",
      },
    };
    writeFileSync(
      join(folder, "main.tf.json"),
      JSON.stringify({ variable, output: { words: { value } } }),
    );
    const told = async (words: string) => {
      const given = {
        region: "eu",
        webhook_status: "active",
        webhook_enabled: true,
        last_response_code: 403,
        last_response_message: words,
      };
      await succeed(folder, "apply -auto-approve", { TF_VAR_status: JSON.stringify(given) });
      return succeed(folder, "output -raw words");
    };
    await succeed(folder, init);
    expect(await told("Forbidden: ungültig")).toContain("fail: 403 (Forbidden: ungültig).");
    const hostile = await told("\u001b[31mx\n::stop-commands::y\r##[error]z \u202eq ##vso[a]");
    expect(hostile).toContain("fail: 403 ( [31mx stop-commands y [error]z q vso[a]).");
    expect((await told("x".repeat(5_000))).length).toBeLessThan(400);
  });

  test("fails the deploy when events don't arrive, and leaves the webhook untainted", async () => {
    siemStatus = 401;
    const folder = synthesized(demoStack());
    await succeed(folder, init);
    const failed = await terraform(folder, "apply -auto-approve", credential);
    expect(failed.exitCode).toBe(1);
    expect(failed.text).toMatch(/eu: refused: the endpoint answered 401/);
    const next = await terraform(folder, plan);
    expect(next.exitCode).toBe(2);
    expect(next.text).toMatch(/1 to add, 0 to change, 1 to destroy/);
    expect(next.text).not.toMatch(/konnectaudit_webhook\S+ (is tainted|must be replaced)/);
  });

  test("runs a saved plan in the folder packed with tar and unpacked elsewhere", async () => {
    const folder = synthesized(demoStack());
    await succeed(folder, init);
    expect((await terraform(folder, `${plan} -out=plan.bin`, credential)).exitCode).toBe(2);
    const elsewhere = temporaryFolder();
    const archive = join(elsewhere, "stack.tar");
    execFileSync("tar", ["-cf", archive, "--exclude=.terraform", "-C", folder, "."]);
    execFileSync("tar", ["-xf", archive, "-C", elsewhere]);
    await succeed(elsewhere, init);
    expect(await succeed(elsewhere, "apply plan.bin", credential)).toContain(
      "1 of 1 region verified",
    );
  });

  test("runs gate and preflight in a module whose folder no shell could take as it is", async () => {
    const name = '-my stäck\'s $(touch pwned) `touch pwned` "x" ${y}';
    const synthesizedInto = synthesized((stack) => {
      new KonnectAuditProvider(stack, "konnect", { serverUrl: emulator.serverUrl });
      new AuditLogWebhook(stack, "eu", {
        ...{ region: "eu", endpoint: `${siem.url}/it's?$(touch%20pwned)`, healthCheck: false },
        authorization: Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer "),
        gate: { preflight: true, within: "20s" },
      });
    });
    const root = temporaryFolder();
    cpSync(synthesizedInto, join(root, name), { recursive: true });
    cpSync(join(synthesizedInto, "terraform.d"), join(root, "terraform.d"), { recursive: true });
    cpSync(join(synthesizedInto, ".terraform.lock.hcl"), join(root, ".terraform.lock.hcl"));
    // Newer hosts evaluate a module's source as a template; 1.11 takes it as it is.
    const source = sourceIsTemplate() ? `./${name}`.replaceAll("${", () => "$${") : `./${name}`;
    const module = { audit: { source, SIEM_TOKEN: "${var.SIEM_TOKEN}" } };
    const variable = { SIEM_TOKEN: { type: "string", ephemeral: true } };
    writeFileSync(join(root, "main.tf.json"), JSON.stringify({ module, variable }));
    await succeed(root, init);
    const told = await succeed(root, "apply -auto-approve", credential);
    expect(told).toContain("1 of 1 region verified");
    expect(told).toMatch(/preflight[^:]*\(local-exec\)/);
    expect(readdirSync(root)).not.toContain("pwned");
  });

  test.each(["terraform_data", "null_resource"] as const)(
    "takes values that Terraform puts into the command of a %s for what they are",
    async (carrier) => {
      const folder = synthesized((stack) => {
        const receiver = new TerraformVariable(stack, "receiver", { type: "string" }).stringValue;
        const serverUrl = new TerraformVariable(stack, "server_url", { type: "string" });
        new KonnectAuditProvider(stack, "konnect", { serverUrl: serverUrl.stringValue });
        new AuditLogWebhook(stack, "eu", {
          ...{ region: "eu", endpoint: `${siem.url}/audit-logs`, healthCheck: false },
          authorization: Secret.fromEnvironment("SIEM_TOKEN"),
          gate: { carrier, receiver, within: "5s" },
        });
      });
      if (carrier === "null_resource") await standInForNull(folder);
      await succeed(folder, "init -input=false");
      const env = {
        ...credential,
        TF_VAR_receiver: "x' ; touch pwned ; echo '\"$(touch pwned)`touch pwned`",
        TF_VAR_server_url: emulator.serverUrl,
      };
      const failed = await terraform(folder, "apply -auto-approve", env);
      expect(failed.exitCode).toBe(1);
      expect(failed.text).toContain("touch pwned");
      expect(readdirSync(folder)).not.toContain("pwned");
    },
  );

  test("runs a gate that the null provider carries, which a stand-in plays", async () => {
    const folder = synthesized(demoStack({ carrier: "null_resource" }));
    await standInForNull(folder);
    await succeed(folder, "init -input=false");
    expect(await succeed(folder, "apply -auto-approve", credential)).toContain(
      "1 of 1 region verified",
    );
    expect((await terraform(folder, plan)).exitCode).toBe(0);
  });
});
