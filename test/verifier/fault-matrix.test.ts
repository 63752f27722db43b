import { afterAll, describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/faults.js";
import type { Knobs } from "../../src/emulator/knobs.js";
import { receiverEvidence } from "../../src/receiver/evidence-source.js";
import type { RegionReport } from "../../src/verifier/report.js";
import type { EvidenceLevel, Verdict } from "../../src/verifier/verdicts.js";
import { verify } from "../../src/verifier/verify.js";
import type { SiemAnswer } from "./siem.js";
import { createVerifierStage } from "./stage.js";

const region = "eu";

interface Case {
  fault: string;
  /** @default hands deliveries on to the receiver */
  siem?: (SiemAnswer | "forward")[];
  tls?: boolean;
  knobs?: Partial<Knobs>;
  faults?: Fault[];
  webhook?: { enabled: boolean } | "unconfigured";
  /** The fault was there long before the verification. */
  old?: boolean;
  /** The right verdict by level; a level that is not named is not run. */
  verdicts: Partial<Record<EvidenceLevel, Verdict>>;
}

const status = (code: number): SiemAnswer => ({ kind: "status", code });
const everyLevel = (verdict: Verdict) => ({
  status: verdict,
  receiver: verdict,
  signature: verdict,
});
const delivered = { status: "accepting", receiver: "delivered", signature: "delivered" } as const;
const onlyAccepting = everyLevel("accepting");

const cases: Case[] = [
  { fault: "none", verdicts: delivered },
  { fault: "401 from the SIEM", siem: [status(401)], verdicts: everyLevel("refused") },
  { fault: "403 from the SIEM", siem: [status(403)], verdicts: everyLevel("refused") },
  { fault: "404 from the SIEM", siem: [status(404)], verdicts: everyLevel("refused") },
  {
    fault: "redirect from the SIEM",
    siem: [{ kind: "redirect", location: "http://127.0.0.1:9/" }],
    verdicts: everyLevel("refused"),
  },
  { fault: "untrusted certificate", tls: true, verdicts: everyLevel("refused") },
  { fault: "429 for ever", siem: [status(429)], verdicts: everyLevel("failing") },
  { fault: "500 for ever", siem: [status(500)], verdicts: everyLevel("failing") },
  {
    fault: "500 for ever, since long before",
    siem: [status(500)],
    old: true,
    verdicts: everyLevel("failing"),
  },
  {
    fault: "401 long before, accepted now",
    siem: [status(401), "forward"],
    old: true,
    verdicts: delivered,
  },
  {
    fault: "500 twice, then accepted",
    siem: [status(500), status(500), "forward"],
    verdicts: delivered,
  },
  {
    fault: "SIEM never answers, until the connection is cut",
    siem: [{ kind: "hang" }],
    verdicts: everyLevel("failing"),
  },
  { fault: "connection reset", siem: [{ kind: "reset" }], verdicts: everyLevel("failing") },
  {
    fault: "delivered unsigned",
    faults: [{ delivery: { kind: "unsigned" } }],
    verdicts: { status: "accepting", receiver: "delivered", signature: "unverifiable" },
  },
  {
    fault: "delivered with a wrong signature",
    faults: [{ delivery: { kind: "wrong-key" } }],
    verdicts: { status: "accepting", receiver: "unverifiable", signature: "unverifiable" },
  },
  {
    fault: "delivered to another endpoint, which accepts",
    siem: [status(200)],
    verdicts: onlyAccepting,
  },
  {
    fault: "the probe is lost, other events are delivered",
    faults: [{ delivery: { kind: "drop" }, count: 2 }],
    verdicts: { receiver: "accepting", signature: "accepting" },
  },
  {
    fault: "every batch is lost",
    faults: [{ delivery: { kind: "drop" } }],
    verdicts: everyLevel("silent"),
  },
  { fault: "status lags 30 s", knobs: { statusLagMs: 30_000 }, verdicts: delivered },
  { fault: "Konnect's clock 10 min ahead", knobs: { clockSkewMs: 600_000 }, verdicts: delivered },
  { fault: "Konnect's clock 10 min behind", knobs: { clockSkewMs: -600_000 }, verdicts: delivered },
  {
    fault: "refused, and Konnect's clock 10 min behind",
    siem: [status(401)],
    knobs: { clockSkewMs: -600_000 },
    verdicts: everyLevel("refused"),
  },
  { fault: "webhook disabled", webhook: { enabled: false }, verdicts: everyLevel("disabled") },
  { fault: "no webhook", webhook: "unconfigured", verdicts: everyLevel("unconfigured") },
];

const rows: string[][] = [];

/** Lives through one case with everything real but the speed of time. */
async function live(scenario: Case, required: EvidenceLevel): Promise<RegionReport> {
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
  const runs = cases.flatMap((scenario) =>
    (Object.entries(scenario.verdicts) as [EvidenceLevel, Verdict][]).map(
      ([level, verdict]) => [scenario.fault, level, verdict, scenario] as const,
    ),
  );
  test.each(runs)("%s: evidence %s gives %s", async (fault, level, verdict, scenario) => {
    const report = await live(scenario, level);
    rows.push([fault, level, report.verdict ?? "error", report.outcome]);
    expect(report.error).toBeNull();
    expect(report.verdict, JSON.stringify(report.timeline)).toBe(verdict);
    const proves = verdict === "delivered" || (verdict === "accepting" && level === "status");
    expect(report.outcome).toBe(proves ? "passed" : "failed");
    expect(report.hint === null).toBe(proves);
  });
});

afterAll(() => {
  const widths = [0, 1, 2, 3].map((column) =>
    Math.max(...rows.map((row) => row[column]?.length ?? 0)),
  );
  const line = (row: string[]) =>
    row.map((cell, column) => cell.padEnd(widths[column] ?? 0)).join("  ");
  const order = cases.map(({ fault }) => fault);
  rows.sort(([a = ""], [b = ""]) => order.indexOf(a) - order.indexOf(b));
  process.stdout.write(
    `${[["FAULT", "EVIDENCE", "VERDICT", "OUTCOME"], ...rows].map(line).join("\n")}\n`,
  );
});
