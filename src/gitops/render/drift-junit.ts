import type { CleanText } from "../../core/foreign-text.js";
import {
  type JUnitCase,
  type JUnitOutcome,
  renderJUnitXml,
} from "../../verifier/render/junit-xml.js";
import {
  type DeliveryCheck,
  type DriftReport,
  type Finding,
  type FindingKind,
  findingKinds,
  type StackReport,
} from "../drift-report.js";
import { sentence } from "./sentence.js";

/** The question of each kind of finding, as the case that passes answers it. */
const questions: Readonly<Record<FindingKind, string>> = {
  drift: "Konnect has what was applied",
  pending: "the code is applied",
  "gate failed": "no gate failed at the last apply",
  "delivery failing": "deliveries succeed",
};

/**
 * The drift report as JUnit XML: a suite per stack, and a test case per resource and question, always the same ones. Gates
 * and health checks count for the webhook of their region.
 */
export function renderDriftJUnit(report: DriftReport): string {
  const suites = report.stacks.map((stack) => ({
    name: stack.stack,
    cases: casesOf(stack, report.health),
  }));
  return renderJUnitXml("konnect-audit drift", suites);
}

/** What a case is about. */
interface Subject {
  resource: CleanText;
  region: CleanText | undefined;
}

function casesOf(stack: StackReport, health: boolean): JUnitCase[] {
  const { unverifiable, findings, ignored, deliveryChecks = [], error } = stack;
  const managed = unverifiable.filter(({ what }) => what === "authorization");
  const watched = new Set(managed.flatMap(({ region }) => region ?? []));
  // A gate or a check is its region's, if the region has a webhook here.
  const own = [...findings, ...ignored, ...deliveryChecks].filter(
    (entry) => !isOfRegion(entry) || !(entry.region && watched.has(entry.region)),
  );
  const subjects = new Map<string, Subject>(
    [...managed, ...own].map(({ resource, region }) => [resource, { resource, region }]),
  );
  const kinds = findingKinds.filter((kind) => health || kind !== "delivery failing");
  const first = new Set<string>();
  return [
    ...(error ? [errorCase(stack, error)] : []),
    ...[...subjects.values()].flatMap((subject) => {
      // Several resources of one region share its gates and checks.
      const { region } = subject;
      const isFirst = region === undefined || !first.has(region);
      if (region !== undefined) first.add(region);
      return kinds
        .filter((kind) => isAbout(kind, subject, isFirst, stack))
        .map((kind) => kindCase(stack, subject, kind));
    }),
  ];
}

/** True for a gate or a check: it is about the deliveries of a region, not about a resource of its own. */
function isOfRegion(entry: { kind?: FindingKind; outcome?: DeliveryCheck["outcome"] }): boolean {
  return (
    entry.kind === "gate failed" || entry.kind === "delivery failing" || entry.outcome !== undefined
  );
}

/** A resource without a region, such as a destination, delivers nothing by itself. */
function isAbout(
  kind: FindingKind,
  { resource, region }: Subject,
  isFirst: boolean,
  { findings, ignored, deliveryChecks = [], unverifiable }: StackReport,
): boolean {
  const isManaged = unverifiable.some(
    (entry) => entry.what === "authorization" && entry.resource === resource,
  );
  const isFound = [...findings, ...ignored].some(
    (entry) => entry.resource === resource && entry.kind === kind,
  );
  if (isFound) return true;
  if (isManaged) {
    return kind === "drift" || kind === "pending" || (isFirst && region !== undefined);
  }
  if (deliveryChecks.some((check) => check.resource === resource)) {
    return kind === "delivery failing";
  }
  return kind === "drift" || kind === "pending";
}

function placeOf({ region, resource }: Subject): string {
  return region ? `region ${region}` : resource;
}

function kindCase(stack: StackReport, subject: Subject, kind: FindingKind): JUnitCase {
  const { resource, region } = subject;
  const matches = (finding: Finding) =>
    finding.kind === kind &&
    (finding.resource === resource ||
      (isOfRegion(finding) && region !== undefined && finding.region === region));
  const named = {
    classname: `${stack.stack}.${resource}`,
    name: `${placeOf(subject)}: ${questions[kind]}`,
  };
  const found = stack.findings.filter(matches);
  if (found.length > 0) {
    const message = found.map(sentence).join("; ");
    const text = found.map(sentence).join("\n");
    return { ...named, outcome: { element: "failure", message, text } };
  }
  const ignored = stack.ignored.filter(matches);
  if (ignored.length > 0) {
    const message = ignored.map(({ reason, expires }) => `until ${expires}: ${reason}`).join("; ");
    const text = ignored.map(sentence).join("\n");
    return { ...named, outcome: { element: "skipped", message, text } };
  }
  const unknown = kind === "delivery failing" ? unknownDelivery(stack, subject) : undefined;
  return unknown ? { ...named, outcome: unknown } : named;
}

/** Why nothing can be said of a region's deliveries; `undefined` if a check says that they succeed. */
function unknownDelivery(
  { unverifiable, deliveryChecks = [] }: StackReport,
  { resource, region }: Subject,
): JUnitOutcome | undefined {
  const isOfSubject = (entry: Subject | { resource: CleanText; region?: CleanText | undefined }) =>
    entry.resource === resource || (region !== undefined && entry.region === region);
  const reasons = unverifiable
    .filter((entry) => entry.what === "delivery" && isOfSubject(entry))
    .map(({ reason }) => reason);
  const succeeds = deliveryChecks.some(
    (check) => isOfSubject(check) && check.outcome === "succeed",
  );
  if (reasons.length === 0 && succeeds) return undefined;
  const text = [...new Set(reasons)].join("\n") || "No health check of the code judges it.";
  return { element: "skipped", message: "inconclusive", text };
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
