import { mkdtemp, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { createCdktfProject, packPackage } from "../support/cdktf-project.js";
import { lacksRegistry, registryAccess } from "../support/npm-registry.js";
import { createStage } from "../support/stage.js";
import { packedApp } from "./fixtures/packed-app.js";

const fork = "cdktn@0.24.0";
const app = { app: packedApp, env: { KONNECT_TOKEN: "kpat_stage", SIEM_ENDPOINT: "" } };
const folder = await mkdtemp(join(tmpdir(), "konnect-audit-cdktn-"));
const tarball = packPackage(folder);
const project = await createCdktfProject({
  ...app,
  link: false,
  files: { "package.json": JSON.stringify({ name: "fork", private: true, type: "module" }) },
});
const install = await installFork();

/** As the fork's users do: under cdktf's name, with the constructs that it still takes. */
function installFork() {
  const packages = [
    tarball,
    `cdktf@npm:${fork}`,
    ...["constructs@10.7.2", "@cdktf/provider-null@11.0.1"],
  ];
  // --legacy-peer-deps: the null provider asks for cdktf ^0.21, which is not the fork's number.
  const options = ["--legacy-peer-deps", "--ignore-scripts", "--no-audit", "--no-fund"];
  return project.npm(["install", ...options, ...packages], registryAccess());
}

afterAll(async () => {
  await project[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const unreachable = lacksRegistry(install);
const name = `cdktf's fork ${fork}, under an npm alias`;

describe(unreachable ? `${name} (SKIPPED: needs the npm registry)` : name, {
  timeout: 180_000,
}, () => {
  test.skipIf(unreachable)("synthesizes the same JSON as cdktf, and deploys", async () => {
    expect(install.exitCode, install.text).toBe(0);
    const manifest = await readFile(join(project.dir, "node_modules/cdktf/package.json"), "utf8");
    expect(JSON.parse(manifest).name).toBe("cdktn");

    await using stage = await createStage();
    const env = {
      KONNECT_SERVER_URL: stage.emulator.serverUrl,
      SIEM_ENDPOINT: stage.endpoint,
      TF_VAR_SIEM_AUTHORIZATION: "fork",
      TF_VAR_SPLUNK_HEC_TOKEN: "fork-splunk",
    };
    await using original = await createCdktfProject({ ...app, tarball });
    for (const each of [project, original]) {
      const synth = await each.cdktf("synth", env);
      expect(synth.exitCode, synth.text).toBe(0);
    }
    const [ours, theirs] = [
      await project.synthesized("audit"),
      await original.synthesized("audit"),
    ];
    expect(withoutVersion(ours)).toEqual(withoutVersion(theirs));

    const deployed = await project.deploy("audit", env);
    expect(deployed.text).toContain("eu: accepting");
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer fork");
  });
});

/** cdktf notes its own version and its backend's beside what Terraform reads. */
function withoutVersion({ "//": _metadata, ...stack }: Record<string, unknown>) {
  return stack;
}
