import { describe, expect, test } from "vitest";
import { type Failure, failures } from "./failures.js";
import { connection, createStage, portal, subjects } from "./fault-stage.js";
import { absent, type Kept, type Outcome } from "./provider-run.js";

/** What a conflict means, where the resource knows more than that it is one. */
const conflicts = /KONNECT_CONFLICT|is taken|is in use/;

const cells = failures.flatMap((failure) => subjects.map((subject) => ({ failure, subject })));

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
      if (type === "konnectaudit_replay_job" && failed.values !== null) {
        // The answer was lost, and Konnect shows the job: that is looked into, so that none is started twice.
        expect(failed.told).toEqual([]);
        expect(failed.values).toMatchObject({ start_at: config.start_at, end_at: config.end_at });
        await stage.expectEmptyPlan(failed, config);
        return;
      }
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
    test("after the write of its update is one warning, and the write is in state", async () => {
      await using stage = await createStage(subject);
      const { run } = stage;
      const { values, private: bytes } = await stage.create();
      const created: Kept = { values: { ...values, revision: "before" }, private: bytes };
      const changed = { ...stage.config, ...update };
      const updated = await stage.during(failure, "GET", () => run.apply(type, created, changed));
      // To Konnect's word that there is none, the next plan answers.
      expect(updated.told).toMatchObject([{ severity: "warning" }]);
      if (failure.code !== "KONNECT_NOT_FOUND") {
        expect(`${updated.told[0]?.detail}`).toMatch(failure.code);
      }
      expect(updated.values).toMatchObject({ ...update, revision: "revision 1" });
      await stage.expectPlanOnlyRefreshed(updated, changed);
    });

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
