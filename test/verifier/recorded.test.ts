import { afterEach, describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/index.js";
import { receiverEvidence } from "../../src/receiver/evidence-source.js";
import type { RegionReport } from "../../src/verifier/report.js";
import { verify } from "../../src/verifier/verify.js";
import { createVerifierStage, type VerifierStage } from "./stage.js";

let stage: VerifierStage | undefined;

afterEach(async () => {
  await stage?.[Symbol.asyncDispose]();
  stage = undefined;
});

const lost: Fault = { delivery: { kind: "drop" } };

/** Verifies one region with these faults. */
async function report(
  faults: readonly Fault[],
  { knobs = {}, withReceiver = false, diverted = false } = {},
): Promise<RegionReport> {
  stage = await createVerifierStage(["eu"], { knobs });
  const { client, clock, emulator, receiver, siem, configure } = stage;
  await configure("eu");
  if (diverted) siem.use([{ kind: "status", code: 200 }]);
  for (const fault of faults) emulator.faults.add(fault);
  const evidence = withReceiver ? receiverEvidence(receiver) : undefined;
  const { regions } = await verify({ regions: ["eu"], client, clock, evidence });
  return regions[0] ?? expect.fail("no region in the report");
}

describe("Konnect's own record", () => {
  test("tells that a silent probe was recorded: it is lost or waits, and stays silent", async () => {
    const region = await report([lost]);
    expect(region).toMatchObject({ verdict: "silent", outcome: "failed", recorded: true });
    expect(region.hint).toContain("although Konnect has recorded");
  });

  test("tells that a probe was not yet produced", async () => {
    // The record keeps the newest event only: that of the last look, not the probe's.
    const region = await report([lost], { knobs: { maxRetainedEvents: 1 } });
    expect(region).toMatchObject({ verdict: "silent", outcome: "failed", recorded: false });
    expect(region.hint).toContain("not yet produced");
  });

  test("never proves a delivery: what it holds and the receiver does not is lost", async () => {
    const region = await report([], { withReceiver: true, diverted: true });
    expect(region).toMatchObject({ verdict: "accepting", outcome: "failed", recorded: true });
    expect(region.hint).toContain("lost on the way");
    // What was lost can be replayed from the probe on, although every attempt was accepted.
    expect(region.lost_since).not.toBeNull();
  });

  test("that may not be read changes no verdict, and is told in the time line", async () => {
    const unreadable: Fault = { path: "/v3/audit-logs", effect: { kind: "status", status: 403 } };
    const region = await report([lost, unreadable]);
    expect(region).toMatchObject({ verdict: "silent", recorded: null, error: null });
    expect(region.timeline.map(({ kind }) => kind)).toEqual(["probe", "problem", "verdict"]);
  });

  test("is not asked when the delivery is proven", async () => {
    expect(await report([], { withReceiver: true })).toMatchObject({ recorded: null });
    const paths = stage?.emulator.requests.map(({ path }) => path) ?? [];
    expect(paths.length).toBeGreaterThan(0);
    expect(paths.filter((path) => path.includes("audit-logs"))).toEqual([]);
  });
});
