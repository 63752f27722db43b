import { readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { classifyPlan } from "../../src/gitops/classify.js";
import { parsePlan } from "../../src/gitops/plan-json.js";
import { planOfQuietLog, readableOutput } from "../../src/gitops/plan-log.js";
import { bindingHcl, destinationHcl, secretVariable, webhookHcl } from "../support/stage.js";
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
    // Whose deliveries nothing judges is said only where they count.
    const { unwatched, ...same } = shown.stack ?? {};
    expect(unwatched).toHaveLength(3);
    expect(quiet.stack).toEqual(same);
    expect(quiet.stack?.unverifiable.map(({ region }) => region)).toEqual([
      undefined, // the destination
      ...["eu", "eu", "us"],
    ]);

    await stage.somebody.updateWebhook("eu", { enabled: false });
    const drifted = await look("off");
    expect(drifted).toMatchObject({ exitCode: 2, commands: ["plan", "show"] });
  });
});

describe("the log of a plan and the plan itself", { timeout: 120_000 }, () => {
  test("give the same answer, whatever the code and Konnect are", async () => {
    await using stage = await createAppliedStage(
      (endpoint) =>
        webhookHcl("eu", endpoint) + destinationHcl(endpoint) + bindingHcl("us", reference),
    );
    const { workspace, somebody, endpoint } = stage;
    const base = (more = "") =>
      `provider "konnectaudit" { max_retries = 0 }\n${secretVariable}${webhookHcl("eu", endpoint, more)}`;
    const rest = destinationHcl(endpoint) + bindingHcl("us", reference);
    const looks: [string, string, boolean][] = [
      ["in sync", base() + rest, true],
      ["with a status that is read", base() + rest + status, true],
      ["with a new output", `${base()}${rest}output "a" { value = 1 }\n`, false],
      [
        "with a resource to import",
        `${base()}${rest}import {\n to = konnectaudit_webhook.sg\n id = "sg"\n}\n${webhookHcl("sg", endpoint)}`,
        false,
      ],
      [
        "with a resource to forget",
        `${base()}${destinationHcl(endpoint)}removed {\n from = konnectaudit_webhook_binding.us\n lifecycle { destroy = false }\n}\n`,
        false,
      ],
      [
        "with a change that is ignored",
        base("lifecycle { ignore_changes = [enabled] }") + rest,
        false,
      ],
      ["with a change at Konnect", base() + rest, false],
    ];
    await somebody.updateWebhook("sg", {
      endpoint,
      authorization: "Bearer first",
      enabled: true,
      log_format: "cef",
      skip_ssl_verification: false,
    });
    for (const [name, code, quiet] of looks) {
      await workspace.write(code);
      if (name.includes("change")) await somebody.updateWebhook("eu", { enabled: false });
      const log = await workspace.succeed("plan -input=false -json -lock=false -out=look.bin");
      const { stdout } = await workspace.succeed("show -json look.bin");
      const shown = classifyPlan(parsePlan(stdout), { health: false });
      const told = planOfQuietLog(log.stdout);
      expect(told !== undefined, name).toBe(quiet);
      expect(shown.findings.length === 0, name).toBe(quiet);
      if (told) expect(classifyPlan(told, { health: false }), name).toEqual(shown);
    }
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
    [
      "an output of which nothing is said",
      [refreshed, line({ type: "outputs", outputs: { a: {} } }), summary],
      false,
    ],
    [
      "a kind of line that is not known",
      [refreshed, line({ type: "planned_action_invocation" }), summary],
      false,
    ],
    ["a log of another format", [line({ type: "version", ui: "2.0" }), refreshed, summary], false],
    [
      "a log of a newer minor format",
      [line({ type: "version", ui: "1.9" }), refreshed, summary],
      true,
    ],
    [
      "a count that is not zero",
      [refreshed, line({ type: "change_summary", changes: { add: 0, action_invocation: 1 } })],
      false,
    ],
    ["a summary without counts", [refreshed, line({ type: "change_summary" })], false],
    [
      "a resource that was read without saying which",
      [line({ type: "refresh_complete" }), summary],
      false,
    ],
    [
      "a resource whose id is left out",
      [
        line({
          type: "refresh_complete",
          hook: {
            resource: { addr: "konnectaudit_webhook.eu", resource_type: "konnectaudit_webhook" },
          },
        }),
        summary,
      ],
      false,
    ],
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
