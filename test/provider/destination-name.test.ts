import fc from "fast-check";
import { describe, expect, test, vi } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { absent, type Kept, type Outcome, startRun } from "./provider-run.js";

const type = "konnectaudit_destination";
const config = (name: string, endpoint = "https://siem.example.com/in") => ({
  ...{ name, endpoint, authorization: "Bearer x" },
});

/** An emulator, destinations in state, and a run of the provider that finds them there. */
async function createStage(names: string[], { speed = 10 } = {}) {
  const emulator = await startEmulator();
  const { serverUrl } = emulator;
  const konnect = createKonnectClient({ token: "kpat_x", serverUrl });
  const before = await startRun(serverUrl);
  const kept = new Map<string, Kept>();
  for (const name of names) kept.set(name, await before.apply(type, absent, config(name)));
  return {
    ...{ emulator, konnect, run: await startRun(serverUrl, { speed }) },
    state: (name: string): Kept => kept.get(name) ?? absent,
    /** Names by id. */
    async names(): Promise<Record<string, string>> {
      const found = await konnect.listDestinations();
      return Object.fromEntries(found.map(({ id, name }) => [id, name]));
    },
    async [Symbol.asyncDispose]() {
      await konnect.close();
      await emulator.close();
    },
  };
}

const idOf = ({ values }: Kept) => String(values?.id);
const errorsOf = ({ told }: Pick<Outcome, "told">) =>
  told.flatMap(({ severity, summary }) => (severity === "error" ? [summary] : []));

describe("destinations that change names among them in one run", { timeout: 120_000 }, () => {
  test("each get their own, whatever goes to whom", async () => {
    const names = ["a", "b", "c", "d"];
    const wanted = fc.shuffledSubarray([...names, "e"], { minLength: 4, maxLength: 4 });
    await fc.assert(
      fc.asyncProperty(wanted, async (given) => {
        await using stage = await createStage(names, { speed: 4 });
        const results = await Promise.all(
          names.map((name, index) =>
            stage.run.apply(type, stage.state(name), config(given[index] ?? "")),
          ),
        );
        expect(results.flatMap(({ told }) => told)).toEqual([]);
        const expected = names.map((name, index) => [idOf(stage.state(name)), given[index]]);
        expect(await stage.names()).toEqual(Object.fromEntries(expected));
        expect(results.map(({ values }) => values?.name)).toEqual(given);
      }),
      { numRuns: 12, examples: [[["b", "a", "c", "d"]], [["b", "c", "d", "a"]]] },
    );
  });

  test("say what a failing one leaves for the next apply", async () => {
    await using stage = await createStage(["a", "b"]);
    const { emulator, run, state } = stage;
    const [a, b] = [idOf(state("a")), idOf(state("b"))];
    // Konnect does not let the first one be renamed, so that the second one makes room for nothing.
    emulator.faults.add({
      ...{ path: `/v3/audit-log-destinations/${a}`, method: "PATCH" },
      effect: { kind: "status", status: 409 },
    });
    const looks = () => emulator.requests.filter(({ method }) => method === "GET").length;
    const before = looks();
    const first = run.apply(type, state("a"), config("b"));
    await vi.waitUntil(() => looks() > before);
    const results = await Promise.all([first, run.apply(type, state("b"), config("a"))]);
    expect(results.flatMap(errorsOf)).toHaveLength(2);
    const warning = {
      severity: "warning",
      summary: `The destination "b" is called "b (${b})" for now`,
    };
    expect(results[1]?.told).toContainEqual(expect.objectContaining(warning));
    expect(await stage.names()).toEqual({ [a]: "a", [b]: `b (${b})` });

    emulator.faults.clear();
    const next = await startRun(emulator.serverUrl, { speed: 4 });
    const again = await Promise.all(
      [state("a"), state("b")].map(async (kept, index) =>
        next.apply(type, await next.refresh(type, kept), config(index === 0 ? "b" : "a")),
      ),
    );
    expect(again.flatMap(errorsOf)).toEqual([]);
    expect(await stage.names()).toEqual({ [a]: "b", [b]: "a" });
  });
});

describe("a new destination", { timeout: 60_000 }, () => {
  test("gets the name that another one gives away in the same run, whichever comes first", async () => {
    for (const order of [0, 1]) {
      // Both are done at once, and nobody waits for the end of his patience.
      await using stage = await createStage(["siem"], { speed: 1 });
      const { run, state } = stage;
      const work = [
        () => run.apply(type, state("siem"), config("old siem")),
        () => run.apply(type, absent, config("siem")),
      ];
      const both = order === 0 ? work : work.reverse();
      const results = await Promise.all(both.map((start) => start()));
      expect(results.flatMap(({ told }) => told)).toEqual([]);
      const [created] = results.map(idOf).filter((id) => id !== idOf(state("siem")));
      expect(await stage.names()).toEqual({
        ...{ [idOf(state("siem"))]: "old siem", [String(created)]: "siem" },
      });
    }
  });

  test("takes the place of one that goes in the same run, whichever comes first", async () => {
    await using stage = await createStage(["siem"], { speed: 1 });
    const { run, state } = stage;
    const [gone, created] = await Promise.all([
      run.apply(type, state("siem"), null),
      run.apply(type, absent, config("siem")),
    ]);
    expect([gone, created].flatMap(errorsOf)).toEqual([]);
    expect(await stage.names()).toEqual({ [idOf(created)]: "siem" });

    // Nothing lets go of it in time: it is taken over as it is, and then not removed.
    const other = await startRun(stage.emulator.serverUrl);
    const adopted = await other.apply(type, absent, config("siem"));
    expect(idOf(adopted)).toBe(idOf(created));
    const left = await other.apply(type, created, null);
    expect(left).toMatchObject({ values: null, told: [{ severity: "warning" }] });
    expect(left.told[0]?.summary).toBe('Left the audit-log destination "siem" as it is');
    expect(await stage.names()).toEqual({ [idOf(created)]: "siem" });
  });

  test.each([
    ["was changed", "siem"],
    ["was renamed to it", "old"],
  ])("is never given one that %s for another resource of this run", async (_, name) => {
    await using stage = await createStage([name]);
    const { run, state } = stage;
    await run.apply(type, state(name), { ...config("siem"), authorization: "Bearer other" });
    const twin = await run.apply(type, absent, config("siem"));
    expect(twin).toMatchObject({
      values: null,
      told: [{ summary: 'The destination name "siem" is taken', attribute: "name" }],
    });
    expect(twin.told[0]?.detail).toContain(idOf(state(name)));
  });

  test("that was given one by mistake stops the change of the resource that has it in state", async () => {
    await using stage = await createStage(["siem"]);
    const { run, state } = stage;
    await run.apply(type, absent, config("siem"));
    const late = await run.apply(type, state("siem"), config("renamed"));
    expect(errorsOf(late)).toEqual(['Two resources manage the audit-log destination "siem"']);
    expect(late.values).toEqual(state("siem").values);
    expect(await stage.names()).toEqual({ [idOf(state("siem"))]: "siem" });
  });

  test("with the name of one in state is an error of plan, where it is planned first", async () => {
    await using stage = await createStage(["siem"]);
    const { run, state } = stage;
    await run.plan(type, absent, config("siem"));
    const planned = await run.plan(type, state("siem"), config("siem"));
    expect(errorsOf(planned)).toEqual(['Two resources manage the audit-log destination "siem"']);
  });

  test("is replaced by itself without a word", async () => {
    await using stage = await createStage(["siem"]);
    const { run, state } = stage;
    await run.plan(type, state("siem"), config("siem"));
    expect((await run.plan(type, absent, config("siem"))).told).toEqual([]);
    await run.apply(type, state("siem"), null);
    const created = await run.apply(type, absent, config("siem"));
    expect(created.told).toEqual([]);
    expect(Object.values(await stage.names())).toEqual(["siem"]);
  });
});
