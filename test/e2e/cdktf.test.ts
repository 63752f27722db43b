import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createCdktfProject } from "../support/cdktf-project.js";
import { nullProviderName, provideNullProvider } from "../support/null-provider.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { findSecrets, searchSecrets } from "../support/search-secrets.js";
import { createStage } from "../support/stage.js";

const credential = "Bearer planted-cdktf-credential";

/** An app of one stack with a webhook in eu. */
function appOf(endpoint: string, options: string, imports = ""): string {
  return `
    import { App, TerraformStack } from "cdktf";
    import { AuditLogWebhook, KonnectAuditProvider, Secret } from "konnect-audit";
    ${imports}
    const app = new App();
    const stack = new TerraformStack(app, "audit");
    new KonnectAuditProvider(stack, "konnect");
    new AuditLogWebhook(stack, "eu", {
      region: "eu",
      endpoint: "${endpoint}",
      authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
      ${options}
    });
    app.synth();`;
}

async function createCdktfStage(
  options: string,
  extra: { endpoint?: string; nullProvider?: boolean } = {},
) {
  const stage = await createStage();
  const nullProvider = extra.nullProvider ? await provideNullProvider() : undefined;
  const project = await createCdktfProject({
    app: appOf(extra.endpoint ?? stage.endpoint, options),
    providers: nullProvider?.providers ?? [],
    env: {
      KONNECT_TOKEN: "kpat_planted_cdktf_token",
      KONNECT_SERVER_URL: stage.emulator.serverUrl,
      TF_VAR_SIEM_AUTHORIZATION: credential,
    },
  });
  return {
    ...stage,
    project,
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]();
      await nullProvider?.cleanup();
      await stage[Symbol.asyncDispose]();
    },
  };
}

const noCredential = { TF_VAR_SIEM_AUTHORIZATION: undefined };

describe("a plain cdktf deploy", { timeout: 240_000 }, () => {
  test("finds the provider, keeps the credential to itself, and needs it for nothing but the deploy", async () => {
    await using stage = await createCdktfStage("");
    const { project, somebody, endpoint } = stage;
    const missing = await project.cdktf("deploy audit --auto-approve", noCredential);
    expect(missing.exitCode).toBe(1);
    expect(missing.text).toMatch(/authorization is missing for the new webhook in region "eu"/);
    expect(missing.text).toContain("SIEM_AUTHORIZATION");

    const deployed = await project.deploy("audit");
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, enabled: true });
    expect(await stage.deliveredAuthorization("eu")).toBe(credential);
    expect(searchSecrets(project.dir, [credential, "kpat_planted_cdktf_token"])).toEqual([]);
    expect(findSecrets(deployed.stdout + deployed.stderr, [credential])).toEqual([]);

    // Nothing outside of the stack's folder, but for the state that cdktf keeps beside the app.
    const written = (await readdir(project.dir)).filter((name) => !name.endsWith(".backup"));
    expect(written.sort()).toEqual([
      "app.mjs",
      "cdktf.json",
      "cdktf.out",
      "home",
      "node_modules",
      "terraform.audit.tfstate",
    ]);

    const inSync = await project.konnectAudit("drift --json", noCredential);
    expect(inSync.exitCode, inSync.text).toBe(0);
    await somebody.updateWebhook("eu", { log_format: "json" });
    const drifted = await project.konnectAudit("drift --json --no-synth", noCredential);
    expect(drifted.exitCode).toBe(2);
    const report = JSON.parse(drifted.stdout);
    expect(report).toMatchObject({ schemaVersion: 1, verdict: "out of sync" });
    expect(report.stacks[0].findings).toEqual([
      expect.objectContaining({
        kind: "drift",
        region: "eu",
        field: "log_format",
        expected: "cef",
        actual: "json",
      }),
    ]);

    const destroyed = await project.cdktf("destroy audit --auto-approve", noCredential);
    expect(destroyed.exitCode, destroyed.text).toBe(0);
    expect((await somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
  });

  test("leaves its lock file as it is the next time", async () => {
    await using stage = await createCdktfStage("");
    const { project } = stage;
    await project.deploy("audit");
    const lockFile = join(project.stackFolder("audit"), ".terraform.lock.hcl");
    const lock = await readFile(lockFile, "utf8");
    expect(lock).toMatch(/provider "local\/konnect-audit\/konnectaudit" \{\n {2}version {5}= "/);
    await project.deploy("audit");
    expect(await readFile(lockFile, "utf8")).toBe(lock);
  });
});

describe("the health check", { timeout: 240_000 }, () => {
  test("leaves the plan's exit code at 0 whether it passes or fails; drift shows it, where wanted", async () => {
    let status = 202;
    await using siem = await startScriptedServer((response) => response.writeHead(status).end());
    await using stage = await createCdktfStage("", { endpoint: `${siem.url}/in` });
    const { project, somebody, emulator } = stage;
    await project.deploy("audit");
    const folder = project.stackFolder("audit");
    const deliver = async () => {
      await somebody.getWebhook("eu");
      await emulator.idle();
    };
    const planned = async () => {
      const plan = await project.terraform("plan -input=false -detailed-exitcode", folder);
      expect(plan.exitCode, plan.text).toBe(0);
      return plan.text;
    };
    const drift = async () => {
      const { exitCode, stdout } = await project.konnectAudit("drift --no-synth --json");
      const { findings } = JSON.parse(stdout).stacks[0];
      return { exitCode, kinds: findings.map(({ kind }: { kind: string }) => kind) };
    };
    await deliver();
    expect(await planned()).not.toMatch(/Check block assertion failed/);
    expect(await drift()).toEqual({ exitCode: 0, kinds: [] });

    status = 403;
    await deliver();
    expect(await planned()).toMatch(
      /Check block assertion failed.*Deliveries of audit events from region eu fail: 403/,
    );
    expect(await drift()).toEqual({ exitCode: 2, kinds: ["delivery failing"] });
    const withoutHealth = await project.konnectAudit("drift --no-synth --health=off");
    expect(withoutHealth.exitCode).toBe(0);
  });
});

describe("the gate", { timeout: 240_000 }, () => {
  test.each([
    ["terraform_data", "built in", false],
    ["null_resource", nullProviderName, true],
  ] as const)(
    "carried by %s (%s) fails a deploy that does not deliver, spares the webhook, and runs again",
    async (carrier, _, nullProvider) => {
      let status = 401;
      await using siem = await startScriptedServer((response) => response.writeHead(status).end());
      await using stage = await createCdktfStage(
        `gate: { carrier: "${carrier}", within: "20s" },`,
        {
          endpoint: `${siem.url}/in`,
          nullProvider,
        },
      );
      const { project, somebody } = stage;
      const failed = await project.cdktf("deploy audit --auto-approve");
      expect(failed.exitCode).toBe(1);
      expect(failed.text).toMatch(/eu: refused.*401/);
      const state = JSON.parse(
        await readFile(join(project.dir, "terraform.audit.tfstate"), "utf8"),
      );
      const instances = Object.fromEntries(
        state.resources
          .filter(({ mode }: { mode: string }) => mode === "managed")
          .map(
            ({
              type,
              instances: [instance],
            }: {
              type: string;
              instances: [{ status?: string }];
            }) => [type, instance.status ?? "fine"],
          ),
      );
      expect(instances).toEqual({ konnectaudit_webhook: "fine", [carrier]: "tainted" });

      const gateFailed = await project.konnectAudit("drift --no-synth --json --health=off");
      expect(gateFailed.exitCode).toBe(2);
      expect(JSON.parse(gateFailed.stdout).stacks[0].findings).toEqual([
        expect.objectContaining({ kind: "gate failed", region: "eu" }),
      ]);

      // What cdktf deploy does from here on is Terraform's work in the stack's folder.
      const apply = async () => {
        const command = "apply -input=false -auto-approve";
        const applied = await project.terraform(command, project.stackFolder("audit"));
        expect(applied.exitCode, applied.text).toBe(0);
        return applied.text;
      };
      status = 202;
      expect(await apply()).toMatch(/eu: accepting/);
      expect((await project.konnectAudit("drift --no-synth")).exitCode).toBe(0);

      // A repair of drift is proven as well; an edit that was reverted is nothing to prove.
      await somebody.updateWebhook("eu", { enabled: false });
      expect(await apply()).toMatch(/eu: accepting/);
      await somebody.updateWebhook("eu", { enabled: false });
      await somebody.updateWebhook("eu", { enabled: true });
      expect(await apply()).not.toMatch(/eu: accepting/);
    },
  );
});
