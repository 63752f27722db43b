import { type JUnitCase, renderJUnitXml } from "../../verifier/render/junit-xml.js";
import {
  type DriftReport,
  type Finding,
  type FindingKind,
  findingKinds,
  type StackReport,
} from "../drift-report.js";

const checks: Readonly<Record<FindingKind, string>> = {
  drift: "Konnect has what was applied",
  pending: "the code is applied",
  "gate failed": "delivery was verified at the last apply",
  "delivery failing": "deliveries succeed",
};

/** The drift report as JUnit XML: a suite per stack, a test case per resource and kind of check. */
export function renderDriftJUnit(report: DriftReport): string {
  const suites = report.stacks.map((stack) => ({
    name: stack.stack,
    cases: casesOf(stack, report.health),
  }));
  return renderJUnitXml("konnect-audit drift", suites);
}

function casesOf(stack: StackReport, health: boolean): JUnitCase[] {
  if (stack.error) return [errorCase(stack, stack.error)];
  const places = new Map(
    [...stack.unverifiable, ...stack.findings, ...stack.ignored].map((entry) => [
      entry.resource,
      entry.region ? `region ${entry.region}` : entry.resource,
    ]),
  );
  // The kinds that are about one field each are checked for every resource; the others only show up when they fail.
  const always = new Set<FindingKind>(["drift", "pending"]);
  const kinds = findingKinds.filter((kind) => health || kind !== "delivery failing");
  return [...places].flatMap(([resource, place]) =>
    kinds
      .map((kind) => kindCase(stack, { resource, place, kind }))
      .filter(({ kind, outcome }) => always.has(kind) || outcome !== undefined),
  );
}

function kindCase(
  stack: StackReport,
  { resource, place, kind }: { resource: string; place: string; kind: FindingKind },
): JUnitCase & { kind: FindingKind } {
  const matches = (finding: Finding) => finding.resource === resource && finding.kind === kind;
  const named = {
    kind,
    classname: `${stack.stack}.${resource}`,
    name: `${place}: ${checks[kind]}`,
  };
  const found = stack.findings.filter(matches);
  if (found.length > 0) {
    const message = found.map(sentence).join("; ");
    const text = found.map(sentence).join("\n");
    return { ...named, outcome: { element: "failure", message, text } };
  }
  const ignored = stack.ignored.filter(matches);
  if (ignored.length === 0) return named;
  const message = ignored.map(({ reason, expires }) => `until ${expires}: ${reason}`).join("; ");
  const text = ignored.map(sentence).join("\n");
  return { ...named, outcome: { element: "skipped", message, text } };
}

function errorCase({ stack }: StackReport, error: NonNullable<StackReport["error"]>): JUnitCase {
  const { code, message, remedy } = error;
  const text = `${message}\n${remedy}`;
  return {
    classname: stack,
    name: "the stack can be checked",
    outcome: { element: "error", message: code, text },
  };
}

function sentence({ kind, field, expected, actual }: Finding): string {
  return `${kind}${field ? ` of ${field}` : ""}: expected ${expected}, found ${actual}`;
}
