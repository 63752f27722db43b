import { execFileSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCdktfProject, packPackage } from "../support/cdktf-project.js";
import { createStage } from "../support/stage.js";
import { packedApp } from "./fixtures/packed-app.js";

/** Names Node.js programs to run besides the one that runs the tests, separated as in PATH. */
const variable = "KONNECT_AUDIT_OTHER_NODES";
const binaries = (process.env[variable] ?? "").split(delimiter).filter((path) => path !== "");
const title = "The packed package under another Node.js";

let folder: string;
let tarball: string;

beforeAll(async () => {
  if (binaries.length === 0) return;
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-other-node-"));
  tarball = packPackage(folder);
});

afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

describe.skipIf(binaries.length === 0)(
  binaries.length > 0 ? title : `${title} (SKIPPED: needs ${variable}, paths of node programs)`,
  { timeout: 240_000 },
  () => {
    const versions = binaries.map((node) => [nodeVersion(node), node] as const);

    test.each(versions.length > 0 ? versions : [["any", ""]])(
      "%s synthesizes, runs the provider and the gate, verifies, checks for drift and destroys",
      async (_, node) => {
        await using stage = await createStage();
        await using project = await createCdktfProject({
          ...{ node, tarball, app: packedApp },
          env: {
            KONNECT_TOKEN: "kpat_stage",
            KONNECT_SERVER_URL: stage.emulator.serverUrl,
            SIEM_ENDPOINT: stage.endpoint,
            TF_VAR_SIEM_AUTHORIZATION: "other",
            TF_VAR_SPLUNK_HEC_TOKEN: "other-splunk",
          },
        });
        const deployed = await project.deploy("audit");
        expect(deployed.text).toContain("eu: accepting");
        expect(await stage.deliveredAuthorization("eu")).toBe("Bearer other");

        const cli = "node_modules/konnect-audit/dist/cli/main.js";
        for (const command of ["verify --region eu", "status --region eu", "drift --no-synth"]) {
          const result = await project.node([cli, ...command.split(" ")]);
          expect(result.exitCode, `${command}: ${result.text}`).toBe(0);
        }
        const destroyed = await project.cdktf("destroy audit --auto-approve");
        expect(destroyed.exitCode, destroyed.text).toBe(0);
        expect((await stage.somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
      },
    );
  },
);

function nodeVersion(node: string): string {
  return execFileSync(node, ["--version"], { encoding: "utf8" }).trim();
}
