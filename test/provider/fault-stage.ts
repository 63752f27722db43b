import { expect } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import type { Failure } from "./failures.js";
import { absent, type Kept, type Outcome, startRun } from "./provider-run.js";

export const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const endpoint = "https://siem.example.com/in";
const hour = 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const lastHour = { start_at: ago(hour), end_at: ago(0) };
export const connection = { endpoint, authorization: "Bearer x" };

/** A resource that meets failures. */
export interface Subject {
  type: string;
  config(destination: string): ObjectValue;
  /** What an update changes; without it, an update calls nobody. */
  update?: ObjectValue;
  /** The method of the write that creates. */
  creates: string;
  /** Says whether Konnect has none any more; without it, destroying calls nobody. */
  isGone?(konnect: KonnectClient, id: string): Promise<boolean>;
}

/** Every resource. */
export const subjects: readonly Subject[] = [
  {
    type: "konnectaudit_webhook",
    config: () => ({ region: "eu", ...connection }),
    update: { log_format: "json" },
    creates: "PATCH",
    isGone: async (konnect) => (await konnect.getWebhook("eu")).body.endpoint === "unconfigured",
  },
  {
    type: "konnectaudit_destination",
    config: () => ({ name: "siem", ...connection }),
    update: { log_format: "json" },
    creates: "POST",
    isGone: async (konnect, id) => (await konnect.getDestination(id)) === undefined,
  },
  {
    type: "konnectaudit_webhook_binding",
    config: (id) => ({ region: "eu", audit_log_destination_id: id }),
    update: { enabled: false },
    creates: "PATCH",
    isGone: async (konnect) =>
      (await konnect.getBinding("eu"))?.body.audit_log_destination_id === null,
  },
  {
    type: "konnectaudit_portal_webhook",
    config: (id) => ({ region: "eu", portal_id: portal, audit_log_destination_id: id }),
    update: { enabled: false },
    creates: "PATCH",
    isGone: async (konnect) =>
      (await konnect.getPortalWebhook("eu", portal))?.body.audit_log_destination_id === null,
  },
  {
    type: "konnectaudit_replay_job",
    config: () => ({ region: "eu", ...lastHour }),
    creates: "PUT",
  },
];

/** An emulator with somebody else's destination, and a run of the provider that gives up at the first failure. */
export async function createStage({ type, config }: Subject) {
  // A job that stays under way is one that each refresh reads.
  const emulator = await startEmulator({ knobs: { replayStepMs: hour } });
  const { serverUrl } = emulator;
  const konnect = createKonnectClient({ token: "kpat_x", serverUrl });
  const { body } = await konnect.createDestination({
    ...{ name: "theirs", ...connection, log_format: "cef", skip_ssl_verification: false },
  });
  const impatient = { config: { max_retries: 0, request_timeout: 1 } };
  const run = await startRun(serverUrl, impatient);
  return {
    ...{ konnect, run, config: config(body.id) },
    /** Does something while the failure strikes, which it has to. */
    async during(failure: Failure, method: string | undefined, work: () => Promise<Outcome>) {
      const id = emulator.faults.add({ ...(method && { method }), effect: failure.effect });
      const outcome = await work();
      const struck = emulator.faults.list().find((each) => each.id === id)?.hits;
      expect(struck).toBeGreaterThan(0);
      emulator.faults.remove(id);
      return outcome;
    },
    /** Creates it in a run of its own, as the next apply does. */
    create: async () => (await startRun(serverUrl)).apply(type, absent, config(body.id)),
    async expectEmptyPlan(kept: Kept, wanted: ObjectValue) {
      const next = await startRun(serverUrl);
      const plan = await next.plan(type, await next.refresh(type, kept), wanted);
      expect(plan).toMatchObject({ values: kept.values, told: [] });
    },
    /** Like {@link expectEmptyPlan}, once a refresh has read what nobody could read before. */
    async expectPlanOnlyRefreshed(kept: Kept, wanted: ObjectValue) {
      const next = await startRun(serverUrl);
      const refreshed = await next.refresh(type, kept);
      const { updated_at: _, ...others } = kept.values ?? {};
      expect(refreshed.values).toMatchObject(others);
      const plan = await next.plan(type, refreshed, wanted);
      expect(plan).toMatchObject({ values: refreshed.values, told: [] });
    },
    async [Symbol.asyncDispose]() {
      await konnect.close();
      await emulator.close();
    },
  };
}
