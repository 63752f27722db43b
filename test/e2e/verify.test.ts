import { spawn } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { beforeEach, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { konnectKeys } from "../../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../../src/receiver/server.js";
import { verificationReportSchema } from "../../src/verifier/report.js";
import { createCdktfProject } from "../support/cdktf-project.js";
import { findSecrets } from "../support/search-secrets.js";
import { finished } from "../support/terraform.js";
import { createWorkspace, dist } from "../support/workspace.js";

const authorization = "Bearer planted-siem-credential";
const token = "kpat_planted_verify_token";
const secrets = [authorization, token];
let emulator: Emulator;
let konnect: KonnectClient;
let receiver: Receiver;
let env: Record<string, string>;

beforeEach(async () => {
  emulator = await startEmulator({ knobs: { flushIntervalMs: 50 } });
  const { serverUrl } = emulator;
  const keys = konnectKeys({ regions: ["eu", "us"], serverUrl });
  receiver = await startReceiver({ authorization, keys });
  konnect = createKonnectClient({ token, serverUrl, userAgent: "somebody" });
  env = { KONNECT_TOKEN: token, KONNECT_SERVER_URL: serverUrl };
  return async () => {
    await konnect.close();
    await emulator.close();
    await receiver.close();
  };
});

/** The built command line, as a user starts it. */
function konnectAudit(args: readonly string[], cwd: string, extra: Record<string, string> = {}) {
  return spawn(process.execPath, [join(dist, "cli/main.js"), ...args], {
    cwd,
    env: { PATH: process.env.PATH, CI: "true", ...env, ...extra },
  });
}

const webhooks = (endpoint: string) => `
  variable "secret" {
    type      = string
    ephemeral = true
    default   = null
  }
  resource "konnectaudit_webhook" "siem" {
    for_each      = toset(["eu", "us"])
    region        = each.key
    endpoint      = "${endpoint}"
    authorization = var.secret
    log_format    = "json"
  }
  output "webhooks" {
    value = [for webhook in konnectaudit_webhook.siem : {
      region = webhook.region, endpoint = webhook.endpoint, log_format = webhook.log_format
    }]
  }`;

describe("konnect-audit verify after a deploy", { timeout: 120_000 }, () => {
  test("proves what Terraform's outputs say, and notices what somebody changed since", async () => {
    await using workspace = await createWorkspace({ ...env, TF_VAR_secret: authorization });
    const { dir, succeed } = workspace;
    await workspace.write(webhooks(receiver.url));
    await succeed("init -input=false");
    await succeed("apply -auto-approve");
    await writeFile(join(dir, "outputs.json"), (await succeed("output -json")).stdout);

    const args = [
      ...["verify", "--terraform-output", "outputs.json", "--receiver", receiver.url],
      ...["--evidence", "signature", "--every", "200ms"],
      ...["--report", "r.json", "r.xml", "r.md", "r.html", "r.txt"],
    ];
    const proven = await finished(konnectAudit(args, dir));
    expect(proven.exitCode, proven.text).toBe(0);
    expect(proven.stdout).toMatch(/eu +delivered +probe at the receiver, signature valid/);
    expect(proven.stdout).toMatch(/us +delivered/);
    const files = ["r.json", "r.xml", "r.md", "r.html", "r.txt"];
    const reports = await Promise.all(files.map((file) => readFile(join(dir, file), "utf8")));
    verificationReportSchema.parse(JSON.parse(reports[0] ?? ""));
    for (const report of reports) expect(report).toContain("delivered");
    expect(findSecrets([...reports, proven.stdout, proven.stderr].join(), secrets)).toEqual([]);

    await konnect.updateWebhook("us", { log_format: "cef" });
    const changed = await finished(konnectAudit(args, dir));
    expect(changed.exitCode).toBe(2);
    expect(changed.stdout).toMatch(/us +misconfigured +log_format not as expected/);
    expect(changed.stdout).toContain("log_format: expected json, found cef");
  });

  test("proves what a synthesized stack declares", async () => {
    await using project = await createCdktfProject({
      app: `
        import { App, TerraformStack } from "cdktf";
        import { AuditLogDestination, AuditLogWebhook, KonnectAuditProvider, Secret } from "konnect-audit";
        const app = new App();
        const stack = new TerraformStack(app, "audit");
        new KonnectAuditProvider(stack, "konnect");
        const connection = {
          endpoint: "${receiver.url}",
          authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
          logFormat: "json",
        };
        new AuditLogWebhook(stack, "eu", { region: "eu", ...connection });
        const destination = new AuditLogDestination(stack, "siem", { name: "siem", ...connection });
        destination.bindTo("us");
        app.synth();`,
      env: { ...env, TF_VAR_SIEM_AUTHORIZATION: authorization },
    });
    await project.deploy("audit");
    const args = ["verify", "--stack", "audit", "--receiver", receiver.url, "--every", "200ms"];
    const proven = await finished(konnectAudit(args, project.dir));
    expect(proven.exitCode, proven.text).toBe(0);
    expect(proven.stdout).toMatch(/eu +delivered[\s\S]*us +delivered[\s\S]*2 of 2 regions/);

    const other = "https://elsewhere.example.com/in";
    await konnect.updateWebhook("eu", { endpoint: other });
    const { text, exitCode } = await finished(konnectAudit(args, project.dir));
    expect(exitCode).toBe(2);
    expect(text).toContain("eu misconfigured");
    expect(text).toContain(`endpoint: expected ${receiver.url}, found ${other}`);
  });

  test("ends at once when it is interrupted, with what it knew, and has changed nothing", async () => {
    await konnect.updateWebhook("eu", { endpoint: receiver.url, authorization, enabled: true });
    const before = (await konnect.getWebhook("eu")).body;
    emulator.faults.add({ delivery: { kind: "drop" } });
    const first = emulator.requests.length;
    const args = ["verify", "--region", "eu", "--receiver", receiver.url, "--json"];
    const child = konnectAudit(args, process.cwd());
    child.stderr?.once("data", () => child.kill("SIGINT"));
    const { exitCode, stdout } = await finished(child);
    expect(exitCode).toBe(1);
    const [region] = verificationReportSchema.parse(JSON.parse(stdout)).regions;
    expect(region).toMatchObject({ verdict: null, error: { code: "VERIFY_STOPPED" } });
    const methods = emulator.requests.slice(first).map(({ method }) => method);
    expect(new Set(methods)).toEqual(new Set(["GET"]));
    expect((await konnect.getWebhook("eu")).body).toEqual(before);
  });
});
