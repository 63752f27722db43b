import type { RegionReport, VerificationReport } from "../../src/verifier/report.js";

const startedAt = Date.parse("2026-11-22T10:00:00Z");
const after = (milliseconds: number) => new Date(startedAt + milliseconds).toISOString();

const untold = {
  evidence: null,
  signature: null,
  latency_ms: null,
  log_format: "json",
  endpoint: "https://siem.example.com/services/collector/raw",
  last_attempt: null,
  recorded: null,
  lost_since: null,
  lost_until: null,
  probes: [],
  differences: [],
  hint: null,
  error: null,
} satisfies Partial<RegionReport>;

function proven(region: string, latency: number): RegionReport {
  const id = `3f2a91c0-${region}`;
  const probe = { id, sent_at: after(310), arrived_after_ms: latency, signature: "valid" } as const;
  return {
    ...{ ...untold, region, outcome: "passed", verdict: "delivered" },
    ...{ evidence: "signature", signature: "valid", latency_ms: latency, probes: [probe] },
    timeline: [
      { after_ms: 310, kind: "probe", text: `probe ${id} sent` },
      { after_ms: 310 + latency - 900, kind: "attempt", text: "delivery attempted: 202 Accepted" },
      { after_ms: 310 + latency, kind: "arrival", text: `event of probe ${id} at the receiver` },
      { after_ms: 310 + latency, kind: "signature", text: "its signature is valid" },
      { after_ms: 310 + latency, kind: "verdict", text: "delivered" },
    ],
  };
}

/** A run over seven regions as an operator meets it: most deliver, the others fail in different ways. */
export function realisticReport(): VerificationReport {
  const regions: RegionReport[] = [
    proven("us", 12_400),
    {
      ...{ ...untold, region: "eu", outcome: "failed", verdict: "refused" },
      hint: "The endpoint refuses the credential. Check the webhook's `authorization`: scheme word, token, and that the token is enabled; then deploy again. Konnect does not repeat such a delivery: after the fix, a replay job brings back what was lost.",
      last_attempt: {
        at: after(9_000),
        response_code: 401,
        response_message: "Unauthorized",
      },
      lost_since: after(9_000),
      timeline: [
        { after_ms: 280, kind: "probe", text: "probe 8c11 sent" },
        { after_ms: 9_600, kind: "attempt", text: "delivery attempted: 401 Unauthorized" },
        { after_ms: 9_600, kind: "verdict", text: "refused" },
      ],
    },
    proven("au", 21_900),
    {
      ...{ ...untold, region: "me", outcome: "failed", verdict: "failing" },
      hint: "A gateway in front of the endpoint can't reach it. Check that it runs.",
      last_attempt: { at: after(31_000), response_code: 502, response_message: "Bad Gateway" },
      lost_since: after(8_000),
      timeline: [
        { after_ms: 300, kind: "probe", text: "probe 41d0 sent" },
        ...[8_000, 9_100, 11_300, 15_400, 23_600].map((after_ms, index) => ({
          ...{ after_ms, kind: index === 0 ? ("attempt" as const) : ("retry" as const) },
          text: `delivery attempted${index === 0 ? "" : " again"}: 502 Bad Gateway`,
        })),
        { after_ms: 40_000, kind: "verdict", text: "failing" },
      ],
    },
    proven("in", 17_300),
    {
      ...{ ...untold, region: "sg", outcome: "failed", verdict: "misconfigured" },
      differences: [{ field: "log_format", expected: "json", actual: "cef" }],
      hint: "Deploy the stack again, or correct what is expected; `konnect-audit drift` shows who is right.",
      timeline: [
        { after_ms: 260, kind: "probe", text: "probe 77fe sent" },
        { after_ms: 270, kind: "verdict", text: "misconfigured" },
      ],
    },
    {
      ...{ ...untold, region: "jp", outcome: "error", verdict: null },
      ...{ endpoint: null, log_format: null, hint: "Check the token's roles in that region." },
      error: {
        code: "KONNECT_FORBIDDEN",
        message: 'Konnect refused to read the audit-log webhook of region "jp": 403.',
        remedy: "Check the token's roles in that region.",
      },
      timeline: [{ after_ms: 240, kind: "problem", text: "Konnect refused to read the webhook." }],
    },
  ];
  return {
    schema_version: 1,
    kind: "konnect-audit/verification",
    started_at: after(0),
    duration_ms: 40_100,
    required_evidence: "signature",
    outcome: "error",
    exit_code: 1,
    regions,
  };
}
