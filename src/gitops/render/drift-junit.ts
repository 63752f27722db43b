import { type JUnitCase, renderJUnitXml } from "../../verifier/render/junit-xml.js";
import {
  type DriftReport,
  type Finding,
  type FindingKind,
  findingKinds,
  type StackReport,
  type Unverifiable,
} from "../drift-report.js";
import { sentence } from "./sentence.js";

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
  const managed = stack.unverifiable.filter(({ what }) => what === "authorization");
  const places = new Map(
    [...managed, ...stack.findings, ...stack.ignored].map((entry) => [
      entry.resource,
      placeOf(entry),
    ]),
  );
  // The kinds that are about one field each are checked for every resource; the others only show up when they fail.
  const always = new Set<FindingKind>(["drift", "pending"]);
  const kinds = findingKinds.filter((kind) => health || kind !== "delivery failing");
  const cases = [...places].flatMap(([resource, place]) =>
    kinds
      .map((kind) => kindCase(stack, { resource, place, kind }))
      .filter(({ kind, outcome }) => always.has(kind) || outcome !== undefined),
  );
  return [
    ...(stack.error ? [errorCase(stack, stack.error)] : []),
    ...cases,
    ...stack.unverifiable
      .filter(({ what }) => what === "delivery")
      .map((entry) => unknownCase(stack, entry)),
  ];
}

function placeOf({ region, resource }: Pick<Finding, "region" | "resource">): string {
  return region ? `region ${region}` : resource;
}

function unknownCase({ stack }: StackReport, entry: Unverifiable): JUnitCase {
  const { resource, reason } = entry;
  return {
    classname: `${stack}.${resource}`,
    name: `${placeOf(entry)}: ${checks["delivery failing"]}`,
    outcome: { element: "skipped", message: "it could not be told", text: reason },
  };
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
  const [summary = ""] = message.split("\n");
  return {
    classname: stack,
    name: "the stack can be checked",
    outcome: { element: "error", type: code, message: summary, text: `${message}\n${remedy}` },
  };
}
