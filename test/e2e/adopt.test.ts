import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";
import { createCdktfProject } from "../support/cdktf-project.js";
import { plannedChanges } from "../support/planned-changes.js";
import { searchSecrets } from "../support/search-secrets.js";
import { createStage } from "../support/stage.js";

const tsx = new URL("../../node_modules/tsx/dist/loader.mjs", import.meta.url).href;
const sumoLogicUrl = "https://collectors.sumologic.com/receiver/v1/http/planted-sumo-logic-code";

const app = `
import { App } from "cdktf";
import { AuditLogStack } from "./audit-logs.js";

const app = new App();
new AuditLogStack(app, "audit");
app.synth();
`;

describe("konnect-audit adopt", { timeout: 240_000 }, () => {
  test("writes a stack whose first plan imports every webhook and changes nothing but the revisions", async () => {
    await using stage = await createStage();
    const { somebody, endpoint } = stage;
    await somebody.updateWebhook("eu", {
      ...{ endpoint, enabled: true, log_format: "json" },
      authorization: "Bearer eu-credential",
    });
    // Paused, so that the emulator does not try to reach them.
    await somebody.updateWebhook("us", {
      ...{ endpoint: sumoLogicUrl, enabled: false, log_format: "json" },
      ...{ authorization: "Bearer not-used-by-sumo-logic", skip_ssl_verification: true },
    });
    for (const region of ["au", "sg"]) {
      await somebody.updateWebhook(region, {
        endpoint: "https://splunk.example.com:8088/services/collector/raw?index=konnect",
        ...{ authorization: "Splunk au-credential", enabled: false, log_format: "cef" },
      });
    }
    const destination = await stage.createDestination({ name: "SIEM of Dublin" });
    await somebody.updateBinding("me", { audit_log_destination_id: destination.id, enabled: true });
    await somebody.updateBinding("in", {
      audit_log_destination_id: destination.id,
      enabled: false,
    });
    const konnect = {
      KONNECT_TOKEN: "kpat_stage",
      KONNECT_SERVER_URL: stage.emulator.serverUrl,
    };
    await using project = await createCdktfProject({
      files: { "main.ts": app },
      command: `node --import ${tsx} main.ts`,
      env: {
        ...konnect,
        TF_VAR_SIEM_AUTHORIZATION_EU: "Bearer eu-credential",
        TF_VAR_SIEM_AUTHORIZATION_SIEM_OF_DUBLIN: "Bearer theirs",
        TF_VAR_SUMO_LOGIC_URL: sumoLogicUrl,
        TF_VAR_SPLUNK_HEC_TOKEN: "au-credential",
      },
    });
    const adopted = await commandLine(["adopt"], { env: konnect, cwd: project.dir });
    expect(adopted.exitCode, adopted.stderr).toBe(0);
    expect(adopted.stderr).toContain("for us, eu, au, me, in, sg");
    expect(adopted.stderr).toContain("TF_VAR_SPLUNK_HEC_TOKEN");
    expect(searchSecrets(project.dir, ["planted-sumo-logic-code"])).toEqual([]);

    const synthesized = await project.cdktf("synth");
    expect(synthesized.exitCode, synthesized.text).toBe(0);
    const folder = project.stackFolder("audit");
    for (const command of ["init -input=false", "plan -input=false -out=plan.bin"]) {
      const result = await project.terraform(command, folder);
      expect(result.exitCode, result.text).toBe(0);
    }
    const shown = await project.terraform("show -json plan.bin", folder);
    const changes = plannedChanges(shown.stdout);
    // Four webhooks and a destination; the two bindings have no credential, and nothing at all changes.
    expect(changes).toHaveLength(5);
    for (const change of changes) {
      expect(change).toMatchObject({
        actions: ["update"],
        changed: ["authorization_revision", "revision", "updated_at"],
      });
    }
    const imported = JSON.parse(shown.stdout).resource_changes.flatMap(
      ({ change }: { change: { importing?: { id: string } } }) => change.importing?.id ?? [],
    );
    expect(imported.sort()).toEqual([destination.id, "au", "eu", "in", "me", "sg", "us"].sort());

    await project.deploy("audit");
    const [drift, eu] = [
      await project.konnectAudit("drift --no-synth --health=off"),
      (await somebody.getWebhook("eu")).body,
    ];
    expect(drift.exitCode, drift.text).toBe(0);
    expect(eu).toMatchObject({ endpoint, enabled: true, log_format: "json" });
    expect((await somebody.getBinding("me"))?.body).toMatchObject({
      ...{ audit_log_destination_id: destination.id, enabled: true },
    });
    expect(await stage.deliveredAuthorization("me")).toBe("Bearer theirs");
  });

  test("leaves a file that is there as it is, and replaces it when told to", async () => {
    await using stage = await createStage();
    const { endpoint, workspace, emulator } = stage;
    await stage.somebody.updateWebhook("eu", {
      endpoint,
      enabled: true,
      authorization: "Bearer theirs",
    });
    const file = join(workspace.dir, "audit-logs.ts");
    await writeFile(file, "mine");
    const setup = {
      cwd: workspace.dir,
      env: { KONNECT_TOKEN: "kpat_stage", KONNECT_SERVER_URL: emulator.serverUrl },
    };
    const refused = await commandLine(["adopt", "--region", "eu"], setup);
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("SCAFFOLD_FILE_EXISTS"),
    });
    expect(await readFile(file, "utf8")).toBe("mine");
    const replaced = await commandLine(["adopt", "--region", "eu", "--force"], setup);
    expect(replaced.exitCode, replaced.stderr).toBe(0);
    expect(await readFile(file, "utf8")).toContain('region: "eu"');
  });

  test("names every region that it can't write, and writes no half of a stack", async () => {
    await using stage = await createStage();
    const { somebody, endpoint, workspace, emulator } = stage;
    await somebody.updateWebhook("us", { endpoint, enabled: true, authorization: "Bearer a" });
    const { id } = await stage.createDestination({ name: "for ${terraform.workspace}" });
    await somebody.updateBinding("eu", { audit_log_destination_id: id, enabled: true });
    const run = await commandLine(["adopt", "--region", "us", "eu"], {
      cwd: workspace.dir,
      env: { KONNECT_TOKEN: "kpat_stage", KONNECT_SERVER_URL: emulator.serverUrl },
    });
    expect(run.exitCode).toBe(1);
    expect(run.stderr).toContain(
      `eu: it is bound to the destination ${id}: its name holds a Terraform expression.`,
    );
    expect(run.stderr).toContain("--region us");
    await expect(readFile(join(workspace.dir, "audit-logs.ts"))).rejects.toThrow(/ENOENT/);
  });
});
