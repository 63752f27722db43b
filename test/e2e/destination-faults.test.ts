import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/faults.js";
import { bindingHcl, createStage, destinationHcl, secretVariable } from "../support/stage.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const unknownId = "00000000-0000-4000-8000-000000000000";
const quick = 'provider "konnectaudit" { max_retries = 0 }\n';

/** A destination, and both kinds of webhooks bound to it. */
const everything = (endpoint: string) =>
  [
    ...[quick, secretVariable, destinationHcl(endpoint)],
    bindingHcl("eu", "konnectaudit_destination.siem.id"),
    `resource "konnectaudit_portal_webhook" "p" {
  region                   = "eu"
  portal_id                = "${portal}"
  audit_log_destination_id = konnectaudit_destination.siem.id
}
`,
  ].join("");

type Effect = Extract<Fault, { effect: unknown }>["effect"];

/** Some for Terraform itself to show; test/provider/fault-matrix.test.ts has them all. */
const faults: [string, Effect, RegExp][] = [
  ["403", { kind: "status", status: 403, omitDetail: true }, /lacks a permission/],
  ["an HTML page", { kind: "body", body: "html" }, /is not JSON/],
];

describe("a failing Konnect", { timeout: 300_000 }, () => {
  test.each([
    ["a destination", "/v3/audit-log-destinations*"],
    ["a binding", "/v3/audit-log-webhook"],
    ["a portal webhook", "/v3/portals/*"],
  ])(
    "at the refresh of %s gives one error each time, and never takes the state away",
    async (_, path) => {
      await using stage = await createStage({ attached: true });
      const { workspace, emulator, endpoint } = stage;
      await workspace.write(everything(endpoint));
      await workspace.succeed("init -input=false");
      await workspace.succeed("apply -input=false -auto-approve");
      const before = await workspace.state();
      for (const [name, effect, message] of faults) {
        const id = emulator.faults.add({ path, effect });
        const result = await workspace.terraform("plan -input=false -detailed-exitcode");
        expect(result.exitCode, name).toBe(1);
        expect(result.text, name).toMatch(message);
        expect(result.text.match(/Error: /g), name).toHaveLength(1);
        expect(await workspace.state(), name).toBe(before);
        emulator.faults.remove(id);
      }
      expect((await workspace.plan()).exitCode).toBe(0);
    },
  );

  test("while it creates leaves nothing half done that the next apply does not finish", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator, somebody, endpoint } = stage;
    await workspace.write(everything(endpoint));
    await workspace.succeed("init -input=false");
    // Each write is done, but its answer is lost.
    for (const path of ["/v3/audit-log-destinations", "/v3/audit-log-webhook", "/v3/portals/*"]) {
      for (const method of ["POST", "PATCH"]) {
        emulator.faults.add({ path, method, count: 1, effect: { kind: "reset", when: "after" } });
      }
    }
    for (const wanted of [1, 1, 0]) {
      const { exitCode } = await workspace.terraform("apply -input=false -auto-approve");
      expect(exitCode).toBe(wanted);
    }
    expect((await workspace.plan()).exitCode).toBe(0);
    const [destination, ...more] = await somebody.listDestinations();
    expect(more).toEqual([]);
    const bound = { audit_log_destination_id: destination?.id, enabled: true };
    expect((await somebody.getBinding("eu"))?.body).toMatchObject(bound);
    expect((await somebody.getPortalWebhook("eu", portal))?.body).toMatchObject(bound);
  });

  test("that refuses a value puts the error on the attribute", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace } = stage;
    await workspace.write(bindingHcl("eu", `"${unknownId}"`));
    await workspace.succeed("init -input=false");
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Error: Konnect refused the values in region "eu"/);
    expect(result.text).toMatch(/destination does not exist/);
    expect(result.text).toMatch(/on main\.tf line 3, in resource/);
  });
});
