import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { planOfQuietLog, readableOutput } from "../../src/gitops/plan-log.js";
import { bindingHcl, destinationHcl, webhookHcl } from "../support/stage.js";
import { createAppliedStage, createProject, drift } from "./drift-stage.js";

const reference = "konnectaudit_destination.siem.id";
const portal = `resource "konnectaudit_portal_webhook" "developers" {
  region                   = "eu"
  portal_id                = "d32d905a-ed33-46a3-a093-d8f536af9a8a"
  audit_log_destination_id = ${reference}
}
`;
const status = 'data "konnectaudit_webhook_status" "eu" { region = "eu" }\n';

describe("a plan that has nothing to say", { timeout: 120_000 }, () => {
  test("is not shown besides, and is reported as a shown one is", async () => {
    await using stage = await createAppliedStage(
      (endpoint) =>
        webhookHcl("eu", endpoint) +
        destinationHcl(endpoint) +
        bindingHcl("us", reference) +
        portal +
        status,
    );
    await using project = await createProject({ audit: stage.workspace.dir });
    const log = join(project.cwd, "commands.log");
    const wrapper = join(project.cwd, "terraform");
    const script = `#!/bin/sh\necho "$1" >> "${log}"\nexec terraform "$@"\n`;
    await writeFile(wrapper, script, { mode: 0o755 });
    async function look(health: "on" | "off") {
      await writeFile(log, "");
      const env = { TERRAFORM_BINARY_NAME: wrapper };
      const run = await drift(stage, project.cwd, [`--health=${health}`], env);
      const commands = (await readFile(log, "utf8")).trim().split("\n");
      return { ...run, commands, stack: run.report?.stacks[0] };
    }
    const quiet = await look("off");
    const shown = await look("on");
    expect([quiet.commands, shown.commands]).toEqual([["plan"], ["plan", "show"]]);
    expect([quiet.exitCode, shown.exitCode]).toEqual([0, 0]);
    expect(quiet.stack).toEqual(shown.stack);
    expect(quiet.stack?.unverifiable.map(({ region }) => region)).toEqual([
      undefined, // the destination
      ...["eu", "eu", "us"],
    ]);

    await stage.somebody.updateWebhook("eu", { enabled: false });
    const drifted = await look("off");
    expect(drifted).toMatchObject({ exitCode: 2, commands: ["plan", "show"] });
  });
});

describe("the log of a plan", () => {
  const line = (fields: object) => JSON.stringify({ "@level": "info", ...fields });
  const summary = line({ type: "change_summary", changes: { add: 0 } });
  const refreshed = line({
    type: "refresh_complete",
    hook: {
      resource: { addr: "konnectaudit_webhook.eu", resource_type: "konnectaudit_webhook" },
      id_value: "eu",
    },
  });
  const output = (action: string) => line({ type: "outputs", outputs: { revision: { action } } });
  const diagnostic = (severity: string, address?: string) =>
    line({
      type: "diagnostic",
      diagnostic: { severity, summary: "Something", detail: "of it", address },
    });

  test.each([
    ["nothing but reads", [refreshed, output("noop"), summary], true],
    ["a change", [refreshed, line({ type: "planned_change" }), summary], false],
    ["drift", [refreshed, line({ type: "resource_drift" }), summary], false],
    ["an output that changes", [refreshed, output("update"), summary], false],
    ["a warning", [refreshed, diagnostic("warning"), summary], false],
    [
      "a warning about a resource's configuration",
      [
        diagnostic("warning", 'module.a["x.y"].module.b-c[0].konnectaudit_webhook.eu[0]'),
        refreshed,
        summary,
      ],
      true,
    ],
    ["a failed check", [refreshed, diagnostic("warning", "check.health"), summary], false],
    [
      "a failed check of a resource that it belongs to",
      [refreshed, diagnostic("warning", "module.konnectaudit_webhook.check.health"), summary],
      false,
    ],
    [
      "a warning of a data source",
      [refreshed, diagnostic("warning", "data.konnectaudit_webhook.eu"), summary],
      false,
    ],
    [
      "a warning of a data source in a module",
      [refreshed, diagnostic("warning", 'module.a["x"].data.konnectaudit_webhook.eu'), summary],
      false,
    ],
    [
      "an error of a resource",
      [refreshed, diagnostic("error", "konnectaudit_webhook.eu"), summary],
      false,
    ],
    ["something that is not Terraform's", ["[command] terraform plan", refreshed, summary], false],
    ["no end", [refreshed], false],
    ["nothing at all", [], false],
  ])("with %s", (_, lines, quiet) => {
    expect(planOfQuietLog(lines.join("\n")) !== undefined).toBe(quiet);
  });

  test("is read aloud as its errors and warnings, and loses nothing that is not JSON", () => {
    const text = readableOutput(
      [refreshed, "Killed", diagnostic("warning"), diagnostic("error")].join("\n"),
    );
    expect(text).toBe("Killed\nWarning: Something\n\nof it\n\nError: Something\n\nof it\n");
  });
});
