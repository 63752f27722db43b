import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/faults.js";
import { applyAndKill, type HoldingPoint, startHoldingProxy } from "../support/holding-proxy.js";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";

const path = "/v2/audit-log-webhook";
const quick = 'provider "konnectaudit" { max_retries = 0 }\n';

describe("a failing Konnect", { timeout: 120_000 }, () => {
  test.each<[string, Fault, RegExp]>([
    // Some for Terraform itself to show; test/provider/fault-matrix.test.ts has them all.
    ["404", { path, effect: { kind: "status", status: 404 } }, /does not know the object/],
    ["429", { path, effect: { kind: "status", status: 429 } }, /rate limit is exhausted/],
    ["truncated JSON", { path, effect: { kind: "body", body: "truncated" } }, /is not JSON/],
    ["a reset", { path, effect: { kind: "reset", when: "before" } }, /can't be reached/],
  ])(
    "that answers a refresh with %s is an error, never 'gone', and leaves the state alone",
    async (_, fault, message) => {
      await using stage = await createStage({ attached: true });
      const { workspace, emulator, endpoint } = stage;
      await workspace.write(quick + secretVariable + webhookHcl("eu", endpoint));
      await workspace.succeed("init -input=false");
      await workspace.succeed("apply -input=false -auto-approve");
      const before = await workspace.state();
      emulator.faults.add(fault);
      const result = await workspace.terraform("plan -input=false -detailed-exitcode");
      expect(result.exitCode).toBe(1);
      expect(result.text).toMatch(message);
      expect(result.text.match(/Error: /g)).toHaveLength(1);
      expect(await workspace.state()).toBe(before);
      emulator.faults.clear();
      expect((await workspace.plan()).exitCode).toBe(0);
    },
  );

  test("that refuses the first half of a replacement leaves the state alone, the credential's hash too", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator, endpoint } = stage;
    await workspace.write(quick + secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    const resources = async () => JSON.parse(await workspace.state()).resources;
    const before = await resources();
    const id = emulator.faults.add({ method: "PATCH", effect: { kind: "status", status: 403 } });
    const replace = "apply -input=false -auto-approve -replace=konnectaudit_webhook.eu";
    expect((await workspace.terraform(replace)).exitCode).toBe(1);
    expect(before[0].instances[0].private).toMatch(/./);
    expect(await resources()).toEqual(before);
    emulator.faults.remove(id);
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("that does an update and loses its answer: the gate runs with the next apply", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator, endpoint, somebody } = stage;
    const gate =
      'resource "terraform_data" "gate" { triggers_replace = konnectaudit_webhook.eu.revision }';
    const write = (format: string) =>
      workspace.write(
        `${quick}${secretVariable}${gate}\n${webhookHcl("eu", endpoint, `log_format = "${format}"`)}`,
      );
    await write("cef");
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    await write("json");
    const id = emulator.faults.add({ method: "PATCH", effect: { kind: "reset", when: "after" } });
    expect((await workspace.terraform("apply -input=false -auto-approve")).exitCode).toBe(1);
    emulator.faults.remove(id);
    expect((await somebody.getWebhook("eu")).body.log_format).toBe("json");

    // There is nothing left to write, and so no new revision; but Terraform removed the gate before it wrote.
    const next = await workspace.plan();
    expect(next).toMatchObject({ exitCode: 2 });
    expect(next.changes).toMatchObject([{ address: "terraform_data.gate", actions: ["create"] }]);
  });

  test("that throttles and resets for a while only costs time", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    emulator.faults.add({
      method: "PATCH",
      count: 1,
      effect: { kind: "status", status: 429, retryAfter: "0" },
    });
    emulator.faults.add({ method: "PATCH", count: 1, effect: { kind: "reset", when: "after" } });
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.plan()).exitCode).toBe(0);
  });
});

describe("a provider that is killed in the middle of an apply", { timeout: 120_000 }, () => {
  test.each<HoldingPoint>(["before it reaches Konnect", "after Konnect has done it"])(
    "with its PATCH held %s: the next apply converges",
    async (point) => {
      await using stage = await createStage();
      const { workspace, emulator, endpoint, somebody } = stage;
      await using proxy = await startHoldingProxy(emulator.url, point);
      await workspace.write(secretVariable + webhookHcl("eu", endpoint));
      await workspace.succeed("init -input=false");
      expect((await applyAndKill(workspace, proxy)).exitCode).toBe(1);
      const done = point === "after Konnect has done it";
      expect((await somebody.getWebhook("eu")).body.endpoint).toBe(
        done ? endpoint : "unconfigured",
      );

      const again = await workspace.succeed("apply -input=false -auto-approve");
      expect(again.text.includes("Adopted the existing audit-log webhook")).toBe(done);
      expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, enabled: true });
      expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
      expect((await workspace.plan()).exitCode).toBe(0);
    },
  );
});
