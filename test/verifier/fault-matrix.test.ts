import { afterAll, describe, expect, test } from "vitest";
import { receiverEvidence } from "../../src/receiver/evidence-source.js";
import type { RegionReport } from "../../src/verifier/report.js";
import type { EvidenceLevel, Verdict } from "../../src/verifier/verdicts.js";
import { verify } from "../../src/verifier/verify.js";
import { type FaultCase, faultCases, proves } from "./fault-cases.js";
import type { SiemAnswer } from "./siem.js";
import { createVerifierStage } from "./stage.js";

const region = "eu";

const rows: string[][] = [];

/** Lives through one case with everything real but the speed of time. */
async function live(scenario: FaultCase, required: EvidenceLevel): Promise<RegionReport> {
  const { knobs = {}, tls = false, webhook, old = false } = scenario;
  const stage = await createVerifierStage([region], { knobs, tls });
  try {
    const { clock, client, emulator, receiver, siem } = stage;
    const forward: SiemAnswer = { kind: "forward", to: receiver.url };
    const answers = scenario.siem?.map((answer) => (answer === "forward" ? forward : answer));
    if (old && answers) siem.use(answers);
    if (webhook !== "unconfigured") await stage.configure(region, webhook);
    if (!old && answers) siem.use(answers);
    for (const fault of scenario.faults ?? []) emulator.faults.add(fault);
    const evidence = required === "status" ? undefined : receiverEvidence(receiver);
    const report = await verify({ regions: [region], client, required, evidence, clock });
    return report.regions[0] ?? expect.fail("no region in the report");
  } finally {
    await stage[Symbol.asyncDispose]();
  }
}

describe.concurrent("against the emulator with a fault", () => {
  const runs = faultCases.flatMap((scenario) =>
    (Object.entries(scenario.verdicts) as [EvidenceLevel, Verdict][]).map(
      ([level, verdict]) => [scenario.fault, level, verdict, scenario] as const,
    ),
  );
  test.each(runs)("%s: evidence %s gives %s", async (fault, level, verdict, scenario) => {
    const report = await live(scenario, level);
    rows.push([fault, level, report.verdict ?? "error", report.outcome]);
    expect(report.error).toBeNull();
    expect(report.verdict, JSON.stringify(report.timeline)).toBe(verdict);
    const proven = proves(verdict, level);
    expect(report.outcome).toBe(proven ? "passed" : "failed");
    expect(report.hint === null).toBe(proven);
  });
});

afterAll(() => {
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const order = faultCases.map(({ fault }) => fault);
  rows.sort(([a = ""], [b = ""]) => order.indexOf(a) - order.indexOf(b));
  process.stdout.write(
    `${[["FAULT", "EVIDENCE", "VERDICT", "OUTCOME"], ...rows].map(line).join("\n")}\n`,
  );
});
