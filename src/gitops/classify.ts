import { type Cleaner, type CleanText, cleanText } from "../core/foreign-text.js";
import { type CheckResult, checkResults, statusTypes } from "./check-results.js";
import { outputReferences } from "./configuration.js";
import type { DeliveryCheck, Finding, FindingKind, Unverifiable } from "./drift-report.js";
import { followsWebhook, isFailedGate, regionOfGate } from "./gates.js";
import type { PlanJson, ResourceChange, ResourceValues } from "./plan-json.js";
import {
  asObject,
  changedFields,
  isOurs,
  isReplacement,
  isWrite,
  keepsOldObject,
  priorResources,
  regionOf,
  regionOfChange,
  shownSides,
} from "./resource-changes.js";

/** What a plan says. */
export interface Classification {
  findings: Finding[];
  unverifiable: Unverifiable[];
  /** Health could not be read where it was asked for: an error, not a verdict. */
  healthErrors: Unverifiable[];
  /** What the health checks said; empty where they are left out. */
  deliveryChecks: DeliveryCheck[];
  /** Resources that deliver events, and that no health check is about; empty where health is left out. */
  unwatched: { resource: CleanText; region: CleanText | undefined }[];
  /** Number of our resources, and of statuses that were read, that the plan tells about. */
  watched: number;
}

/** A finding in Terraform's words; it is cleaned before it leaves this module. */
interface RawFinding {
  kind: FindingKind;
  resource: string;
  region: string | undefined;
  field: string | undefined;
  expected: string;
  actual: string;
}

/** Attributes that follow from others, or that Konnect sets: a change of them alone is no drift. */
const derived = new Set(["id", "revision", "updated_at", "created_at", "authorization_revision"]);

/** Attributes that a write changes besides what it is about. */
const derivedByWrite = new Set(["id", "revision", "updated_at"]);

export interface ClassifyOptions {
  /** Also judge the health checks. */
  health: boolean;
  /** Cleans what the plan holds: a state has what Konnect answered. @default one that knows no secret */
  clean?: Cleaner | undefined;
}

/**
 * Turns a plan into findings. Whatever a plan holds is cleaned text afterwards.
 *
 * What the refresh found changed is drift; what else the plan would change is code that is not applied yet.
 */
export function classifyPlan(
  plan: PlanJson,
  { health, clean = cleanText }: ClassifyOptions,
): Classification {
  const drift = plan.resource_drift.flatMap(driftOf);
  const drifted = new Set(drift.map(({ resource, field }) => `${resource} ${field ?? ""}`));
  const writes = plan.resource_changes.filter(
    (entry) => isWrite(entry) || (entry.mode === "managed" && entry.change.importing),
  );
  const failedGates = writes.filter((entry) => isFailedGate(entry, plan));
  const findings = [
    ...drift,
    ...writes
      .filter((entry) => !failedGates.includes(entry) && !followsWebhook(entry, plan))
      .flatMap((entry) => pendingOf(entry, drifted)),
    ...(writes.length > 0 ? [] : outputsOf(plan)),
    ...failedGates.map((entry) => gateFailed(entry, plan)),
  ];
  const managed = priorResources(plan).filter((entry) => entry.mode === "managed" && isOurs(entry));
  const checks = health ? checkResults(plan) : [];
  const pausedRegions = regionsPausedByCode(plan);
  const failedChecks = checks.filter(
    (check) => failed(check) && !(check.region !== undefined && pausedRegions.has(check.region)),
  );
  return {
    findings: [...findings, ...failedChecks.map(deliveryFailing)].map((finding) =>
      cleanFinding(finding, clean),
    ),
    unverifiable: [
      ...managed.map(({ address, values }) =>
        unverifiable({ address, region: regionOf(values) }, "authorization", neverReturned, clean),
      ),
      ...(health
        ? managed
            .filter(({ values }) => values?.enabled === false)
            .map(({ address, values }) =>
              unverifiable({ address, region: regionOf(values) }, "delivery", paused, clean),
            )
        : []),
      ...checks
        .filter(({ status }) => status === "unknown")
        .map((check) => unverifiable(check, "delivery", deferred, clean)),
    ],
    healthErrors: health ? [...unreadStatuses(plan, clean), ...brokenChecks(checks, clean)] : [],
    deliveryChecks: checks.map((check) => deliveryCheck(check, clean)),
    unwatched: health ? unwatchedOf(managed, checks, clean) : [],
    watched: managed.length + (health ? readStatuses(plan).length : 0),
  };
}

const neverReturned =
  "Konnect never returns authorization, so a change of it made elsewhere can't be seen.";
const paused = "It is paused (enabled = false), so no audit event is delivered.";
/** Terraform reads no status of a webhook that it would write: the status may follow from the write. */
const deferred =
  "Whether deliveries succeed can only be read once Konnect has the settings of the code.";

function driftOf(entry: ResourceChange): RawFinding[] {
  const { change, address } = entry;
  const region = regionOfChange(entry);
  if (change.actions.includes("delete")) {
    return [whole("drift", { address, region }, "configured", "gone")];
  }
  return changedFields(entry, derived).map((field) => {
    const { before: expected, after: actual } = shownSides(entry, field);
    return { kind: "drift", resource: address, region, field, expected, actual };
  });
}

function pendingOf(entry: ResourceChange, drifted: ReadonlySet<string>): RawFinding[] {
  const { change, address } = entry;
  const { actions, importing } = change;
  const region = regionOfChange(entry);
  const pending = (expected: string, actual: string) => [
    whole("pending", { address, region }, expected, actual),
  ];
  if (keepsOldObject(entry)) {
    return pending("made anew by the next apply, which forgets the old object", "there");
  }
  if (isReplacement(entry)) return pending("replaced by the next apply", "there");
  if (actions.includes("create")) {
    return drifted.has(`${address} `) ? [] : pending("created by the next apply", "not there");
  }
  if (actions.includes("delete")) return pending("removed by the next apply", "there");
  if (actions.includes("forget")) return pending("no longer managed after the next apply", "there");
  const fields = changedFields(entry, derivedByWrite);
  if (fields.length === 0) {
    return importing
      ? pending("imported by the next apply", "not managed")
      : pending("changed by the next apply", "another value");
  }
  return fields
    .filter((field) => !drifted.has(`${address} ${field}`))
    .map((field) => {
      if (field === "authorization_revision") return authorizationPending(address, region);
      const { after: expected, before: actual } = shownSides(entry, field);
      return { kind: "pending", resource: address, region, field, expected, actual };
    });
}

function whole(
  kind: FindingKind,
  { address, region }: { address: string; region: string | undefined },
  expected: string,
  actual: string,
): RawFinding {
  return { kind, resource: address, region, field: undefined, expected, actual };
}

function authorizationPending(resource: string, region: string | undefined): RawFinding {
  return {
    kind: "pending",
    resource,
    region,
    field: "authorization",
    expected: "written by the next apply",
    actual: "another value, or none known",
  };
}

/**
 * Outputs that the next apply would change although it writes nothing: their code changed. An output that only follows what
 * was read (a data source, or a resource that the refresh found changed) differs at every look, and no code waits for it.
 * It is "created" when its value was null before, and "deleted" when it becomes null.
 */
function outputsOf(plan: PlanJson): RawFinding[] {
  return Object.entries(plan.output_changes)
    .filter(([, { actions }]) => actions.some((action) => action !== "no-op"))
    .filter(([name]) => !followsReading(plan, name))
    .map(([name]) =>
      whole(
        "pending",
        { address: `output.${name}`, region: undefined },
        "changed by the next apply",
        "the previous value",
      ),
    );
}

function followsReading(plan: PlanJson, output: string): boolean {
  const references = outputReferences(plan, output);
  // Terraform names what the changes of a plan come from, local values resolved; the code does not show those.
  const sources = references.some((name) => name.startsWith("local."))
    ? [...references, ...plan.relevant_attributes.map(({ resource }) => resource)]
    : references;
  const drifted = plan.resource_drift.map(({ address }) => address);
  return sources.some(
    (source) =>
      /(?:^|\.)data\./.test(source) ||
      drifted.some((address) => source === address || source.startsWith(`${address}.`)),
  );
}

function gateFailed(entry: ResourceChange, plan: PlanJson): RawFinding {
  return whole(
    "gate failed",
    { address: entry.address, region: regionOfGate(entry, plan) },
    "delivery verified at the last apply",
    "the verification failed",
  );
}

function failed({ status }: CheckResult): boolean {
  return status === "fail";
}

function deliveryFailing(check: CheckResult): RawFinding {
  const actual = check.messages.join(" ") || "the health check fails";
  return whole("delivery failing", check, "delivery succeeds", actual);
}

/** A check that could not be evaluated says nothing, and a status that is not known here may say anything. */
function brokenChecks(checks: readonly CheckResult[], clean: Cleaner): Unverifiable[] {
  return checks
    .filter(({ status }) => !["pass", "fail", "unknown"].includes(status))
    .map((check) => {
      const said = check.messages.join(" ") || `Terraform gives its status as ${check.status}.`;
      return unverifiable(check, "delivery", `The check could not be evaluated: ${said}`, clean);
    });
}

/** Resources that deliver events by themselves. */
const delivering = new Set([
  "konnectaudit_webhook",
  "konnectaudit_webhook_binding",
  "konnectaudit_portal_webhook",
]);

/**
 * Regions where the reviewed code itself pauses everything that delivers: no deliveries are what it asks for. They are listed
 * as paused, and no finding. A region with anything else that delivers is not among them.
 */
function regionsPausedByCode(plan: PlanJson): ReadonlySet<string> {
  const planned = plan.resource_changes
    .filter(({ mode, type }) => mode === "managed" && delivering.has(type))
    .map(({ change }) => asObject(change.after))
    .flatMap((after) => {
      const region = regionOf(after);
      return region === undefined ? [] : [{ region, paused: after?.enabled === false }];
    });
  return new Set(
    planned
      .map(({ region }) => region)
      .filter((region) => planned.every((each) => each.region !== region || each.paused)),
  );
}

/** A check whose region the plan does not show may be about any of them. */
function unwatchedOf(
  managed: readonly ResourceValues[],
  checks: readonly CheckResult[],
  clean: Cleaner,
): Classification["unwatched"] {
  if (checks.some(({ region }) => region === undefined)) return [];
  const watched = new Set(checks.map(({ region }) => region));
  return managed
    .filter(({ type, values }) => delivering.has(type) && !watched.has(regionOf(values)))
    .map(({ address, values }) => ({
      resource: clean(address),
      region: cleanIfAny(regionOf(values), clean),
    }));
}

function readStatuses(plan: PlanJson) {
  return priorResources(plan).filter(({ type }) => statusTypes.has(type));
}

function unreadStatuses(plan: PlanJson, clean: Cleaner): Unverifiable[] {
  return readStatuses(plan)
    .filter(({ values }) => typeof values?.error === "string")
    .map(({ address, values }) =>
      unverifiable({ address, region: regionOf(values) }, "delivery", String(values?.error), clean),
    );
}

function cleanFinding(
  { kind, resource, region, field, expected, actual }: RawFinding,
  clean: Cleaner,
): Finding {
  return {
    kind,
    resource: clean(resource),
    region: cleanIfAny(region, clean),
    field: cleanIfAny(field, clean),
    expected: clean(expected),
    actual: clean(actual),
  };
}

function unverifiable(
  { address, region }: { address: string; region: string | undefined },
  what: Unverifiable["what"],
  reason: string,
  clean: Cleaner,
): Unverifiable {
  return {
    resource: clean(address),
    region: cleanIfAny(region, clean),
    what,
    reason: clean(reason),
  };
}

function deliveryCheck({ address, region, status }: CheckResult, clean: Cleaner): DeliveryCheck {
  const outcomes = { pass: "succeed", fail: "fail" } as const;
  return {
    resource: clean(address),
    region: cleanIfAny(region, clean),
    outcome: status === "pass" || status === "fail" ? outcomes[status] : "unknown",
  };
}

function cleanIfAny(text: string | undefined, clean: Cleaner): CleanText | undefined {
  return text === undefined ? undefined : clean(text);
}
