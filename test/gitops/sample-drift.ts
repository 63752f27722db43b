import type { DriftReport, Finding, StackReport } from "../../src/gitops/drift-report.js";
import type { Raw } from "./raw-text.js";

export function sampleFinding(changes: Partial<Raw<Finding>> = {}): Finding {
  return {
    kind: "drift",
    resource: "konnectaudit_webhook.eu",
    region: "eu",
    field: "log_format",
    expected: "cef",
    actual: "json",
    ...changes,
  } as Finding;
}

export function sampleStack(changes: Partial<Raw<StackReport>> = {}): StackReport {
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
  } as StackReport;
}

export function sampleDrift(changes: Partial<Raw<DriftReport>> = {}): DriftReport {
  return {
    schemaVersion: 1,
    checkedAt: "2026-11-22T04:17:00.000Z",
    verdict: "out of sync",
    health: true,
    stacks: [sampleStack()],
    ignoreRules: { expired: [], stale: [] },
    ...changes,
  } as DriftReport;
}
