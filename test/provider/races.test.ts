import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { absent, type Kept, type Outcome, startRun, tenAtOnce } from "./provider-run.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const hour = 3_600_000;
const ago = (milliseconds: number) =>
  new Date(Date.now() - milliseconds).toISOString().replace(/\.\d+Z$/, "Z");
const connection = {
  ...{ endpoint: "https://siem.example.com/in", authorization: "Bearer x" },
};

/** An emulator with two destinations of somebody else's, each call of which takes a while. */
async function createStage(regions: readonly string[] = []) {
  const emulator = await startEmulator({ knobs: { replayStepMs: hour }, regions });
  const { serverUrl } = emulator;
  const konnect = createKonnectClient({ token: "kpat_x", serverUrl });
  const ids: string[] = [];
  for (const name of ["one", "two"]) {
    const { body } = await konnect.createDestination({
      ...{ name, ...connection, log_format: "cef", skip_ssl_verification: false },
    });
    ids.push(body.id);
  }
  emulator.faults.add({ effect: { kind: "latency", milliseconds: 20 } });
  return {
    ...{ emulator, serverUrl, konnect, ids },
    async [Symbol.asyncDispose]() {
      await konnect.close();
      await emulator.close();
    },
  };
}

interface Subject {
  type: string;
  /** What two runs want that do not know of each other. */
  configs(ids: readonly string[]): readonly [ObjectValue, ObjectValue];
  /** What Konnect has, in the resource's own words. */
  found(konnect: KonnectClient, state: Kept): Promise<object | undefined>;
}

const subjects: readonly Subject[] = [
  {
    type: "konnectaudit_webhook",
    configs: () => [
      { region: "eu", ...connection, log_format: "json" },
      { region: "eu", ...connection, log_format: "cps" },
    ],
    found: async (konnect) => (await konnect.getWebhook("eu")).body,
  },
  {
    type: "konnectaudit_destination",
    configs: () => [
      { name: "siem", ...connection, log_format: "json" },
      { name: "siem", ...connection, log_format: "cps" },
    ],
    found: async (konnect, { values }) => (await konnect.getDestination(String(values?.id)))?.body,
  },
  {
    type: "konnectaudit_webhook_binding",
    configs: (ids) => [
      { region: "eu", audit_log_destination_id: ids[0] ?? "" },
      { region: "eu", audit_log_destination_id: ids[1] ?? "" },
    ],
    found: async (konnect) => (await konnect.getBinding("eu"))?.body,
  },
  {
    type: "konnectaudit_portal_webhook",
    configs: (ids) => [
      { region: "eu", portal_id: portal, audit_log_destination_id: ids[0] ?? "" },
      { region: "eu", portal_id: portal, audit_log_destination_id: ids[1] ?? "" },
    ],
    found: async (konnect) => (await konnect.getPortalWebhook("eu", portal))?.body,
  },
  {
    type: "konnectaudit_replay_job",
    configs: () => [
      { region: "eu", start_at: ago(hour), end_at: ago(0) },
      { region: "eu", start_at: ago(3 * hour), end_at: ago(2 * hour) },
    ],
    async found(konnect, { values }) {
      const { status, start_at } = (await konnect.getReplayJob("eu")).body;
      // Where the other one's job came later, this one's end can't be seen any more.
      const isOwn = Date.parse(String(start_at)) === Date.parse(String(values?.start_at));
      return { status: isOwn ? status : "unknown" };
    },
  },
];

const failed = ({ told }: Outcome) => told.some(({ severity }) => severity === "error");

/** What the next apply does: refresh, plan, and apply where something is to be done. */
async function applyAgain(serverUrl: string, type: string, kept: Kept, config: ObjectValue) {
  const run = await startRun(serverUrl);
  return run.apply(type, kept.values ? await run.refresh(type, kept) : absent, config);
}

async function planOf(serverUrl: string, type: string, kept: Kept, config: ObjectValue) {
  const run = await startRun(serverUrl);
  return run.plan(type, await run.refresh(type, kept), config);
}

/** What both sides name, so that they can be compared. */
function inCommon(values: ObjectValue | null, found: object | undefined): [object, object] {
  const names = Object.keys(found ?? {}).filter((name) => name in (values ?? {}));
  const pick = (from: object | null | undefined) =>
    Object.fromEntries(names.map((name) => [name, Reflect.get(from ?? {}, name)]));
  return [pick(values), pick(found)];
}

describe("two runs that want the same object at once", { timeout: 60_000 }, () => {
  test.each(subjects)("agree with Konnect on a $type after the next apply", async (subject) => {
    const { type } = subject;
    await using stage = await createStage();
    const { serverUrl, konnect, ids } = stage;
    const configs = subject.configs(ids);
    const results = await Promise.all(
      configs.map(async (config) => (await startRun(serverUrl)).apply(type, absent, config)),
    );
    for (const { told } of results) {
      // Who comes second sees what the first one made, or is told that his settings don't stand.
      const errors = told.filter(({ severity }) => severity === "error");
      const summaries = errors.map(({ summary }) => summary).join();
      expect(summaries).toMatch(/^$|already has an audit-log webhook|is taken|has not ended/);
    }
    const winner = results.findIndex((result) => !failed(result));
    expect(winner).toBeGreaterThanOrEqual(0);
    const config = configs[winner] ?? {};
    const settled = await applyAgain(serverUrl, type, results[winner] ?? absent, config);
    expect(failed(settled)).toBe(false);
    const plan = await planOf(serverUrl, type, settled, config);
    expect(plan).toMatchObject({ values: settled.values, told: [] });
    const [kept, found] = inCommon(settled.values, await subject.found(konnect, settled));
    expect(Object.keys(found)).not.toHaveLength(0);
    expect(kept).toEqual(found);
  });
});

describe("a token that expires half-way through 50 resources", { timeout: 120_000 }, () => {
  test("leaves what the next apply finishes, each exactly once", async () => {
    const regions = Array.from({ length: 50 }, (_, index) => `r${index}x`);
    await using stage = await createStage(regions);
    const { emulator, serverUrl, konnect, ids } = stage;
    const wanted = regions.map((region, index) => resourceIn(region, index, ids));
    const halfway = emulator.requests.length + 70;
    const run = await startRun(serverUrl, { config: { max_retries: 0 } });
    const first = await tenAtOnce(wanted, async ({ type, config }) => {
      const result = run.apply(type, absent, config);
      if (emulator.requests.length >= halfway && emulator.faults.list().length === 1) {
        emulator.faults.add({ effect: { kind: "status", status: 401 } });
      }
      return result;
    });
    const failures = first.filter(failed);
    expect(failures.length).toBeGreaterThan(0);
    expect(failures.length).toBeLessThan(50);
    for (const { values, told } of failures) {
      expect(values).toBeNull();
      expect(told.at(-1)?.detail).toContain("KONNECT_UNAUTHORIZED");
    }
    emulator.faults.clear();

    const next = await startRun(serverUrl);
    const all = wanted.map((each, index) => ({ ...each, kept: first[index] ?? absent }));
    const second = await tenAtOnce(all, async ({ type, config, kept }) => {
      const refreshed = kept.values ? await next.refresh(type, kept) : absent;
      return next.apply(type, refreshed, config);
    });
    expect(second.filter(failed)).toEqual([]);
    const settled = wanted.map((each, index) => ({ ...each, kept: second[index] ?? absent }));
    for (const { type, config, kept } of settled) {
      const plan = await planOf(serverUrl, type, kept, config);
      expect(plan).toMatchObject({ values: kept.values, told: [] });
    }
    const names = (await konnect.listDestinations()).map(({ name }) => name);
    expect(names).toHaveLength(new Set(names).size);
    const created = wanted.filter(({ type }) => type === "konnectaudit_destination");
    expect(names).toHaveLength(ids.length + created.length);
  });
});

/** One of each kind in turn. */
function resourceIn(region: string, index: number, ids: readonly string[]) {
  const audit_log_destination_id = ids[0] ?? "";
  const kinds: { type: string; config: ObjectValue }[] = [
    { type: "konnectaudit_webhook", config: { region, ...connection } },
    { type: "konnectaudit_destination", config: { name: region, ...connection } },
    { type: "konnectaudit_webhook_binding", config: { region, audit_log_destination_id } },
    {
      type: "konnectaudit_portal_webhook",
      config: { region, portal_id: portal, audit_log_destination_id },
    },
    {
      type: "konnectaudit_replay_job",
      config: { region, start_at: ago(hour), end_at: ago(0) },
    },
  ];
  const kind = kinds[index % kinds.length];
  if (!kind) throw new Error("there are no kinds");
  return kind;
}
