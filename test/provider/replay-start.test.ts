import { describe, expect, test } from "vitest";
import { createKonnectClient } from "../../src/konnect/client.js";
import { startReplay } from "../../src/provider/replay/start.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";
import { createCall } from "./support.js";

const range = { start_at: "2026-11-22T10:00:00Z", end_at: "2026-11-22T11:00:00Z" };
const other = { start_at: "2026-11-21T10:00:00Z", end_at: "2026-11-21T11:00:00Z" };
const job = (status: string, of = range) => answers.json(200, { ...of, status });
const none = answers.json(200, { status: "unconfigured" });
const conflict = answers.json(409, { status: 409, detail: "A replay job is currently running" });

/** Starts a job against scripted answers, and tells what was called. */
async function start(
  settings: { wait?: boolean; wait_timeout?: number },
  ...script: Parameters<typeof startScriptedServer>
) {
  await using server = await startScriptedServer(...script);
  const serverUrl = `${server.url}/{region}`;
  const konnect = createKonnectClient({ token: "kpat_x", serverUrl, retry: { maxRetries: 0 } });
  const clock = createFakeClock();
  const planned = {
    ...{ region: "eu", ...range, wait: false, wait_timeout: 600, id: "", status: "" },
    ...{ updated_at: null, ...settings },
  };
  const context = { ...createCall(konnect, clock), config: planned, planned };
  try {
    const outcome = await startReplay(context, konnect).catch((error: Error) => error);
    return {
      outcome,
      calls: server.requests.map(({ method }) => method),
      slept: clock.slept,
      warnings: context.diagnostics.all,
    };
  } finally {
    await konnect.close();
  }
}

describe("the start of a replay job", () => {
  test("answers at once without wait", async () => {
    const { outcome, calls, slept } = await start({}, none, job("accepted"));
    expect(outcome).toMatchObject({ status: "accepted" });
    expect([calls, slept]).toEqual([["GET", "PUT"], []]);
  });

  test("looks with growing pauses until the job is over, and takes statuses that it does not know", async () => {
    const script = ["accepted", "pending", "queued-by-a-newer-konnect", "running"].map((status) =>
      job(status),
    );
    const { outcome, slept } = await start({ wait: true }, none, ...script, job("completed"));
    expect(outcome).toMatchObject({ status: "completed" });
    expect(slept).toEqual([500, 1000, 2000, 4000]);
  });

  test("ends with an error that names the wait when the job goes on and on", async () => {
    const wait = { wait: true, wait_timeout: 60 };
    const { outcome, slept } = await start(wait, none, job("accepted"), job("running"));
    expect(outcome).toMatchObject({
      ...{ summary: 'A replay job has not ended within 60 s in region "eu"' },
      path: ["wait_timeout"],
    });
    expect(slept.reduce((sum, each) => sum + each, 0)).toBeLessThanOrEqual(60_000);
    expect(Math.max(...slept)).toBe(5000);
  });

  test("waits for a job that won the race, and starts its own after it", async () => {
    const script = [none, conflict, job("running", other), job("completed", other)] as const;
    const { outcome, calls } = await start(
      { wait: true },
      ...[...script, job("accepted"), job("completed")],
    );
    expect(outcome).toMatchObject({ status: "completed" });
    expect(calls).toEqual(["GET", "PUT", "GET", "GET", "PUT", "GET"]);
  });

  test("that lost the race is an error without wait", async () => {
    const { outcome } = await start({}, none, conflict, job("running", other));
    expect(outcome).toMatchObject({
      summary: 'Another replay job has not ended in region "eu"',
      detail: expect.stringContaining(`${other.start_at} to ${other.end_at} is running`),
    });
  });

  test("recognises its own job when the answer to the first try was lost", async () => {
    const { outcome, warnings } = await start({}, none, conflict, job("running"));
    expect(outcome).toMatchObject({ status: "running" });
    expect(warnings).toEqual([]);
  });

  test("recognises its own job where Konnect did it and the answer was lost", async () => {
    for (const seen of ["accepted", "running", "completed"]) {
      const { outcome, calls, warnings } = await start({}, none, answers.reset(), job(seen));
      expect(outcome).toMatchObject({ status: seen });
      expect([calls, warnings]).toEqual([["GET", "PUT", "GET"], []]);
    }
  });

  test("starts no second one where the lost one has ended meanwhile", async () => {
    const script = [job("completed", other), answers.reset(), job("completed")] as const;
    const { outcome, calls } = await start({ wait: true }, ...script);
    expect(outcome).toMatchObject({ status: "completed", start_at: range.start_at });
    expect(calls).toEqual(["GET", "PUT", "GET"]);
  });

  test("is an error where the answer was lost and Konnect shows no new job", async () => {
    for (const before of [none, job("completed"), job("completed", other)]) {
      const { outcome } = await start({}, before, answers.reset(), before);
      expect(outcome).toMatchObject({ code: "KONNECT_UNREACHABLE" });
    }
  });

  test("never takes the job that Konnect answers with for its own if its range is another", async () => {
    const { outcome } = await start({}, none, job("running", other));
    expect(outcome).toMatchObject({
      summary: 'Another replay job has not ended in region "eu"',
    });
  });

  test("starts anew what was completed before, because that is what was asked for", async () => {
    const { calls } = await start({}, job("completed"), job("accepted"));
    expect(calls).toEqual(["GET", "PUT"]);
  });

  test("is an error when the job fails, or when another one takes its place", async () => {
    const failed = await start({ wait: true }, none, job("accepted"), job("failed"));
    expect(failed.outcome).toMatchObject({ summary: 'The replay job failed in region "eu"' });
    const replaced = await start({ wait: true }, none, job("accepted"), job("completed", other));
    expect(replaced.outcome).toMatchObject({
      summary: 'Another replay job took the place of this one in region "eu"',
    });
  });
});
