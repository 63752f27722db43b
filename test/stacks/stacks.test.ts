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
  test("is one stack an organisation, with every region, a gate each, and its own secrets", () => {
    const stacks = synthesize(addProduction, {});
    expect(Object.keys(stacks)).toEqual(["audit-example", "audit-example-labs"]);
    for (const stack of Object.values(stacks)) {
      expect(regionsOf(stack).sort()).toEqual(["au", "eu", "in", "me", "sg", "us"]);
      expect(Object.keys(stack.resource?.null_resource ?? {})).toHaveLength(6);
    }
    expect(Object.keys(stacks["audit-example-labs"]?.variable ?? {})).toEqual([
      "EXAMPLE_LABS_KONNECT_TOKEN",
      "EXAMPLE_LABS_SPLUNK_HEC_TOKEN",
    ]);
  });

  test("keeps its state in the bucket that the environment names, encrypted and locked", () => {
    const stacks = synthesize(addProduction, {
      KONNECT_AUDIT_STATE_BUCKET: "example-state",
      AWS_REGION: "eu-central-1",
    });
    expect(stacks["audit-example"]?.terraform?.backend).toEqual({
      s3: {
        bucket: "example-state",
        key: "konnect-audit/example.tfstate",
        region: "eu-central-1",
        encrypt: true,
        use_lockfile: true,
      },
    });
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
