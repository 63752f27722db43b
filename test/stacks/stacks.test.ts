import { mkdtempSync, readdirSync, readFileSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App } from "cdktf";
import { describe, expect, onTestFinished, test } from "vitest";
import { addDemo } from "../../stacks/demo.js";
import { addProduction } from "../../stacks/production.js";

type Environment = Readonly<Record<string, string>>;
type Json = Record<string, Record<string, Record<string, Record<string, unknown>>>>;

/** Synthesizes an environment, and answers its stacks by name. */
function synthesize(add: typeof addDemo, env: Environment): Record<string, Json> {
  const outdir = mkdtempSync(join(tmpdir(), "konnect-audit-stacks-"));
  onTestFinished(() => rmSync(outdir, { recursive: true, force: true }));
  const app = new App({ outdir });
  add(app, env);
  app.synth();
  const folder = join(outdir, "stacks");
  return Object.fromEntries(
    readdirSync(folder).map((name) => [
      name,
      JSON.parse(readFileSync(join(folder, name, "cdk.tf.json"), "utf8")) as Json,
    ]),
  );
}

function regionsOf(stack: Json | undefined): unknown[] {
  return Object.values(stack?.resource?.konnectaudit_webhook ?? {}).map(({ region }) => region);
}

describe("The production environment", () => {
  const everyRegion = ["au", "eu", "in", "me", "sg", "us"];

  test("is a stack an organisation, or one a region, with a gate each and its own secrets", () => {
    const { "audit-example": together, ...byRegion } = synthesize(addProduction, {});
    expect(regionsOf(together).sort()).toEqual(everyRegion);
    expect(Object.keys(together?.resource?.terraform_data ?? {})).toHaveLength(6);
    expect(Object.keys(together?.variable ?? {})).toEqual([
      "EXAMPLE_KONNECT_TOKEN",
      "EXAMPLE_SPLUNK_HEC_TOKEN",
    ]);
    expect(Object.keys(byRegion)).toEqual(everyRegion.map((one) => `audit-example-labs-${one}`));
    for (const [name, stack] of Object.entries(byRegion)) {
      expect(regionsOf(stack)).toEqual([name.split("-").at(-1)]);
      expect(Object.keys(stack.resource?.terraform_data ?? {})).toHaveLength(1);
      expect(Object.keys(stack.variable ?? {})).toEqual([
        "EXAMPLE_LABS_KONNECT_TOKEN",
        "EXAMPLE_LABS_SPLUNK_HEC_TOKEN",
      ]);
    }
  });

  const name = "audit-example";
  const url = `https://state.example.com/${name}`;

  test.each<[string, Environment, object]>([
    [
      "s3",
      { KONNECT_AUDIT_STATE_BUCKET: "example-state", AWS_REGION: "eu-central-1" },
      {
        bucket: "example-state",
        key: "konnect-audit/audit-example.tfstate",
        ...{ region: "eu-central-1", encrypt: true, use_lockfile: true },
      },
    ],
    [
      "gcs",
      { KONNECT_AUDIT_STATE_BUCKET: "example-state" },
      { bucket: "example-state", prefix: "konnect-audit/audit-example" },
    ],
    ["pg", { PG_CONN_STR: "postgres://planted@db" }, { schema_name: "audit_example" }],
    [
      "http",
      { KONNECT_AUDIT_STATE_URL: "https://state.example.com" },
      { address: url, lock_address: url, unlock_address: url },
    ],
  ])("keeps its state in %s, by configuration from the environment", (backend, env, expected) => {
    const stacks = synthesize(addProduction, { KONNECT_AUDIT_BACKEND: backend, ...env });
    expect(stacks[name]?.terraform?.backend).toEqual({ [backend]: expected });
  });

  test("keeps its state in HCP Terraform, a workspace each", () => {
    const env = { KONNECT_AUDIT_BACKEND: "cloud", TF_CLOUD_ORGANIZATION: "example" };
    const stacks = synthesize(addProduction, env);
    expect(stacks[name]?.terraform?.cloud).toEqual({
      organization: "example",
      workspaces: { name },
    });
  });

  test.each(["s3", "gcs", "pg", "http", "cloud"])("says what %s needs", (backend) => {
    expect(() => synthesize(addProduction, { KONNECT_AUDIT_BACKEND: backend })).toThrow(
      /KONNECT_AUDIT_BACKEND=\w+ needs (KONNECT_AUDIT_STATE_|PG_CONN_STR|TF_CLOUD_ORGANIZATION)/,
    );
  });

  test("names the backends when it is told another", () => {
    expect(() => synthesize(addProduction, { KONNECT_AUDIT_BACKEND: "consul" })).toThrow(
      /"consul"; set it to one of s3, gcs, pg, http, cloud/,
    );
  });
});

describe("The demo environment", () => {
  const env = {
    KONNECT_SERVER_URL: "http://127.0.0.1:8990/{region}",
    KONNECT_AUDIT_DEMO_RECEIVER: "http://127.0.0.1:19090/audit-logs",
  };

  test("is three regions on this machine", () => {
    const { demo } = synthesize(addDemo, env);
    expect(regionsOf(demo).sort()).toEqual(["au", "eu", "us"]);
    expect(demo?.provider?.konnectaudit).toEqual([{ server_url: env.KONNECT_SERVER_URL }]);
    expect(demo?.terraform?.required_providers).not.toHaveProperty("null");
  });

  test.each([
    ["unset", { ...env, KONNECT_SERVER_URL: "" }],
    ["the real Konnect", { ...env, KONNECT_SERVER_URL: "https://{region}.api.konghq.com" }],
    ["no URL", { ...env, KONNECT_SERVER_URL: "localhost" }],
  ])("refuses a server that is %s, naming the variable", (_, wrong) => {
    expect(() => synthesize(addDemo, wrong)).toThrow(/The demo needs KONNECT_SERVER_URL/);
  });
});
