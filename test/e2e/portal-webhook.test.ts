import { describe, expect, test } from "vitest";
import { createStage, type Stage, secretVariable } from "../support/stage.js";

const address = "konnectaudit_portal_webhook.developers";
const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const otherPortal = "0a1b2c3d-ed33-46a3-a093-d8f536af9a8a";

function portalHcl(destination: string, { portalId = portal, extra = "" } = {}): string {
  return `resource "konnectaudit_portal_webhook" "developers" {
  region                   = "eu"
  portal_id                = "${portalId}"
  audit_log_destination_id = "${destination}"
  ${extra}
}
`;
}

async function initialised(stage: Stage, hcl: string) {
  await stage.workspace.write(secretVariable + hcl);
  await stage.workspace.succeed("init -input=false");
}

describe("konnectaudit_portal_webhook under the real terraform", { timeout: 180_000 }, () => {
  test("is applied, plans empty, shows drift, is repaired, moved to another portal, destroyed", async () => {
    await using stage = await createStage();
    const { workspace, somebody } = stage;
    const { id } = await stage.createDestination();
    const bound = { audit_log_destination_id: id, enabled: true };
    const unbound = { audit_log_destination_id: null, enabled: false };
    await initialised(stage, portalHcl(id));
    await workspace.succeed("apply -input=false -auto-approve");
    expect(await workspace.attributes(address)).toMatchObject({
      ...{ id: `eu/${portal}`, ...bound, revision: expect.any(String) },
    });
    expect((await somebody.getPortalWebhook("eu", portal))?.body).toMatchObject(bound);
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });

    await somebody.updatePortalWebhook("eu", portal, { enabled: false });
    const drift = await workspace.plan();
    const changed = ["enabled", "revision"];
    expect(drift.changes).toEqual([{ address, actions: ["update"], changed }]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await somebody.getPortalWebhook("eu", portal))?.body).toMatchObject(bound);

    await workspace.write(secretVariable + portalHcl(id, { portalId: otherPortal }));
    expect((await workspace.plan()).changes[0]?.actions).toEqual(["delete", "create"]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await somebody.getPortalWebhook("eu", portal))?.body).toMatchObject(unbound);
    expect((await somebody.getPortalWebhook("eu", otherPortal))?.body).toMatchObject(bound);

    await workspace.succeed("destroy -input=false -auto-approve");
    expect((await somebody.getPortalWebhook("eu", otherPortal))?.body).toMatchObject(unbound);
  });

  test("is imported by region and portal, and then plans empty", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    const { id } = await stage.createDestination();
    const bound = { audit_log_destination_id: id, enabled: true };
    await somebody.updatePortalWebhook("eu", portal, bound);
    const block = `import {\n  to = ${address}\n  id = "eu/${portal}"\n}\n`;
    await initialised(stage, portalHcl(id) + block);
    expect((await workspace.plan()).changes).toEqual([]);
    await workspace.write(portalHcl(id));
    await workspace.succeed(`import -input=false ${address} eu/${portal}`);
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });

    await workspace.succeed(`state rm ${address}`);
    for (const wrong of [portal, `EU/${portal}`, "eu/portal", `eu/${portal}/more`]) {
      const refused = await workspace.terraform(`import -input=false ${address} ${wrong}`);
      expect(refused.text).toMatch(/Invalid import id.*region\/portal_id/);
    }
  });

  test("is guarded against overwriting what somebody else bound", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    const theirs = await stage.createDestination({ name: "theirs" });
    const ours = await stage.createDestination({ name: "ours" });
    const bound = { audit_log_destination_id: theirs.id, enabled: true };
    await somebody.updatePortalWebhook("eu", portal, bound);
    await initialised(stage, portalHcl(ours.id));
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.text).toMatch(
      new RegExp(`Error: Portal ${portal} in region "eu" already has an audit-log webhook`),
    );
    expect(result.text).toContain(`import <address> eu/${portal}`);
    expect((await somebody.getPortalWebhook("eu", portal))?.body).toMatchObject(bound);
    await workspace.write(portalHcl(ours.id, { extra: "adopt_existing = true" }));
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("is gone with its portal; other failures are errors and leave the state alone", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, emulator } = stage;
    const { id } = await stage.createDestination();
    await initialised(stage, `provider "konnectaudit" { max_retries = 0 }\n${portalHcl(id)}`);
    await workspace.succeed("apply -input=false -auto-approve");
    const before = await workspace.state();
    for (const status of [401, 403, 500]) {
      const fault = emulator.faults.add({ effect: { kind: "status", status } });
      expect((await workspace.terraform("plan -input=false")).exitCode).toBe(1);
      emulator.faults.remove(fault);
    }
    const everywhere = emulator.faults.add({ effect: { kind: "status", status: 404 } });
    const wrongUrl = await workspace.terraform("plan -input=false");
    expect(wrongUrl.text).toMatch(/Error: Konnect does not know the object in region "eu"/);
    emulator.faults.remove(everywhere);
    expect(await workspace.state()).toBe(before);

    emulator.faults.add({ path: "/v3/portals/*", effect: { kind: "status", status: 404 } });
    expect((await workspace.plan()).changes[0]?.actions).toEqual(["create"]);
  });
});
