import type { DriftReport, Finding, StackReport } from "../../src/gitops/drift-report.js";

export function sampleFinding(changes: Partial<Finding> = {}): Finding {
  return {
    kind: "drift",
    resource: "konnectaudit_webhook.eu",
    region: "eu",
    field: "log_format",
    expected: "cef",
    actual: "json",
    ...changes,
  };
}

export function sampleStack(changes: Partial<StackReport> = {}): StackReport {
  return {
    stack: "audit",
    verdict: "out of sync",
    findings: [sampleFinding()],
    ignored: [],
    unverifiable: ["eu", "us"].map((region) => ({
      resource: `konnectaudit_webhook.${region}`,
      region,
      what: "authorization",
      reason: "Konnect never returns authorization.",
    })),
    healthErrors: [],
    ...changes,
  };
}

export function sampleDrift(changes: Partial<DriftReport> = {}): DriftReport {
  return {
    schemaVersion: 1,
    checkedAt: "2026-11-22T04:17:00.000Z",
    verdict: "out of sync",
    health: true,
    stacks: [sampleStack()],
    ignoreRules: { expired: [], stale: [] },
    ...changes,
  };
}
