import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import { type Failure, failures } from "./failures.js";
import { absent, type Kept, type Outcome, startRun } from "./provider-run.js";

/** What a conflict means, where the resource knows more than that it is one. */
const conflicts = /KONNECT_CONFLICT|is taken|is in use/;

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const endpoint = "https://siem.example.com/in";
const hour = 3_600_000;
const ago = (milliseconds: number) => new Date(Date.now() - milliseconds).toISOString();
const lastHour = { start_at: ago(hour), end_at: ago(0) };
const connection = { endpoint, authorization: "Bearer x" };

interface Subject {
  type: string;
  config(destination: string): ObjectValue;
  /** What an update changes; without it, an update calls nobody. */
  update?: ObjectValue;
  /** The method of the write that creates. */
  creates: string;
  /** Says whether Konnect has none any more; without it, destroying calls nobody. */
  isGone?(konnect: KonnectClient, id: string): Promise<boolean>;
}

const subjects: readonly Subject[] = [
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

const cells = failures.flatMap((failure) => subjects.map((subject) => ({ failure, subject })));

/** An emulator with somebody else's destination, and a run of the provider that gives up at the first failure. */
async function createStage({ type, config }: Subject) {
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
    async [Symbol.asyncDispose]() {
      await konnect.close();
      await emulator.close();
    },
  };
}

function errorsOf({ told }: Outcome) {
  return told.filter(({ severity }) => severity === "error");
}

function expectOneError(outcome: Outcome, { code }: Failure) {
  const [error, ...more] = errorsOf(outcome);
  expect(more).toEqual([]);
  const whole = `${error?.summary}\n${error?.detail}`;
  expect(whole).toMatch(code === "KONNECT_CONFLICT" ? conflicts : code);
  // What happened and where, and after a blank line what to do.
  expect(error?.detail).toMatch(/^[A-Z][\s\S]+[^\n]\n\n[A-Z][^\n]+$/);
  expect(whole).toMatch(/region "(eu|global)"|destination/);
}

describe.concurrent.each(cells)("$failure.name at a $subject.type", { timeout: 60_000 }, (cell) => {
  const { failure, subject } = cell;
  const { type } = subject;

  test.each([
    ["any call of", undefined],
    ["the write of", subject.creates],
  ])(
    "in %s its create is one error and no state, and the next apply finishes it",
    async (_, method) => {
      await using stage = await createStage(subject);
      const { run, config } = stage;
      const failed = await stage.during(failure, method, () => run.apply(type, absent, config));
      expectOneError(failed, failure);
      expect(failed.values).toBeNull();
      const created = await stage.create();
      expect(errorsOf(created)).toEqual([]);
      await stage.expectEmptyPlan(created, config);
    },
  );

  test("in its import is one error, and nothing is imported", async () => {
    await using stage = await createStage(subject);
    const { run } = stage;
    const id = String((await stage.create()).values?.id);
    const failed = await stage.during(failure, undefined, () => run.import(type, id));
    expectOneError(failed, failure);
    const imported = await run.import(type, id);
    expect(imported).toMatchObject({ values: { id }, told: [] });
  });

  test("in a refresh is one error, never 'gone', and the state stays", async () => {
    await using stage = await createStage(subject);
    const { run } = stage;
    const created = await stage.create();
    const failed = await stage.during(failure, undefined, () => run.refresh(type, created));
    expectOneError(failed, failure);
    expect(failed.values).toEqual(created.values);
    expect(await run.refresh(type, created)).toMatchObject({ values: created.values, told: [] });
  });

  const { update, isGone } = subject;
  if (update)
    test("in its update is one error, and the state stays", async () => {
      await using stage = await createStage(subject);
      const { run } = stage;
      const created = await stage.create();
      const changed = { ...stage.config, ...update };
      const failed = await stage.during(failure, "PATCH", () => run.apply(type, created, changed));
      expectOneError(failed, failure);
      expect(failed.values).toEqual(created.values);
      const updated = await run.apply(type, await run.refresh(type, failed), changed);
      expect(errorsOf(updated)).toEqual([]);
      await stage.expectEmptyPlan(updated, changed);
    });

  if (isGone)
    test("in its removal is one error and keeps the state, or it is gone", async () => {
      await using stage = await createStage(subject);
      const { run, konnect } = stage;
      const created = await stage.create();
      const id = String(created.values?.id);
      const failed = await stage.during(failure, undefined, () => run.apply(type, created, null));
      if (failed.values === null) {
        // Konnect did it, or said that there is none: nobody can know better.
        expect(errorsOf(failed)).toEqual([]);
        const believed = failure.code === "KONNECT_NOT_FOUND";
        expect(believed || (await isGone(konnect, id))).toBe(true);
      } else {
        expectOneError(failed, failure);
        expect(failed.values).toEqual(created.values);
      }
      expect(errorsOf(await run.apply(type, created as Kept, null))).toEqual([]);
      expect(await isGone(konnect, id)).toBe(true);
    });
});

describe("a value that Konnect refuses", { timeout: 60_000 }, () => {
  const unknownId = "00000000-0000-4000-8000-000000000000";
  test.each([
    ["konnectaudit_webhook", "endpoint", { region: "eu", ...connection, endpoint: "ftp://x" }],
    ["konnectaudit_destination", "endpoint", { name: "x", ...connection, endpoint: "ftp://x" }],
    [
      "konnectaudit_webhook_binding",
      "audit_log_destination_id",
      { region: "eu", audit_log_destination_id: unknownId },
    ],
    [
      "konnectaudit_portal_webhook",
      "audit_log_destination_id",
      { region: "eu", portal_id: portal, audit_log_destination_id: unknownId },
    ],
  ])("for a %s is one error on %s", async (type, attribute, config) => {
    await using stage = await createStage({ type, config: () => config, creates: "" });
    const failed = await stage.create();
    expect(failed.values).toBeNull();
    expect(errorsOf(failed)).toMatchObject([{ attribute }]);
    expect(failed.told[0]?.detail).toContain("KONNECT_BAD_REQUEST");
  });
});
