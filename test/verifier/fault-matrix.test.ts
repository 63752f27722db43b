import { afterAll, describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/faults.js";
import { startEmulator } from "../../src/emulator/index.js";
import type { Knobs } from "../../src/emulator/knobs.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import type { WebhookPatch } from "../../src/konnect/webhook.js";
import { receiverEvidence } from "../../src/receiver/evidence-source.js";
import { konnectKeys } from "../../src/receiver/key-source.js";
import { startReceiver } from "../../src/receiver/server.js";
import type { RegionReport } from "../../src/verifier/report.js";
import type { EvidenceLevel, Verdict } from "../../src/verifier/verdicts.js";
import { verify } from "../../src/verifier/verify.js";
import { scaledClock } from "./scaled-clock.js";
import { type SiemAnswer, startSiem } from "./siem.js";

const region = "eu";
const authorization = "Bearer siem-credential";

interface Case {
  fault: string;
  /** @default hands deliveries on to the receiver */
  siem?: SiemAnswer[];
  tls?: boolean;
  knobs?: Partial<Knobs>;
  faults?: Fault[];
  webhook?: WebhookPatch | "unconfigured";
  /** The fault was there long before the verification. */
  old?: boolean;
  /** The right verdict by level; a level that is not named is not run. */
  verdicts: Partial<Record<EvidenceLevel, Verdict>>;
}

const forward: SiemAnswer = { kind: "forward", to: "" };
const status = (code: number): SiemAnswer => ({ kind: "status", code });
const everyLevel = (verdict: Verdict) => ({
  ...{ status: verdict, receiver: verdict, signature: verdict },
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
    siem: [status(401), forward],
    old: true,
    verdicts: delivered,
  },
  {
    fault: "500 twice, then accepted",
    siem: [status(500), status(500), forward],
    verdicts: delivered,
  },
  { fault: "SIEM never answers", siem: [{ kind: "hang" }], verdicts: everyLevel("failing") },
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
  const clock = scaledClock(50);
  const emulator = await startEmulator({
    clock,
    knobs: { attemptTimeoutMs: 40, ...scenario.knobs },
  });
  const receiver = await startReceiver({
    authorization,
    keys: konnectKeys({ regions: [region], serverUrl: emulator.serverUrl }),
  });
  const answers = (scenario.siem ?? [forward]).map((answer) =>
    answer.kind === "forward" ? { ...answer, to: receiver.url } : answer,
  );
  const healthy: SiemAnswer = { kind: "forward", to: receiver.url };
  const siem = await startSiem(scenario.old ? answers : [healthy], { tls: scenario.tls ?? false });
  const client = createKonnectClient({ token: "kpat_test", serverUrl: emulator.serverUrl, clock });
  try {
    if (scenario.webhook !== "unconfigured") {
      const webhook = { endpoint: siem.url, authorization, enabled: true, ...scenario.webhook };
      await client.updateWebhook(region, webhook);
      await emulator.idle();
      if (!scenario.old) siem.use(answers);
    }
    for (const fault of scenario.faults ?? []) emulator.faults.add(fault);
    const evidence = required === "status" ? undefined : receiverEvidence(receiver);
    const report = await verify({ regions: [region], client, required, evidence, clock });
    const [regionReport] = report.regions;
    if (!regionReport) throw new Error("no region in the report");
    return regionReport;
  } finally {
    await client.close();
    await emulator.close();
    await siem.close();
    await receiver.close();
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
