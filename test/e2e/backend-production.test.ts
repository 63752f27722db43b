import { readFile } from "node:fs/promises";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { DriftReport } from "../../src/gitops/drift-report.js";
import { commandLine } from "../cli/command-line.js";
import { startHttpBackend } from "../gitops/http-backend.js";
import { postgresInstalled, startPostgres } from "../gitops/postgres.js";
import { createCdktfProject } from "../support/cdktf-project.js";
import {
  type NullProvider,
  nullProviderName,
  provideNullProvider,
} from "../support/null-provider.js";
import { createStage } from "../support/stage.js";
import { hostEnvironment } from "../support/terraform-host.js";

const sources = ["backend.ts", "demo.ts", "main.ts", "production.ts"];
const stack = "audit-example";
const installed = await postgresInstalled();

interface Backend extends AsyncDisposable {
  env: Record<string, string>;
}

async function httpBackend(): Promise<Backend> {
  const { env, ...server } = await startHttpBackend();
  const { TF_HTTP_ADDRESS, TF_HTTP_USERNAME, TF_HTTP_PASSWORD } = env;
  return {
    ...server,
    env: { KONNECT_AUDIT_STATE_URL: TF_HTTP_ADDRESS, TF_HTTP_USERNAME, TF_HTTP_PASSWORD },
  };
}

async function postgresBackend(): Promise<Backend> {
  const postgres = await startPostgres();
  return { ...postgres, env: { PG_CONN_STR: postgres.connection("postgres") } };
}

let standIn: NullProvider;
beforeAll(async () => {
  standIn = await provideNullProvider();
});
afterAll(() => standIn?.cleanup());

/** The repository's own stacks, as somebody would copy them. */
async function createProductionProject(env: Record<string, string>) {
  const files = await Promise.all(
    sources.map(async (name) => [
      `stacks/${name}`,
      await readFile(new URL(`../../stacks/${name}`, import.meta.url), "utf8"),
    ]),
  );
  return createCdktfProject({
    command: "node --import tsx stacks/main.ts",
    files: Object.fromEntries(files),
    packages: ["tsx"],
    providers: standIn.providers,
    env: { TF_CLI_CONFIG_FILE: "/dev/null", ...env },
  });
}

describe(`stacks/production.ts with its state elsewhere (${nullProviderName})`, {
  timeout: 240_000,
}, () => {
  test.for([
    ["http", httpBackend, true],
    ["pg", postgresBackend, installed],
  ] as const)(
    "%s: is deployed, and checked for drift",
    async ([name, start, possible], { skip }) => {
      skip(!possible, "needs PostgreSQL");
      await using stage = await createStage();
      await using backend = await start();
      const env = {
        KONNECT_AUDIT_BACKEND: name,
        KONNECT_SERVER_URL: stage.emulator.serverUrl,
        TF_VAR_EXAMPLE_KONNECT_TOKEN: "spat_planted_production",
        ...backend.env,
      };
      await using project = await createProductionProject(env);
      const synth = await project.cdktf("synth");
      expect(synth.exitCode, synth.text).toBe(0);
      const folder = project.stackFolder(stack);
      const { resource } = await project.synthesized(stack);
      // Their gates would ask the real Splunk.
      const targets = Object.keys(resource.konnectaudit_webhook).map(
        (webhook) => `-target=konnectaudit_webhook.${webhook}`,
      );
      const secret = { TF_VAR_EXAMPLE_SPLUNK_HEC_TOKEN: "planted-hec-token" };
      for (const command of [
        "init -input=false",
        `apply -input=false -auto-approve ${targets.join(" ")}`,
      ]) {
        const { exitCode, text } = await project.terraform(command, folder, secret);
        expect(exitCode, text).toBe(0);
      }
      await stage.somebody.updateWebhook("sg", { enabled: false });

      const run = await commandLine(["drift", "--json", "--no-synth", "--stack", stack], {
        cwd: project.dir,
        env: {
          ...hostEnvironment(),
          HOME: project.home,
          TF_CLI_CONFIG_FILE: "/dev/null",
          ...env,
        },
      });
      expect(run.exitCode, run.stdout + run.stderr).toBe(2);
      const { stacks } = JSON.parse(run.stdout) as DriftReport;
      const kinds = stacks[0]?.findings.map(({ kind, region, field }) =>
        [kind, region, field].join(" "),
      );
      expect(kinds?.[0]).toBe("drift sg enabled");
      // The gates are not applied, and the example's SIEM does not exist.
      const regions = ["au", "eu", "in", "me", "us"];
      expect(kinds?.filter((kind) => kind.startsWith("delivery failing"))).toEqual(
        regions.map((region) => `delivery failing ${region} `),
      );
      const others = kinds?.slice(1).filter((kind) => !kind.startsWith("delivery failing"));
      expect(others).toEqual(others?.map(() => "pending  "));
      expect(others?.length).toBeGreaterThanOrEqual(5);
      expect(stacks[0]?.unverifiable.filter(({ what }) => what === "authorization")).toHaveLength(
        6,
      );
      expect(run.stdout + run.stderr).not.toContain("planted");
    },
  );

  test.each<[string, Record<string, string>]>([
    ["s3", { KONNECT_AUDIT_STATE_BUCKET: "example-state" }],
    ["gcs", { KONNECT_AUDIT_STATE_BUCKET: "example-state" }],
    ["cloud", { TF_CLOUD_ORGANIZATION: "example" }],
  ])("%s: Terraform takes the configuration", async (name, env) => {
    await using project = await createProductionProject({ KONNECT_AUDIT_BACKEND: name, ...env });
    const synth = await project.cdktf("synth");
    expect(synth.exitCode, synth.text).toBe(0);
    for (const command of ["init -input=false -backend=false", "validate"]) {
      const { exitCode, text } = await project.terraform(command, project.stackFolder(stack));
      expect(exitCode, text).toBe(0);
    }
  });
});
