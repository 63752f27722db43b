import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { konnectKeys } from "../../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../../src/receiver/server.js";
import { verificationReportSchema } from "../../src/verifier/report.js";
import { commandLine } from "./command-line.js";

const authorization = "Bearer cli-test-credential";
const token = "kpat_cli-test";
let emulator: Emulator;
let receiver: Receiver;
let env: Record<string, string>;

beforeAll(async () => {
  emulator = await startEmulator({ knobs: { flushIntervalMs: 20 } });
  const { serverUrl } = emulator;
  receiver = await startReceiver({
    authorization,
    keys: konnectKeys({ regions: ["eu", "us"], serverUrl }),
  });
  const client = createKonnectClient({ token, serverUrl });
  for (const region of ["eu", "us"]) {
    await client.updateWebhook(region, { endpoint: receiver.url, authorization, enabled: true });
  }
  await client.close();
  env = { KONNECT_TOKEN: token, KONNECT_SERVER_URL: serverUrl };
});

afterAll(async () => {
  await emulator.close();
  await receiver.close();
});

describe("konnect-audit verify", () => {
  test("prints a table of 80 columns, progress on stderr only, and exits 0", async () => {
    const args = ["verify", "--region", "eu", "us", "--receiver", receiver.url, "--every", "100ms"];
    const { stdout, stderr, exitCode } = await commandLine(args, { env });
    expect(stdout).toMatch(/^REGION +VERDICT +EVIDENCE +LATENCY\neu +delivered +probe at the rec/);
    expect(stdout).toContain("2 of 2 regions verified.\nEvidence asked for: receiver.");
    expect(stdout.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(stderr).toMatch(/ s {2}eu {2}probe [0-9a-f-]{36} sent/);
    expect(exitCode).toBe(0);
  });

  test("prints the documented JSON, without any secret", async () => {
    const args = ["verify", "--region", "eu", "--every", "100ms", "--json"];
    const { stdout, stderr, exitCode } = await commandLine(args, { env });
    const report = verificationReportSchema.parse(JSON.parse(stdout));
    expect(report.regions[0]).toMatchObject({ verdict: "accepting", evidence: "status" });
    expect(stdout + stderr).not.toContain(token);
    expect(stdout + stderr).not.toContain("cli-test-credential");
    expect(exitCode).toBe(0);
  });

  test("verifies the webhooks in Terraform's outputs, as they are there", async () => {
    const folder = await mkdtemp(join(tmpdir(), "verify-outputs-"));
    try {
      const webhooks = [
        { region: "eu", endpoint: receiver.url, log_format: "cef" },
        { region: "us", endpoint: receiver.url, log_format: "json" },
      ];
      await writeFile(join(folder, "o.json"), JSON.stringify({ webhooks: { value: webhooks } }));
      const args = ["verify", "--terraform-output", "o.json", "--every", "100ms"];
      const { stdout, exitCode } = await commandLine(args, { env, cwd: folder });
      expect(stdout).toMatch(/eu +accepting/);
      expect(stdout).toMatch(/us +misconfigured +log_format not as expected/);
      expect(exitCode).toBe(2);
    } finally {
      await rm(folder, { recursive: true });
    }
  });

  test("adds the report to a GitHub Actions step's summary", async () => {
    const folder = await mkdtemp(join(tmpdir(), "verify-summary-"));
    const summary = join(folder, "summary");
    const args = ["verify", "--region", "eu", "--every", "100ms"];
    await commandLine(args, { env: { ...env, GITHUB_STEP_SUMMARY: summary } });
    const written = await readFile(summary, "utf8");
    await rm(folder, { recursive: true });
    expect(written).toMatch(
      /^<!-- konnect-audit verify -->\n## Audit-log delivery\n[\s\S]*\| eu \| ✅ accepting \|/,
    );
  });

  test("exits 2 when events don't arrive, and names the fix", async () => {
    const args = ["verify", "--region", "au", "--evidence", "status"];
    const { stdout, exitCode } = await commandLine(args, { env });
    expect(stdout).toMatch(/au +unconfigured/);
    expect(stdout).toContain('Fix: Deploy a webhook for region "au" first');
    expect(exitCode).toBe(2);
  });

  test("exits 1 when it can't tell, and says why", async () => {
    const refused = { ...env, KONNECT_TOKEN: "not-a-konnect-token" };
    const { stdout, exitCode } = await commandLine(["verify", "--region", "eu"], { env: refused });
    expect(stdout).toMatch(/eu +error +Konnect refuses the token/);
    expect(stdout).toContain("Fix: Check that the token");
    expect(exitCode).toBe(1);
  });

  test("reads regions, and how they should be, from synthesized stacks", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "konnect-audit-verify-"));
    const folder = join(cwd, "cdktf.out", "stacks", "prod");
    await mkdir(folder, { recursive: true });
    const stacks = { prod: { name: "prod", workingDirectory: "stacks/prod" } };
    await writeFile(join(cwd, "cdktf.out", "manifest.json"), JSON.stringify({ stacks }));
    const webhooks = {
      eu: { region: "eu", endpoint: receiver.url, log_format: "${var.format}" },
      us: { region: "us", endpoint: "https://elsewhere.example.com/in" },
      paused: { region: "au", endpoint: receiver.url, enabled: false },
    };
    const resource = { konnectaudit_webhook: webhooks };
    await writeFile(join(folder, "cdk.tf.json"), JSON.stringify({ resource }));
    const args = ["verify", "--stack", "prod", "--every", "100ms", "--json", "--report", "r.xml"];
    const run = await commandLine(args, { env, cwd });
    const junit = await readFile(join(cwd, "r.xml"), "utf8");
    await rm(cwd, { recursive: true });
    const report = verificationReportSchema.parse(JSON.parse(run.stdout));
    expect(report.regions.map(({ region, verdict }) => [region, verdict])).toEqual([
      ["eu", "accepting"],
      ["us", "misconfigured"],
    ]);
    expect(junit).toContain('tests="3" failures="2"');
    expect(run.exitCode).toBe(2);
  });

  test.each([
    ["an unknown stack", ["verify", "--stack", "nowhere"], undefined, /nowhere|manifest/],
    ["no token", ["verify", "--region", "eu"], {}, /No Konnect token is set/],
    ["no region", ["verify"], undefined, /No region was named/],
    ["a malformed region", ["verify", "--region", "EU"], undefined, /Did you mean "eu"/],
    ["a duration without a unit", ["verify", "--within", "90"], undefined, /"90" is no duration/],
    ["an unknown level", ["verify", "--evidence", "hope"], undefined, /Allowed choices/],
    ["an unknown field", ["verify", "--expect", "colour=red"], undefined, /endpoint, log_format/],
    ["zero probes", ["verify", "--probes", "0"], undefined, /from 1 to 999/],
  ])("with %s exits 1 with the remedy", async (_name, args, given, message) => {
    const { stdout, stderr, exitCode } = await commandLine(args, { env: given ?? env });
    expect(stderr).toMatch(message);
    expect(stdout).toBe("");
    expect(exitCode).toBe(1);
  });

  test("of every region leaves out the opt-in region that Konnect does not open, and says so", async () => {
    emulator.faults.add({ region: "sg", effect: { kind: "status", status: 404 } });
    const swept = await commandLine(["verify", "--all", "--every", "100ms", "--json"], { env });
    const report = verificationReportSchema.parse(JSON.parse(swept.stdout));
    expect(report.left_out).toMatchObject([{ region: "sg", reason: "not opened" }]);
    expect(report.regions.map(({ region }) => region)).toEqual(["us", "eu", "au", "me", "in"]);
    expect(swept.exitCode).toBe(2);
    const named = await commandLine(["verify", "--region", "sg"], { env });
    emulator.faults.clear();
    expect(named.stdout).toMatch(/sg +error +Konnect knows no such webhook/);
    expect(named.exitCode).toBe(1);
  });

  test("warns of a region that Konnect does not document", async () => {
    const { stdout } = await commandLine(["verify", "--region", "us1", "--every", "100ms"], {
      env,
    });
    expect(stdout).toMatch(
      /^Warning: "us1" is no region that Konnect documents: did you mean "us"\?/,
    );
  });

  test("of a stack with a paused webhook is no success by silence", async () => {
    const cwd = await mkdtemp(join(tmpdir(), "konnect-audit-paused-"));
    const stacks = { prod: { name: "prod", workingDirectory: "." } };
    await writeFile(join(cwd, "manifest.json"), JSON.stringify({ stacks }));
    const webhooks = {
      eu: { region: "eu", endpoint: receiver.url },
      au: { region: "au", endpoint: receiver.url, enabled: false },
    };
    const resource = { konnectaudit_webhook: webhooks };
    await writeFile(join(cwd, "cdk.tf.json"), JSON.stringify({ resource }));
    const args = ["verify", "--stack", "prod", "--output", ".", "--every", "100ms"];
    const run = await commandLine(args, { env, cwd });
    const allowed = await commandLine([...args, "--allow-paused"], { env, cwd });
    await rm(cwd, { recursive: true });
    expect(run.stdout).toMatch(/au +paused +Paused in the code, left out/);
    expect(run.stdout).toContain("1 of 2 regions verified, 1 paused in the code.");
    expect(run.exitCode).toBe(2);
    expect(allowed.stdout).toContain("1 of 2 regions verified, 1 paused in the code.");
    expect(allowed.exitCode).toBe(0);
  });
});
