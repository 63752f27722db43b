import { afterAll, describe, expect, test } from "vitest";
import { receiverEvidence } from "../../src/receiver/evidence-source.js";
import type { EvidenceLevel, Verdict } from "../../src/verifier/verdicts.js";
import { verify } from "../../src/verifier/verify.js";
import { type FaultCase, faultCases, proves } from "./fault-cases.js";
import { type SiemAnswer, startSiem } from "./siem.js";
import { createVerifierStage, type VerifierStage } from "./stage.js";

const region = "eu";

const rows: string[][] = [];

/** Lives through one case with everything real but the speed of time. */
async function live(scenario: FaultCase, required: EvidenceLevel) {
  const { knobs = {}, tls = false, webhook, old = false } = scenario;
  await using stage = await createVerifierStage([region], { knobs, tls });
  const { clock, client, emulator, receiver, siem } = stage;
  const forward: SiemAnswer = { kind: "forward", to: receiver.url };
  const answers = scenario.siem?.map((answer) => (answer === "forward" ? forward : answer));
  if (old && answers) siem.use(answers);
  if (webhook !== "unconfigured") await stage.configure(region, webhook);
  if (!old && answers) siem.use(answers);
  for (const fault of scenario.faults ?? []) emulator.faults.add(fault);
  await using elsewhere = await startOther(scenario.diverted ?? false);
  if (elsewhere) emulator.faults.add({ delivery: { kind: "divert", endpoint: elsewhere.url } });
  await using traffic = startTraffic(stage);
  const report = await verify({
    ...{ regions: [region], client, required, clock },
    evidence: required === "status" ? undefined : receiverEvidence(receiver),
    onProgress: (_, { kind }) => {
      if (kind === "probe" && scenario.traffic) traffic.begin();
    },
  });
  const [told = expect.fail("no region in the report")] = report.regions;
  const arrived = told.probes.some(({ id }) => receiver.evidence(id).length > 0);
  return { told, arrived };
}

async function startOther(wanted: boolean) {
  if (!wanted) return undefined;
  const other = await startSiem([{ kind: "status", code: 200 }]);
  return { url: other.url, [Symbol.asyncDispose]: () => other.close() };
}

/** Somebody else's calls, which Konnect audits and delivers as well. */
function startTraffic({ clock, client }: VerifierStage) {
  const stop = new AbortController();
  let running: Promise<void> | undefined;
  const callAgainAndAgain = async () => {
    for (;;) {
      await clock.sleep(2_000, { signal: stop.signal });
      await client.getWebhook(region, { userAgent: "somebody-else" });
    }
  };
  return {
    begin() {
      running ??= callAgainAndAgain().catch((error) => {
        if (!stop.signal.aborted) throw error;
      });
    },
    async [Symbol.asyncDispose]() {
      stop.abort();
      await running;
    },
  };
}

describe.concurrent("against the emulator with a fault", () => {
  const runs = faultCases.flatMap((scenario) =>
    (Object.entries(scenario.verdicts) as [EvidenceLevel, Verdict][]).map(
      ([level, verdict]) => [scenario.fault, level, verdict, scenario] as const,
    ),
  );
  test.each(runs)("%s: evidence %s gives %s", async (fault, level, verdict, scenario) => {
    const { told, arrived } = await live(scenario, level);
    rows.push([fault, level, told.verdict ?? "error", told.outcome]);
    expect(told.error).toBeNull();
    expect(told.verdict, JSON.stringify(told.timeline)).toBe(verdict);
    if (told.verdict === "delivered") expect(arrived).toBe(true);
    const proven = proves(verdict, level);
    expect(told.outcome).toBe(proven ? "passed" : "failed");
    expect(told.hint === null).toBe(proven);
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
