import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCdktfProject, packPackage } from "../support/cdktf-project.js";
import { createStage } from "../support/stage.js";
import { packedApp } from "./fixtures/packed-app.js";

const modules = fileURLToPath(new URL("../../node_modules", import.meta.url));
/** The TypeScript 5 that cdktf's command line brings along: the one before `node10` resolution was dropped. */
const typescript5 = join(modules, "jsii/node_modules/typescript/bin/tsc");
const typescript = join(modules, "typescript/bin/tsc");
const template = join(modules, "cdktf-cli/bundle/templates/typescript/tsconfig.json");

/** A user's test, in what cdktf's template and an ES module have in common. */
const userTest = `
import { equal, match } from "node:assert/strict";
import { test } from "node:test";
import { Testing, TerraformStack } from "cdktf";
import { AuditLogWebhook, KonnectAuditProvider } from "konnect-audit";
import { auditLogMatchers, maskIds } from "konnect-audit/testing";

test("the stack delivers eu", () => {
  const stack = new TerraformStack(Testing.app(), "audit");
  new KonnectAuditProvider(stack, "konnect");
  new AuditLogWebhook(stack, "eu", { region: "eu", endpoint: "https://siem.example.com/in" });
  equal(auditLogMatchers.toHaveAuditLogWebhook(stack, { region: "eu" }).pass, true);
  equal(auditLogMatchers.toHaveAuditLogWebhook(stack, { region: "us" }).pass, false);
  match(maskIds.serialize(Testing.synth(stack)), /konnectaudit_webhook/);
});
`;

let folder: string;
let tarball: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-packed-"));
  tarball = packPackage(folder);
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe("The packed package", { timeout: 240_000 }, () => {
  test("serves a CommonJS project of cdktf's template and an ES module alike, and deploys (tsc and node:test stand in for ts-node and jest)", async () => {
    await using stage = await createStage();
    const shared = {
      ...{ tarball, packages: ["@types/node"] },
      env: {
        KONNECT_TOKEN: "kpat_stage",
        KONNECT_SERVER_URL: stage.emulator.serverUrl,
        SIEM_ENDPOINT: stage.endpoint,
        TF_VAR_SIEM_AUTHORIZATION: "packed",
        TF_VAR_SPLUNK_HEC_TOKEN: "packed-splunk",
      },
    };
    await using commonJs = await createCdktfProject({
      ...shared,
      command: "node main.js",
      files: {
        "package.json": JSON.stringify({ name: "packed-cjs", private: true }),
        "tsconfig.json": await readFile(template, "utf8"),
        "main.ts": packedApp,
        "main.test.ts": userTest,
      },
    });
    await using esModule = await createCdktfProject({
      ...shared,
      command: "node --import tsx main.ts",
      packages: [...shared.packages, "tsx"],
      files: {
        "package.json": JSON.stringify({ name: "packed-esm", private: true, type: "module" }),
        "tsconfig.json": JSON.stringify({
          compilerOptions: {
            ...{ target: "ES2023", module: "NodeNext", strict: true, noEmit: true },
            ...{ types: ["node"], exactOptionalPropertyTypes: true },
          },
          include: ["*.ts"],
        }),
        "main.ts": packedApp,
        "main.test.ts": userTest,
      },
    });

    for (const [project, args] of [
      [commonJs, [typescript5]],
      [commonJs, ["--test", "main.test.js"]],
      [esModule, [typescript]],
      [esModule, ["--import", "tsx", "--test", "main.test.ts"]],
    ] as const) {
      const result = await project.node(args);
      expect(result.exitCode, `${args.join(" ")}: ${result.stdout}${result.stderr}`).toBe(0);
    }
    for (const project of [commonJs, esModule]) {
      const synth = await project.cdktf("synth");
      expect(synth.exitCode, synth.text).toBe(0);
    }
    expect(await esModule.synthesized("audit")).toEqual(await commonJs.synthesized("audit"));

    const deployed = await commonJs.deploy("audit");
    expect(deployed.text).toContain("eu: accepting");
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer packed");
    const command = await commonJs.node(["node_modules/konnect-audit/dist/cli/main.js", "drift"]);
    expect(command.exitCode, command.text).toBe(0);
  });
});
