import type { RegionReport, VerificationReport } from "../../src/verifier/report.js";

/** A report of one region that passed, one that failed and one that could not be told. */
export function sampleReport(failed: Partial<RegionReport> = {}): VerificationReport {
  const common = {
    signature: null,
    latency_ms: null,
    evidence: null,
    last_attempt: null,
    error: null,
    endpoint: null,
    log_format: null,
    hint: null,
    recorded: null,
    lost_since: null,
    lost_until: null,
    probes: [],
    differences: [],
  };
  return {
    schema_version: 1,
    kind: "konnect-audit/verification",
    started_at: "2026-11-22T10:00:00.000Z",
    duration_ms: 4_200,
    required_evidence: "signature",
    outcome: "error",
    exit_code: 1,
    regions: [
      {
        ...common,
        region: "us",
        outcome: "passed",
        verdict: "delivered",
        evidence: "signature",
        signature: "valid",
        latency_ms: 812,
        probes: [
          {
            id: "a",
            sent_at: "2026-11-22T10:00:00.000Z",
            arrived_after_ms: 812,
            signature: "valid",
          },
        ],
        timeline: [
          { after_ms: 200, kind: "probe", text: "probe a sent" },
          { after_ms: 1_012, kind: "arrival", text: "event of probe a at the receiver" },
          { after_ms: 1_012, kind: "verdict", text: "delivered" },
        ],
      },
      {
        ...common,
        region: "eu",
        outcome: "failed",
        verdict: "refused",
        endpoint: "https://siem.example.com/in",
        log_format: "json",
        hint: "Check it.",
        last_attempt: {
          at: "2026-11-22T10:00:01.000Z",
          response_code: 401,
          response_message: "Unauthorized",
        },
        timeline: [
          { after_ms: 200, kind: "probe", text: "probe b sent" },
          { after_ms: 4_200, kind: "verdict", text: "refused" },
        ],
        ...failed,
      },
      {
        ...common,
        region: "au",
        outcome: "error",
        verdict: null,
        hint: "Look at the network.",
        error: {
          code: "KONNECT_UNREACHABLE",
          message: "No connection.",
          remedy: "Look at the network.",
        },
        timeline: [{ after_ms: 50, kind: "problem", text: "No connection." }],
      },
    ],
  };
}
