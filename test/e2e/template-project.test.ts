import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createCdktfProject, packPackage } from "../support/cdktf-project.js";
import { lacksRegistry, registryAccess } from "../support/npm-registry.js";
import { createStage } from "../support/stage.js";
import { packedApp } from "./fixtures/packed-app.js";

const template = new URL(
  "../../node_modules/cdktf-cli/bundle/templates/typescript/",
  import.meta.url,
);
const fromTemplate = (name: string) => readFile(new URL(name, template), "utf8");

/** What the template installs. Not TypeScript 7, which ts-node and ts-jest can't use yet. */
const packages = [
  ...["cdktf@0.21.0", "constructs@10.7.2", "@cdktf/provider-null@11.0.1", "typescript@5.9"],
  ...["ts-node@10", "jest@30", "ts-jest@29", "@types/jest@30", "@types/node@20"],
];

const userTest = `
import { Testing, TerraformStack } from "cdktf";
import { AuditLogWebhook, KonnectAuditProvider } from "konnect-audit";
import { type AuditLogMatchers, auditLogMatchers, maskIds } from "konnect-audit/testing";

declare global {
  namespace jest {
    interface Matchers<R> extends AuditLogMatchers<R> {}
  }
}
expect.extend(auditLogMatchers);
expect.addSnapshotSerializer(maskIds);

test("each deploy proves that eu is delivered", () => {
  const stack = new TerraformStack(Testing.app(), "audit");
  new KonnectAuditProvider(stack, "konnect");
  new AuditLogWebhook(stack, "eu", {
    region: "eu",
    endpoint: "https://siem.example.com/in",
    gate: { carrier: "terraform_data" },
  });
  expect(stack).toHaveAuditLogWebhook({ region: "eu" });
  expect(stack).not.toHaveAuditLogWebhook({ region: "us" });
  expect(stack).toHaveDeliveryGate({ region: "eu" });
  expect(Testing.synth(stack)).toMatchSnapshot();
});
`;

const folder = await mkdtemp(join(tmpdir(), "konnect-audit-template-"));
const project = await createCdktfProject({
  link: false,
  command: "npx ts-node main.ts",
  env: { KONNECT_TOKEN: "kpat_stage", SIEM_ENDPOINT: "" },
  files: {
    "package.json": JSON.stringify({ name: "template", private: true }),
    "tsconfig.json": await fromTemplate("tsconfig.json"),
    "jest.config.js": await fromTemplate("jest.config.js"),
    "setup.js": await fromTemplate("setup.js"),
    "main.ts": packedApp,
    "__tests__/main-test.ts": userTest,
  },
});
const install = await project.npm(
  ["install", "--prefer-offline", "--no-audit", "--no-fund", packPackage(folder), ...packages],
  registryAccess(),
);

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const unreachable = lacksRegistry(install);
const name = "The packed package in a project of cdktf's template, with ts-node and jest";

describe(unreachable ? `${name} (SKIPPED: needs the npm registry)` : name, {
  timeout: 240_000,
}, () => {
  test.skipIf(unreachable)("passes the user's test, synthesizes and deploys", async () => {
    expect(install.exitCode, install.stderr).toBe(0);
    const jest = await project.node(["node_modules/jest/bin/jest.js", "--ci=false"]);
    expect(jest.exitCode, jest.text).toBe(0);
    expect(jest.text).toContain("Tests: 1 passed, 1 total");

    await using stage = await createStage();
    const deployed = await project.deploy("audit", {
      KONNECT_SERVER_URL: stage.emulator.serverUrl,
      SIEM_ENDPOINT: stage.endpoint,
      TF_VAR_SIEM_AUTHORIZATION: "template",
      TF_VAR_SPLUNK_HEC_TOKEN: "template-splunk",
    });
    expect(deployed.text).toContain("eu: accepting");
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer template");
  });
});
