import { execFileSync, spawnSync } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createCdktfProject, packPackage } from "../support/cdktf-project.js";
import { createStage } from "../support/stage.js";
import { packedApp } from "./fixtures/packed-app.js";

/** Names Node.js programs to run besides the one that runs the tests, separated as in PATH. */
const variable = "KONNECT_AUDIT_OTHER_NODES";
const nodes = (process.env[variable] ?? "").split(delimiter).filter((path) => path !== "");
const nodePty = fileURLToPath(
  new URL("../../node_modules/@cdktf/node-pty-prebuilt-multiarch", import.meta.url),
);

let folder: string;
let tarball: string;

beforeAll(async () => {
  if (nodes.length === 0) return;
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-other-node-"));
  tarball = packPackage(folder);
});

afterAll(async () => {
  if (folder) await rm(folder, { recursive: true, force: true });
});

/** Everything that a deploy needs: a stage, and a project on it that runs under a Node.js. */
async function prepare(node: string) {
  const stage = await createStage();
  const project = await createCdktfProject({
    ...{ node, tarball, app: packedApp },
    env: {
      KONNECT_TOKEN: "kpat_stage",
      KONNECT_SERVER_URL: stage.emulator.serverUrl,
      SIEM_ENDPOINT: stage.endpoint,
      TF_VAR_SIEM_AUTHORIZATION: "other",
      TF_VAR_SPLUNK_HEC_TOKEN: "other-splunk",
    },
  });
  return {
    ...{ stage, project },
    async [Symbol.asyncDispose]() {
      await project[Symbol.asyncDispose]();
      await stage[Symbol.asyncDispose]();
    },
  };
}

const title = "The packed package under another Node.js";

if (nodes.length === 0) {
  test.skip(`${title} works the same (SKIPPED: needs ${variable}, paths of node programs)`, () => {});
}

describe.each(nodes)(`${title}, %s`, { timeout: 240_000 }, (node) => {
  const version = execFileSync(node, ["-p", "process.version"], { encoding: "utf8" }).trim();

  test(`${version} synthesizes, runs the provider and the gate, verifies, checks for drift and destroys`, async () => {
    await using stand = await prepare(node);
    const { stage, project } = stand;
    const synth = await project.node(["app.mjs"], { CDKTF_OUTDIR: "cdktf.out" });
    expect(synth.exitCode, synth.text).toBe(0);
    const run = async (command: string) => {
      const result = await project.terraform(command, project.stackFolder("audit"));
      expect(result.exitCode, `${command}: ${result.text}`).toBe(0);
      return result.text;
    };
    await run("init -input=false -lockfile=readonly");
    expect(await run("apply -auto-approve")).toContain("eu: accepting");
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer other");
    const cli = "node_modules/konnect-audit/dist/cli/main.js";
    for (const command of ["verify --region eu", "status --region eu", "drift --no-synth"]) {
      const result = await project.node([cli, ...command.split(" ")]);
      expect(result.exitCode, `${command}: ${result.text}`).toBe(0);
    }
    await run("destroy -auto-approve");
    expect((await stage.somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
  });

  // cdktf's command line loads a native module, which is published for Node.js 22 at most; npm compiles it for others.
  const runsCdktf = spawnSync(node, ["-e", "require(process.argv[1])", nodePty]).status === 0;
  const lack = runsCdktf ? "" : ` (SKIPPED: needs cdktf-cli's node-pty compiled for ${version})`;
  test.runIf(runsCdktf)(`${version} deploys with cdktf's command line${lack}`, async () => {
    await using stand = await prepare(node);
    expect((await stand.project.deploy("audit")).text).toContain("eu: accepting");
  });
});
