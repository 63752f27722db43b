import { describe, expect, test } from "vitest";
import type { BindingPatch } from "../../src/konnect/webhook-api.js";
import { createStage, type Stage } from "../support/stage.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";

/** Applies a configuration that has one output, and answers its value. */
async function outputOf(stage: Stage, hcl: string, expression: string): Promise<unknown> {
  const { workspace } = stage;
  await workspace.write(`${hcl}\noutput "answer" {\n  value = ${expression}\n}\n`);
  await workspace.succeed("init -input=false");
  await workspace.succeed("apply -input=false -auto-approve");
  const { stdout } = await workspace.succeed("output -json answer");
  return JSON.parse(stdout);
}

describe("data sources under the real terraform", { timeout: 180_000 }, () => {
  test("konnectaudit_webhook answers the settings, and says when there are none", async () => {
    await using stage = await createStage({ attached: true });
    const { somebody, endpoint } = stage;
    const data = `data "konnectaudit_webhook" "eu" {\n  region = "eu"\n}`;
    expect(await outputOf(stage, data, "data.konnectaudit_webhook.eu")).toEqual({
      ...{ id: "eu", region: "eu", configured: false, enabled: false, endpoint: null },
      ...{ log_format: null, skip_ssl_verification: null, updated_at: null },
    });
    const { id } = await stage.createDestination();
    await somebody.updateBinding("eu", { audit_log_destination_id: id, enabled: true });
    expect(await outputOf(stage, data, "data.konnectaudit_webhook.eu")).toEqual({
      ...{ id: "eu", region: "eu", configured: true, enabled: true, endpoint },
      ...{ log_format: "cef", skip_ssl_verification: false, updated_at: expect.any(String) },
    });
    expect(stage.providerCalls()).toEqual([
      ...["GET eu /v2/audit-log-webhook", "GET eu /v2/audit-log-webhook"],
    ]);
  });

  test("konnectaudit_destinations answers all of them, page by page, or the one of a name", async () => {
    await using stage = await createStage({ attached: true });
    const names = Array.from({ length: 101 }, (_, index) => `siem ${index}`);
    for (const name of names) await stage.createDestination({ name });
    const all = `data "konnectaudit_destinations" "all" {}`;
    const found = "data.konnectaudit_destinations.all.destinations[*].name";
    expect(((await outputOf(stage, all, found)) as string[]).sort()).toEqual(names.sort());

    const filtered = (name: string) =>
      `data "konnectaudit_destinations" "named" {\n  name = "${name}"\n}`;
    const answer = "data.konnectaudit_destinations.named.destinations";
    expect(await outputOf(stage, filtered("siem 1"), answer)).toEqual([
      {
        ...{ id: expect.any(String), name: "siem 1", endpoint: stage.endpoint },
        ...{ log_format: "cef", skip_ssl_verification: false },
        ...{ created_at: expect.any(String), updated_at: expect.any(String) },
      },
    ]);
    expect(await outputOf(stage, filtered("nobody"), answer)).toEqual([]);
  });

  test("konnectaudit_jwks answers the keys that events are signed with", async () => {
    await using stage = await createStage({ attached: true });
    const data = `data "konnectaudit_jwks" "eu" {\n  region = "eu"\n}`;
    const keys = await outputOf(stage, data, "data.konnectaudit_jwks.eu.keys");
    const { body } = await stage.somebody.getJwks("eu");
    expect(keys).toEqual(body.keys);
    expect(keys).toMatchObject([{ kty: "OKP", crv: "Ed25519", alg: "EdDSA" }]);
  });

  test.each([
    [
      "konnectaudit_webhook_status",
      { id: "eu", region: "eu" },
      true,
      (stage: Stage, binding: BindingPatch) => stage.somebody.updateBinding("eu", binding),
    ],
    [
      "konnectaudit_portal_webhook_status",
      { id: `eu/${portal}`, region: "eu", portal_id: portal },
      // Nothing has happened in the portal, so that nothing was delivered: nothing is known.
      null,
      (stage: Stage, binding: BindingPatch) =>
        stage.somebody.updatePortalWebhook("eu", portal, binding),
    ],
  ])(
    "%s answers how deliveries fare, and a failure as an attribute",
    async (type, names, healthy, bind) => {
      await using stage = await createStage({ attached: true });
      const { workspace, emulator } = stage;
      const { id } = await stage.createDestination();
      await bind(stage, { audit_log_destination_id: id, enabled: true });
      // What was delivered meanwhile is in the status.
      await emulator.idle();
      const { id: _, ...given } = names;
      const lines = Object.entries(given).map(([name, value]) => `${name} = "${value}"`);
      const data = `data "${type}" "s" {\n  ${lines.join("\n  ")}\n}`;
      const answer = `data.${type}.s`;
      expect(await outputOf(stage, data, answer)).toMatchObject({
        ...{ ...names, webhook_enabled: true, webhook_status: "active" },
        ...{ healthy, error: null },
      });
      emulator.faults.add({ effect: { kind: "status", status: 403 } });
      const { text } = await workspace.succeed("plan -input=false");
      expect(text).toMatch(/Warning: The status of .* could not be read/);
      expect(await outputOf(stage, data, answer)).toMatchObject({
        ...{
          webhook_status: null,
          healthy: null,
          error: expect.stringContaining("may not do this"),
        },
      });
    },
  );

  test.each([
    ["webhook", 'region = "eu"'],
    ["destinations", ""],
    ["jwks", 'region = "eu"'],
  ])("konnectaudit_%s fails with a diagnostic when Konnect refuses", async (type, body) => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator } = stage;
    emulator.faults.add({ effect: { kind: "status", status: 403 } });
    await workspace.write(`data "konnectaudit_${type}" "x" {\n  ${body}\n}`);
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("plan -input=false");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Error: The Konnect token lacks a permission/);
  });
});
