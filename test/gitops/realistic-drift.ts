import type { DriftReport } from "../../src/gitops/drift-report.js";
import { sampleDrift, sampleFinding, sampleStack } from "./sample-drift.js";

/** A nightly check over four organisations as an operator meets it. */
export function realisticDrift(): DriftReport {
  const rule = { field: "log_format", reason: "The SIEM team compares JSON with CEF." };
  return sampleDrift({
    verdict: "error",
    stacks: [
      sampleStack({ stack: "audit-example", verdict: "in sync", findings: [] }),
      sampleStack({
        stack: "audit-example-labs",
        findings: [
          sampleFinding({
            field: "endpoint",
            expected:
              "https://http-inputs-example.splunkcloud.com/services/collector/raw?index=konnect_audit_labs",
            actual: "https://collector.somewhere-else.example.net/in?token=***",
          }),
          sampleFinding({ field: "enabled", expected: "true", actual: "false" }),
          sampleFinding({
            ...{ region: "us", resource: "konnectaudit_webhook.us", kind: "pending" },
            ...{ field: "authorization", expected: "written by the next apply" },
            actual: "another value, or none known",
          }),
          sampleFinding({
            ...{ region: undefined, field: undefined, kind: "delivery failing" },
            ...{ resource: "check.audit_au_health", expected: "delivery succeeds" },
            actual: "Deliveries of audit events from region au fail: 403 Forbidden.",
          }),
        ],
        ignored: [
          { ...sampleFinding({ region: "me" }), reason: rule.reason, expires: "2027-01-31" },
        ],
      }),
      sampleStack({
        ...{ stack: "audit-example-portals", findings: [], unverifiable: [], verdict: "error" },
        error: {
          code: "GITOPS_TERRAFORM_FAILED",
          message:
            'terraform plan failed: Konnect did not accept the token.\n╷\n│ Error: Konnect refused the token in region "eu"\n│ \n│   with konnectaudit_webhook.eu,\n╵',
          remedy:
            "It has expired, was revoked or belongs to another organisation: make a new one and set KONNECT_TOKEN or KONNECT_SPAT.",
        },
      }),
      sampleStack({ stack: "audit-example-asia", verdict: "in sync", findings: [] }),
    ],
    ignoreRules: {
      expired: [{ ...rule, region: "eu", expires: "2026-10-31" }],
      stale: [{ ...rule, region: "sg", expires: "2027-01-31" }],
    },
  });
}
