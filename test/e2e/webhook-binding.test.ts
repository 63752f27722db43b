import { describe, expect, test } from "vitest";
import {
  bindingHcl,
  createStage,
  destinationHcl,
  type Stage,
  secretVariable,
  webhookHcl,
} from "../support/stage.js";

const address = "konnectaudit_webhook_binding.eu";
const path = "/v3/audit-log-webhook";

async function initialised(stage: Stage, hcl: string) {
  await stage.workspace.write(secretVariable + hcl);
  await stage.workspace.succeed("init -input=false");
}

/** Applies a webhook, and writes a binding in its place. @returns the id of the destination */
async function replaceInConfiguration(stage: Stage): Promise<string> {
  const { id } = await stage.createDestination();
  await initialised(stage, webhookHcl("eu", stage.endpoint));
  await stage.workspace.succeed("apply -input=false -auto-approve");
  const binding = bindingHcl("eu", `"${id}"`, "adopt_existing = true");
  await stage.workspace.write(secretVariable + binding);
  return id;
}

describe("konnectaudit_webhook_binding under the real terraform", { timeout: 180_000 }, () => {
  test.each(["empty", "not-found"] as const)(
    "is applied, plans empty, shows drift, is repaired, paused, rebound and destroyed (unbound: %s)",
    async (unconfiguredBinding) => {
      await using stage = await createStage({ knobs: { unconfiguredBinding } });
      const { workspace, somebody, endpoint } = stage;
      const other = await stage.createDestination({ name: "other" });
      const destination = destinationHcl(endpoint);
      const reference = "konnectaudit_destination.siem.id";
      await initialised(stage, destination + bindingHcl("eu", reference));
      await workspace.succeed("apply -input=false -auto-approve");
      const { id } = await workspace.attributes("konnectaudit_destination.siem");
      const applied = await workspace.attributes(address);
      expect(applied).toMatchObject({
        ...{ id: "eu", region: "eu", audit_log_destination_id: id, enabled: true },
        revision: expect.any(String),
      });
      expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
      expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });

      await somebody.updateBinding("eu", { audit_log_destination_id: other.id });
      const changed = ["audit_log_destination_id", "revision"];
      expect((await workspace.plan()).changes).toEqual([{ address, actions: ["update"], changed }]);
      await workspace.succeed("apply -input=false -auto-approve");
      const repaired = await workspace.attributes(address);
      expect((await somebody.getBinding("eu"))?.body.audit_log_destination_id).toBe(id);
      expect(repaired.revision).not.toBe(applied.revision);

      const paused = bindingHcl("eu", reference, "enabled = false");
      await workspace.write(secretVariable + destination + paused);
      await workspace.succeed("apply -input=false -auto-approve");
      expect((await somebody.getBinding("eu"))?.body).toMatchObject({
        ...{ enabled: false, audit_log_destination_id: id },
      });

      const rebound = bindingHcl("eu", `"${other.id}"`);
      await workspace.write(secretVariable + destination + rebound);
      await workspace.succeed("apply -input=false -auto-approve");
      expect((await somebody.getBinding("eu"))?.body).toMatchObject({
        ...{ enabled: true, audit_log_destination_id: other.id },
      });
      expect((await workspace.plan()).exitCode).toBe(0);

      await workspace.succeed("destroy -input=false -auto-approve");
      expect((await somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
      expect(await somebody.listDestinations()).toEqual([other]);
    },
  );

  test("sends nothing but what changed in an update", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace } = stage;
    const { id } = await stage.createDestination();
    await initialised(stage, bindingHcl("eu", `"${id}"`));
    await workspace.succeed("apply -input=false -auto-approve");
    const v2 = "/v2/audit-log-webhook";
    const look = [`GET eu ${path}`, `GET eu ${v2}`];
    expect(stage.providerCalls()).toEqual([
      ...[...look, ...look, ...look], // in the plan, which apply makes again, and before the write
      ...[`PATCH eu ${path}`, `GET eu ${path}`],
    ]);
    await stage.somebody.updateBinding("eu", { enabled: false });
    await workspace.succeed("apply -input=false -auto-approve");
    expect(stage.providerCalls().filter((call) => call.startsWith("PATCH"))).toHaveLength(2);
  });

  test("is imported by its region, by command and by block, and then plans empty", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    const { id } = await stage.createDestination();
    await somebody.updateBinding("eu", { audit_log_destination_id: id, enabled: true });
    const block = `import {\n  to = ${address}\n  id = "eu"\n}\n`;
    await initialised(stage, bindingHcl("eu", `"${id}"`) + block);
    expect((await workspace.plan()).changes).toEqual([]);
    await workspace.write(secretVariable + bindingHcl("eu", `"${id}"`));
    await workspace.succeed(`import -input=false ${address} eu`);
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
    const refused = await workspace.terraform(`import -input=false ${address} EU!`);
    expect(refused.exitCode).toBe(1);
    const gone = await workspace.terraform(
      "import -input=false konnectaudit_webhook_binding.us us",
    );
    expect(gone.exitCode).toBe(1);
  });

  test("that vanished is planned anew; a 404 of a wrong address is an error", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, emulator } = stage;
    const { id } = await stage.createDestination();
    await initialised(stage, bindingHcl("eu", `"${id}"`));
    await workspace.succeed("apply -input=false -auto-approve");
    const fault = emulator.faults.add({ effect: { kind: "status", status: 404 } });
    const refused = await workspace.terraform("plan -input=false");
    expect(refused.text).toMatch(/Error: Konnect does not know the object/);
    emulator.faults.remove(fault);
    await somebody.deleteWebhook("eu");
    expect((await workspace.plan()).changes[0]?.actions).toEqual(["create"]);
  });
});

describe("the guard of a region that somebody configured", { timeout: 180_000 }, () => {
  test("shows the destination that it is bound to, and lets adopt_existing overwrite it", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    const theirs = await stage.createDestination({ name: "theirs" });
    const ours = await stage.createDestination({ name: "ours" });
    await somebody.updateBinding("eu", { audit_log_destination_id: theirs.id, enabled: true });
    await initialised(stage, bindingHcl("eu", `"${ours.id}"`));
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Error: Region "eu" already has an audit-log webhook/);
    expect(result.text).toContain(`at Konnect ${theirs.id}, in the code ${ours.id}`);
    expect((await somebody.getBinding("eu"))?.body.audit_log_destination_id).toBe(theirs.id);

    const adopting = bindingHcl("eu", `"${ours.id}"`, "adopt_existing = true");
    await workspace.write(secretVariable + adopting);
    const adopted = await workspace.succeed("apply -input=false -auto-approve");
    expect(adopted.text).toMatch(/Warning: Adopted the existing audit-log webhook of region "eu"/);
    expect((await somebody.getBinding("eu"))?.body.audit_log_destination_id).toBe(ours.id);
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("shows the masked endpoint of a webhook with settings of its own", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const { id } = await stage.createDestination();
    const theirs = { endpoint: `${endpoint}?code=planted`, authorization: "Bearer theirs" };
    await somebody.updateWebhook("eu", { ...theirs, enabled: true });
    await initialised(stage, bindingHcl("eu", `"${id}"`));
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toContain(`${endpoint}?code=***, enabled`);
    expect(result.text).toMatch(
      /import it as a konnectaudit_webhook \(terraform import <address> eu\)/,
    );
    expect(result.text).not.toContain("planted");
    expect((await somebody.getWebhook("eu")).body.endpoint).toBe(theirs.endpoint);
  });

  test("of konnectaudit_webhook names the destination, however alike the settings", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const { id } = await stage.createDestination();
    await somebody.updateBinding("eu", { audit_log_destination_id: id, enabled: true });
    await initialised(stage, webhookHcl("eu", endpoint));
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toContain(`audit_log_destination_id: at Konnect ${id}`);
    expect(result.text).toMatch(/import it as a konnectaudit_webhook_binding \(terraform import/);
    expect((await somebody.getBinding("eu"))?.body.audit_log_destination_id).toBe(id);
  });

  test.each(["import block", "terraform import"])(
    "is passed by an import of the webhook (%s), which says what the next write ends",
    async (way) => {
      await using stage = await createStage({ attached: true });
      const { workspace, somebody, endpoint } = stage;
      const { id } = await stage.createDestination();
      await somebody.updateBinding("eu", { audit_log_destination_id: id, enabled: true });
      const isBlock = way === "import block";
      const block = 'import {\n  to = konnectaudit_webhook.eu\n  id = "eu"\n}\n';
      await initialised(stage, webhookHcl("eu", endpoint) + (isBlock ? block : ""));
      const { text } = await workspace.succeed(
        isBlock ? "plan -input=false" : "import -input=false konnectaudit_webhook.eu eu",
      );
      expect(text).toMatch(new RegExp(`Warning: Region "eu" is bound to the destination ${id}`));
      expect(text).toMatch(/import it as a konnectaudit_webhook_binding instead/);
    },
  );

  test("stops a webhook and a binding on one region at apply", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, endpoint } = stage;
    const { id } = await stage.createDestination();
    await initialised(stage, webhookHcl("eu", endpoint) + bindingHcl("eu", `"${id}"`));
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Two resources manage the audit-log webhook of region "eu"/);
    expect(stage.providerCalls().filter((call) => call.startsWith("PATCH"))).toHaveLength(1);
  });

  test("lets a binding take over from a webhook of the same configuration", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    const id = await replaceInConfiguration(stage);
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await somebody.getBinding("eu"))?.body).toMatchObject({
      ...{ audit_log_destination_id: id, enabled: true },
    });
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("keeps what it took over when the webhook is destroyed in a later run", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody } = stage;
    const id = await replaceInConfiguration(stage);
    await workspace.succeed(`apply -input=false -auto-approve -target=${address}`);
    const destroyed = await workspace.succeed("apply -input=false -auto-approve");
    expect(destroyed.text).toMatch(/Warning: Left the audit-log webhook of region "eu" as it is/);
    expect(destroyed.text).toMatch(new RegExp(`By now it is bound to the destination ${id}`));
    expect((await somebody.getBinding("eu"))?.body).toMatchObject({
      ...{ audit_log_destination_id: id, enabled: true },
    });
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });
});
