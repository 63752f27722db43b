import type { Fault } from "../../src/emulator/faults.js";
import type { Knobs } from "../../src/emulator/knobs.js";
import type { EvidenceLevel, Verdict } from "../../src/verifier/verdicts.js";
import type { SiemAnswer } from "./siem.js";

/** A fault that is played to the verifier, and what it must say of it. */
export interface FaultCase {
  fault: string;
  /** @default hands deliveries on to the receiver */
  siem?: (SiemAnswer | "forward")[];
  tls?: boolean;
  knobs?: Partial<Knobs>;
  faults?: Fault[];
  webhook?: { enabled: boolean } | "unconfigured";
  /** Konnect delivers to another endpoint than the webhook's, and that accepts. */
  diverted?: boolean;
  /** Others call Konnect all the time once the probe is sent. */
  traffic?: boolean;
  /** The fault was there long before the verification. */
  old?: boolean;
  /** The right verdict by the evidence that is asked for; a level that is not named is not run. */
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

/** Every fault of the matrix; a test lives through each one, and the guide shows them. */
export const faultCases: readonly FaultCase[] = [
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
    fault: "SIEM never answers, until Konnect's time-out",
    siem: [{ kind: "silence" }],
    // By the clock of these tests 20 seconds: five attempts are not over when the waiting ends.
    knobs: { attemptTimeoutMs: 800 },
    verdicts: everyLevel("retrying"),
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
    fault: "the webhook leads to another endpoint, which accepts",
    siem: [status(200)],
    verdicts: onlyAccepting,
  },
  {
    fault: "delivered to another endpoint than the webhook's",
    diverted: true,
    verdicts: onlyAccepting,
  },
  {
    fault: "the probe is lost, and other traffic keeps the status fresh",
    // The first two calls of the verification are its look at the status and the probe.
    faults: [{ delivery: { kind: "drop" }, count: 2 }],
    traffic: true,
    verdicts: onlyAccepting,
  },
  {
    fault: "every batch is lost",
    faults: [{ delivery: { kind: "drop" } }],
    verdicts: everyLevel("silent"),
  },
  { fault: "status lags 30 s", knobs: { statusLagMs: 30_000 }, verdicts: delivered },
  {
    fault: "refused, and the status lags 30 s",
    siem: [status(403)],
    knobs: { statusLagMs: 30_000 },
    verdicts: everyLevel("refused"),
  },
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

/** Says whether a verdict is proof enough at a level. */
export function proves(verdict: Verdict, level: EvidenceLevel): boolean {
  return verdict === "delivered" || (verdict === "accepting" && level === "status");
}
