import { describe, expect, test } from "vitest";
import { applyAndKill, startHoldingProxy } from "../support/holding-proxy.js";
import {
  bindingHcl,
  createStage,
  destinationHcl,
  type Stage,
  secretVariable,
} from "../support/stage.js";

const address = "konnectaudit_destination.siem";
const collection = "/v3/audit-log-destinations";
const rotation = {
  address,
  actions: ["update"],
  changed: ["authorization_revision", "revision", "updated_at"],
};

async function initialised(stage: Stage, hcl: string) {
  await stage.workspace.write(secretVariable + hcl);
  await stage.workspace.succeed("init -input=false");
}

/** The Authorization that a delivery by the destination carries. */
async function deliveredBy(stage: Stage, id: string) {
  await stage.somebody.updateBinding("sg", { audit_log_destination_id: id, enabled: true });
  const authorization = await stage.deliveredAuthorization("sg");
  await stage.somebody.deleteWebhook("sg");
  return authorization;
}

describe("konnectaudit_destination under the real terraform", { timeout: 180_000 }, () => {
  test("is applied, plans empty, shows drift, is repaired, rotated, renamed, and destroyed", async () => {
    await using stage = await createStage();
    const { workspace, somebody, endpoint } = stage;
    await initialised(stage, destinationHcl(endpoint));
    await workspace.succeed("apply -input=false -auto-approve");
    const applied = await workspace.attributes(address);
    const id = String(applied.id);
    expect(applied).toMatchObject({
      name: "siem",
      endpoint,
      authorization: null,
      authorization_revision: 1,
      log_format: "cef",
      skip_ssl_verification: false,
      revision: expect.any(String),
      created_at: expect.any(String),
    });
    expect((await somebody.getDestination(id))?.body).toMatchObject({ name: "siem", endpoint });
    expect(await deliveredBy(stage, id)).toBe("Bearer first");
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });

    await somebody.updateDestination(id, { log_format: "json" });
    const drift = await workspace.plan({ TF_VAR_secret: undefined });
    expect(drift.changes).toEqual([
      { address, actions: ["update"], changed: ["log_format", "revision", "updated_at"] },
    ]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await somebody.getDestination(id))?.body.log_format).toBe("cef");

    const second = { TF_VAR_secret: "Bearer second" };
    expect((await workspace.plan(second)).changes).toEqual([rotation]);
    await workspace.succeed("apply -input=false -auto-approve", second);
    expect(await deliveredBy(stage, id)).toBe("Bearer second");
    expect(await workspace.attributes(address)).toMatchObject({ id, authorization_revision: 2 });

    await workspace.write(secretVariable + destinationHcl(endpoint, { name: "renamed" }));
    await workspace.succeed("apply -input=false -auto-approve", second);
    expect(await workspace.attributes(address)).toMatchObject({ id, name: "renamed" });
    expect((await workspace.plan(second)).exitCode).toBe(0);

    await workspace.succeed("destroy -input=false -auto-approve", { TF_VAR_secret: undefined });
    expect(await somebody.listDestinations()).toEqual([]);
  });

  test("is imported by its id; the next plan changes the two revisions and nothing else", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, endpoint } = stage;
    const { id } = await stage.createDestination();
    const block = `import {\n  to = ${address}\n  id = "${id}"\n}\n`;
    await initialised(stage, destinationHcl(endpoint) + block);
    expect((await workspace.plan()).changes).toEqual([rotation]);

    await workspace.write(secretVariable + destinationHcl(endpoint));
    await workspace.succeed(`import -input=false ${address} ${id}`);
    expect((await workspace.plan()).changes).toEqual([rotation]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect(await deliveredBy(stage, id)).toBe("Bearer first");
    expect((await workspace.plan()).exitCode).toBe(0);

    await workspace.succeed(`state rm ${address}`);
    const byName = await workspace.terraform(`import -input=false ${address} siem`);
    expect(byName.text).toMatch(/Invalid import id.*konnectaudit_destinations finds it by name/);
    const unknown = "00000000-0000-4000-8000-000000000000";
    const gone = await workspace.terraform(`import -input=false ${address} ${unknown}`);
    expect(gone.text).toContain("Cannot import non-existent remote object");
  });

  test("that vanished is planned anew; a 404 of a wrong address is an error", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, emulator, endpoint } = stage;
    await initialised(stage, destinationHcl(endpoint));
    await workspace.succeed("apply -input=false -auto-approve");
    const fault = emulator.faults.add({
      path: `${collection}*`,
      effect: { kind: "status", status: 404 },
    });
    const before = await workspace.state();
    const refused = await workspace.terraform("plan -input=false");
    expect(refused.text).toMatch(/Error: Konnect does not know the object/);
    expect(await workspace.state()).toBe(before);
    emulator.faults.remove(fault);

    await somebody.deleteDestination(String((await workspace.attributes(address)).id));
    expect((await workspace.plan()).changes[0]?.actions).toEqual(["create"]);
  });

  test("whose name is taken says whose it is, masked, and changes nothing", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const theirs = await stage.createDestination({ endpoint: `${endpoint}?code=planted` });
    await initialised(stage, destinationHcl(endpoint));
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Error: The destination name "siem" is taken/);
    expect(result.text).toContain(`${theirs.id}, which delivers to ${endpoint}?code=***`);
    expect(result.text).toMatch(/import it|import that one/);
    expect(result.text).not.toContain("planted");
    expect(await somebody.listDestinations()).toEqual([theirs]);

    await workspace.write(secretVariable + destinationHcl(endpoint, { name: "other" }));
    await workspace.succeed("apply -input=false -auto-approve");
    await workspace.write(secretVariable + destinationHcl(endpoint, { name: "siem" }));
    const renamed = await workspace.terraform("apply -input=false -auto-approve");
    expect(renamed.text).toMatch(/Error: The destination name "siem" is taken/);
    expect((await workspace.attributes(address)).name).toBe("other");
  });

  test("created by a provider that was killed at its POST is adopted by the next apply", async () => {
    await using stage = await createStage();
    const { workspace, somebody, endpoint } = stage;
    await using proxy = await startHoldingProxy(stage.emulator.url, "after Konnect has done it", {
      method: "POST",
    });
    await initialised(stage, destinationHcl(endpoint));
    expect((await applyAndKill(workspace, proxy)).exitCode).toBe(1);
    const [left] = await somebody.listDestinations();

    const again = await workspace.succeed("apply -input=false -auto-approve");
    expect(again.text).toMatch(/Warning: Adopted the existing audit-log destination "siem"/);
    const { id } = await workspace.attributes(address);
    expect(id).toBe(left?.id);
    expect(await deliveredBy(stage, String(id))).toBe("Bearer first");
    expect((await workspace.plan()).exitCode).toBe(0);
    expect(await somebody.listDestinations()).toHaveLength(1);
  });

  test("stops the second of two resources with one name", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const two = destinationHcl(endpoint) + destinationHcl(endpoint, { label: "twin" });
    await initialised(stage, two);
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.exitCode).toBe(1);
    expect(result.text).toMatch(/Two resources manage the audit-log destination "siem"/);
    expect(await somebody.listDestinations()).toHaveLength(1);
  });

  test("exchange their names in one apply, and keep their webhooks", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const both = (one: string, two: string) =>
      destinationHcl(endpoint, { label: "one", name: one }) +
      destinationHcl(endpoint, { label: "two", name: two }) +
      bindingHcl("eu", "konnectaudit_destination.one.id");
    await initialised(stage, both("first", "second"));
    await workspace.succeed("apply -input=false -auto-approve");
    const one = await workspace.attributes("konnectaudit_destination.one");
    await workspace.write(secretVariable + both("second", "first"));
    await workspace.succeed("apply -input=false -auto-approve");
    expect(await workspace.attributes("konnectaudit_destination.one")).toMatchObject({
      ...{ id: one.id, name: "second" },
    });
    expect((await somebody.getDestination(String(one.id)))?.body.name).toBe("second");
    expect((await somebody.getBinding("eu"))?.body.audit_log_destination_id).toBe(one.id);
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });

  test("keeps its place at Konnect under another address, though nobody wrote a moved block", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    await initialised(stage, destinationHcl(endpoint));
    await workspace.succeed("apply -input=false -auto-approve");
    await workspace.write(secretVariable + destinationHcl(endpoint, { label: "elsewhere" }));
    await workspace.succeed("apply -input=false -auto-approve");
    const { id } = await workspace.attributes("konnectaudit_destination.elsewhere");
    expect(await somebody.listDestinations()).toMatchObject([{ id, name: "siem" }]);
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });

  test("waits on destroy while it is in use", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, emulator, endpoint } = stage;
    await initialised(stage, destinationHcl(endpoint));
    await workspace.succeed("apply -input=false -auto-approve");
    emulator.faults.add({
      method: "DELETE",
      path: `${collection}*`,
      count: 2,
      effect: { kind: "status", status: 409 },
    });
    await workspace.succeed("destroy -input=false -auto-approve");
    expect(await somebody.listDestinations()).toEqual([]);
    expect(stage.providerCalls().filter((call) => call.startsWith("DELETE"))).toHaveLength(3);
  });

  test("without authorization fails at once, names the variable, and changes nothing", async () => {
    await using stage = await createStage({ attached: true, env: { TF_VAR_secret: undefined } });
    const { workspace, somebody, endpoint } = stage;
    await initialised(stage, destinationHcl(endpoint));
    const result = await workspace.terraform("apply -input=false -auto-approve");
    expect(result.text).toMatch(/Error: authorization is missing for the new destination "siem"/);
    expect(await somebody.listDestinations()).toEqual([]);
  });

  test("without authorization is not replaced, and stays", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    await initialised(stage, destinationHcl(endpoint));
    await workspace.succeed("apply -input=false -auto-approve");
    const before = await somebody.listDestinations();
    const replace = `apply -input=false -auto-approve -replace=${address}`;
    const stopped = await workspace.terraform(replace, { TF_VAR_secret: undefined });
    expect(stopped.text).toMatch(
      /Error: authorization is missing for the replacement of the destination "siem"/,
    );
    expect(await somebody.listDestinations()).toEqual(before);
  });
});
