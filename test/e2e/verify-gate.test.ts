import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, LocalBackend, TerraformStack } from "cdktf";
import { beforeEach, describe, expect, onTestFinished, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import {
  AuditLogDestination,
  AuditLogWebhook,
  KonnectAuditProvider,
  Secret,
} from "../../src/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { startScriptedServer } from "../support/scripted-server.js";
import { findSecrets, searchSecrets } from "../support/search-secrets.js";
import { type Environment, finished } from "../support/terraform.js";

const planted = "planted-gate-credential";
const credential = { TF_VAR_SIEM_TOKEN: planted };
let emulator: Emulator;
let konnect: KonnectClient;
let siem: Awaited<ReturnType<typeof startScriptedServer>>;
/** What the SIEM answers. */
let answer: { status: number; body: string };

beforeEach(async () => {
  emulator = await startEmulator();
  konnect = createKonnectClient({ token: "kpat_gate", serverUrl: emulator.serverUrl });
  answer = { status: 200, body: "" };
  siem = await startScriptedServer((response) =>
    response.writeHead(answer.status).end(answer.body),
  );
  return async () => {
    await konnect.close();
    await emulator.close();
    await siem[Symbol.asyncDispose]();
  };
});

/** A folder for the app's output, and terraform in its stack's folder. */
async function stage() {
  const dir = await mkdtemp(join(tmpdir(), "konnect-audit-gate-"));
  onTestFinished(() => rm(dir, { recursive: true, force: true }));
  const terraform = (args: string, env: Environment = {}) =>
    finished(
      spawn(process.env.TERRAFORM_BINARY_NAME ?? "terraform", [...args.split(" "), "-no-color"], {
        cwd: join(dir, "stacks/audit"),
        env: {
          PATH: process.env.PATH,
          HOME: dir,
          TF_CLI_CONFIG_FILE: "/dev/null",
          CHECKPOINT_DISABLE: "1",
          KONNECT_TOKEN: "kpat_gate",
          ...env,
        } as NodeJS.ProcessEnv,
      }),
    );
  const succeed = async (args: string, env?: Environment) => {
    const result = await terraform(args, env);
    expect(result.exitCode, result.text).toBe(0);
    return result;
  };
  return { dir, terraform, succeed };
}

/** A stack with one webhook, of its own or bound to a destination, whose gate requires a preflight. */
function synthesize(path: string, outdir: string, kind: "webhook" | "destination" = "webhook") {
  const app = new App({ outdir });
  const stack = new TerraformStack(app, "audit");
  new LocalBackend(stack, { path: "terraform.tfstate" });
  new KonnectAuditProvider(stack, "konnect", { serverUrl: emulator.serverUrl });
  const gate = { preflight: true, carrier: "terraform_data", within: "20s" } as const;
  const connection = {
    endpoint: new URL(path, siem.url).href,
    authorization: Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Splunk "),
  };
  if (kind === "webhook") new AuditLogWebhook(stack, "eu", { region: "eu", ...connection, gate });
  else
    new AuditLogDestination(stack, "siem", { name: "siem", ...connection }).bindTo("eu", { gate });
  app.synth();
}

describe("a gate that requires a preflight", { timeout: 90_000 }, () => {
  test("keeps a refused credential from ever reaching the webhook, and names the fix", async () => {
    const { dir, terraform, succeed } = await stage();
    synthesize("/services/collector/raw", dir);
    await succeed("init -input=false");

    answer = { status: 403, body: '{"text":"Invalid token","code":4}' };
    const refused = await terraform("apply -auto-approve", credential);
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toMatch(
      /preflight: refused: the endpoint answered 403 Forbidden .*It said: .*Invalid token.*Fix: Splunk: the token is unknown/,
    );
    expect((await konnect.getWebhook("eu")).body.endpoint).toBe("unconfigured");
    expect(findSecrets(refused.stdout + refused.stderr, [planted])).toEqual([]);

    answer = { status: 200, body: '{"text":"Success","code":0}' };
    const deployed = await terraform("apply -auto-approve", credential);
    expect(deployed.text).toContain("preflight: accepted: the endpoint answered 200 OK");
    expect(deployed.text).toContain("1 of 1 region verified");
    expect((await terraform("plan -detailed-exitcode")).exitCode).toBe(0);
    expect(searchSecrets(dir, [planted])).toEqual([]);
    const [posted] = siem.requests.filter(({ headers }) => headers.authorization);
    expect(posted?.headers.authorization).toBe(`Splunk ${planted}`);
  });

  test("leaves the webhook where it is when the new endpoint refuses", async () => {
    const { dir, terraform, succeed } = await stage();
    synthesize("/first", dir);
    await succeed("init -input=false");
    await succeed("apply -auto-approve", credential);

    synthesize("/second", dir);
    answer = { status: 404, body: "" };
    const refused = await terraform("apply -auto-approve", credential);
    expect(refused.text).toMatch(/preflight: refused: the endpoint answered 404 Not Found/);
    expect((await konnect.getWebhook("eu")).body.endpoint).toBe(`${siem.url}/first`);

    const unset = await terraform("apply -auto-approve");
    expect(unset.text).toMatch(/The authorization is not set\. Fix: Set TF_VAR_SIEM_TOKEN/);
    expect((await konnect.getWebhook("eu")).body.endpoint).toBe(`${siem.url}/first`);
  });

  test("keeps a destination from being written too, and lets it and its webhook through", async () => {
    const { dir, terraform, succeed } = await stage();
    synthesize("/in", dir, "destination");
    await succeed("init -input=false");
    answer = { status: 401, body: "" };
    const refused = await terraform("apply -auto-approve", credential);
    expect(refused.text).toMatch(/preflight: refused: the endpoint answered 401 Unauthorized/);
    expect(await konnect.listDestinations()).toEqual([]);

    answer = { status: 200, body: "" };
    const deployed = await succeed("apply -auto-approve", credential);
    expect(deployed.text).toContain("1 of 1 region verified");
  });
});
