import { describe, expect, test } from "vitest";
import { applyAndKill, startHoldingProxy } from "../support/holding-proxy.js";
import { bindingHcl, createStage, type Stage } from "../support/stage.js";

const hour = 3_600_000;
const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const range = { start_at: ago(hour), end_at: ago(0) };

interface Case {
  address: string;
  hcl(destination: string): string;
  /** The write that is held when Konnect has done it. */
  method: string;
  adopted: RegExp;
  /** What Konnect has. */
  found(stage: Stage): Promise<object | undefined>;
}

const cases: readonly Case[] = [
  {
    address: "konnectaudit_webhook_binding.eu",
    hcl: (id) => bindingHcl("eu", `"${id}"`),
    method: "PATCH",
    adopted: /Adopted the existing audit-log webhook of region "eu"/,
    found: async ({ somebody }) => (await somebody.getBinding("eu"))?.body,
  },
  {
    address: "konnectaudit_portal_webhook.p",
    hcl: (id) => `resource "konnectaudit_portal_webhook" "p" {
      region                   = "eu"
      portal_id                = "${portal}"
      audit_log_destination_id = "${id}"
    }`,
    method: "PATCH",
    adopted: new RegExp(`Adopted the existing audit-log webhook of portal ${portal}`),
    found: async ({ somebody }) => (await somebody.getPortalWebhook("eu", portal))?.body,
  },
  {
    address: "konnectaudit_replay_job.outage",
    hcl: () => `resource "konnectaudit_replay_job" "outage" {
      region   = "eu"
      start_at = "${range.start_at}"
      end_at   = "${range.end_at}"
    }`,
    method: "PUT",
    adopted: /Took over the replay job that is under way in region "eu"/,
    found: async ({ somebody }) => {
      const { status } = (await somebody.getReplayJob("eu")).body;
      return { status };
    },
  },
];

describe("a provider that is killed between a write and its answer", { timeout: 180_000 }, () => {
  test.each(cases)("leaves to the next apply to take over what $address has", async (each) => {
    await using stage = await createStage({ knobs: { replayStepMs: hour } });
    const { workspace, emulator } = stage;
    await using proxy = await startHoldingProxy(emulator.url, "after Konnect has done it", each);
    const { id } = await stage.createDestination();
    await workspace.write(each.hcl(id));
    await workspace.succeed("init -input=false");
    expect((await applyAndKill(workspace, proxy)).exitCode).toBe(1);
    await expect(workspace.attributes(each.address)).rejects.toThrow("is not in state");
    const left = await each.found(stage);

    const again = await workspace.succeed("apply -input=false -auto-approve");
    expect(again.text).toMatch(each.adopted);
    expect(await each.found(stage)).toEqual(left);
    expect(await workspace.attributes(each.address)).toMatchObject({ ...left });
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });
});
