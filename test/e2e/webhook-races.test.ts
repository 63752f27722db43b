import { describe, expect, test } from "vitest";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import { finished } from "../support/terraform.js";
import { createWorkspace } from "../support/workspace.js";

const apply = ["apply", "-input=false", "-auto-approve"];

describe("what is at Konnect and what is in state agree after the next apply", {
  timeout: 240_000,
}, () => {
  test("when two runs configure the same region at once", async () => {
    await using stage = await createStage();
    const { emulator, somebody, endpoint, workspace: one } = stage;
    await using other = await createWorkspace({
      KONNECT_TOKEN: "kpat_stage",
      KONNECT_SERVER_URL: emulator.serverUrl,
      TF_VAR_secret: "Bearer other",
    });
    await one.write(secretVariable + webhookHcl("eu", endpoint, 'log_format = "json"'));
    await other.write(secretVariable + webhookHcl("eu", endpoint, 'log_format = "cps"'));
    for (const workspace of [one, other]) await workspace.succeed("init -input=false");
    emulator.faults.add({ region: "eu", effect: { kind: "latency", milliseconds: 300 } });
    const results = await Promise.all(
      [one, other].map((workspace) => finished(workspace.start(apply))),
    );
    emulator.faults.clear();
    for (const { exitCode, text } of results) {
      // Whoever came second either saw the first one's webhook, or is told that his settings don't stand.
      const told = /already has an audit-log webhook|other settings than were written/.test(text);
      expect(exitCode === 0 || told, text).toBe(true);
    }
    expect(results.some(({ exitCode }) => exitCode === 0)).toBe(true);
    const winner = results[0]?.exitCode === 0 ? one : other;
    await winner.succeed("apply -input=false -auto-approve");
    expect((await winner.plan()).exitCode).toBe(0);
    const { log_format } = await winner.attributes("konnectaudit_webhook.eu");
    expect((await somebody.getWebhook("eu")).body.log_format).toBe(log_format);
  });

  test("when the token expires half-way through many webhooks", async () => {
    const regions = Array.from({ length: 30 }, (_, index) => `r${index}x`);
    await using stage = await createStage({ regions });
    const { emulator, somebody, endpoint, workspace } = stage;
    await workspace.write(
      secretVariable + regions.map((region) => webhookHcl(region, endpoint)).join(""),
    );
    await workspace.succeed("init -input=false");
    const child = workspace.start(apply);
    const ended = finished(child);
    const isDone = () =>
      stage.providerCalls().filter((call) => call.startsWith("PATCH")).length >= 12;
    while (!isDone() && child.exitCode === null) await new Promise((next) => setTimeout(next, 5));
    const path = "/v2/audit-log-webhook";
    emulator.faults.add({ path, effect: { kind: "status", status: 401 } });
    const failed = await ended;
    emulator.faults.clear();
    expect(failed.exitCode).toBe(1);
    expect(failed.text).toMatch(/Konnect did not accept the token/);

    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.plan()).exitCode).toBe(0);
    for (const region of regions) {
      expect((await somebody.getWebhook(region)).body).toMatchObject({ endpoint, enabled: true });
    }
  });

  test("and a refresh reads each webhook once", async () => {
    await using stage = await createStage();
    const { endpoint, workspace } = stage;
    const regions = ["us", "eu", "au", "me", "in", "sg"];
    const status = 'data "konnectaudit_webhook_status" "eu" { region = "eu" }\n';
    await workspace.write(
      secretVariable + status + regions.map((region) => webhookHcl(region, endpoint)).join(""),
    );
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    const before = stage.providerCalls().length;
    expect((await workspace.plan()).exitCode).toBe(0);
    expect(stage.providerCalls().slice(before).sort()).toEqual(
      [
        ...regions.map((region) => `GET ${region} /v2/audit-log-webhook`),
        "GET eu /v2/audit-log-webhook/status",
      ].sort(),
    );
  });
});
