import { describe, expect, test } from "vitest";
import type { Binding } from "../../src/konnect/wire.js";
import { type BoundWebhook, createBinding, updateBinding } from "../../src/provider/binding.js";
import { UNKNOWN } from "../../src/terraform/index.js";
import { createFakeClock } from "../support/fake-clock.js";
import { createCall } from "./support.js";

const ours = "7f9fd312-a987-4628-b4c5-bb4f4fddd5f7";
const theirs = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const planned = {
  ...{ audit_log_destination_id: ours, enabled: true, adopt_existing: false, revision: null },
};

/** A webhook in memory that notes each patch. */
function createWebhook(bound: Binding | undefined) {
  const patches: object[] = [];
  const webhook: BoundWebhook = {
    ...{ owner: 'region "eu"', attribute: "region", importId: "eu" },
    read: async () => bound,
    async write(patch) {
      patches.push(patch);
      bound = { audit_log_destination_id: null, enabled: false, ...bound, ...patch };
    },
  };
  return { webhook, patches };
}

const call = () => createCall(undefined, createFakeClock());

describe("a binding", () => {
  test("is created with both settings, where Konnect has none", async () => {
    for (const bound of [undefined, { audit_log_destination_id: null, enabled: true }]) {
      const { webhook, patches } = createWebhook(bound);
      const context = call();
      const created = await createBinding({ ...context, config: planned, planned }, webhook, false);
      expect(created).toEqual({ revision: "minted" });
      expect(patches).toEqual([{ audit_log_destination_id: ours, enabled: true }]);
      expect(context.diagnostics.all).toEqual([]);
    }
  });

  test("is updated with what changed only, and not at all when nothing did", async () => {
    const prior = { ...planned, revision: "before" };
    const change = async (after: Partial<typeof planned>) => {
      const { webhook, patches } = createWebhook({ ...prior });
      // A write mints a revision, so that its plan leaves it open.
      const isWrite = !("adopt_existing" in after);
      const next = { ...prior, ...after, ...(isWrite && { revision: UNKNOWN as never }) };
      const context = { ...call(), config: next, planned: next, prior };
      return { ...(await updateBinding(context, webhook)), patches };
    };
    expect(await change({ enabled: false })).toEqual({
      ...{ revision: "minted", patches: [{ enabled: false }] },
    });
    expect(await change({ audit_log_destination_id: theirs })).toEqual({
      ...{ revision: "minted", patches: [{ audit_log_destination_id: theirs }] },
    });
    expect(await change({ adopt_existing: true })).toEqual({ revision: "before", patches: [] });
  });

  test("of the same destination is adopted with a warning, another one only if that is wanted", async () => {
    const same = createWebhook({ audit_log_destination_id: ours, enabled: true });
    const context = call();
    await createBinding({ ...context, config: planned, planned }, same.webhook, false);
    expect(context.diagnostics.all).toMatchObject([{ severity: "warning", path: ["region"] }]);

    const paused = { audit_log_destination_id: ours, enabled: false };
    for (const bound of [paused, { audit_log_destination_id: theirs, enabled: true }]) {
      const { webhook, patches } = createWebhook(bound);
      const refused = createBinding({ ...call(), config: planned, planned }, webhook, false);
      await expect(refused).rejects.toThrow(/Region "eu" already has an audit-log webhook/);
      expect(patches).toEqual([]);
      const adopting = { ...planned, adopt_existing: true };
      await createBinding({ ...call(), config: adopting, planned: adopting }, webhook, false);
      expect(patches).toHaveLength(1);
    }
  });
});
