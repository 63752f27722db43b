import fc from "fast-check";
import type { AuditEvent } from "../../src/events/event.js";

const token = fc.string({ minLength: 1, unit: "grapheme-ascii" }).map((s) => s.replace(/\s/g, "_"));
/** What HTTP lets through as a header value, with the fragments that break naive parsers. */
const userAgent = fc
  .array(
    fc.oneof(
      fc.string({ unit: "grapheme" }),
      fc.constantFrom(" sig=abc", " trace_id=1", ' query={"a":"', " query={}", "=", "|", "\\", '"'),
    ),
    { maxLength: 4 },
  )
  // Blanks around a header value are not part of it, and line breaks can't be in one.
  .map((parts) =>
    parts
      .join("")
      .replace(/[\p{Zl}\p{Zp}\p{Cc}]/gu, "")
      .trim(),
  );
const principalName = fc.constantFrom("Ada Lovelace (ada@example.com)", "Zoë (z@example.com)", "x");
const seconds = fc
  .integer({ min: 1.6e9, max: 1.9e9 })
  .map((s) => new Date(s * 1000).toISOString().replace(".000Z", "Z"));
const traceId = fc.oneof(
  fc.stringMatching(/^[0-9a-f]{32}$/),
  fc.bigInt({ min: 1n, max: 2n ** 63n }).map(String),
);
const query = fc
  .dictionary(fc.string(), fc.oneof(fc.string(), fc.constant(" trace_id=1 query={}")))
  .map((value) => JSON.stringify(value));

const common = {
  event_ts: seconds,
  event_class_id: fc.constantFrom("konnect", "auditlogs", "KongGateway"),
  severity: fc.integer({ min: 0, max: 10 }),
  rt: fc.integer({ min: 0, max: 4e12 }),
  src: fc.ipV4(),
  org_id: fc.uuid(),
  principal_id: fc.oneof(fc.uuid(), fc.constant("")),
  trace_id: traceId,
  user_agent: userAgent,
};

function optional<T extends object>(fields: T): T {
  return Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as T;
}

const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });

export const anyEvent: fc.Arbitrary<AuditEvent> = fc
  .oneof(
    fc.record({
      kind: fc.constant("authentication" as const),
      ...common,
      event_product: fc.constantFrom("Konnect" as const, "Dev-Portal" as const),
      name: fc.constantFrom("AUTHENTICATION_OUTCOME_SUCCESS", "AUTHENTICATION_OUTCOME_NEW_ONE"),
      request: token,
      success: fc.boolean(),
      portal_id: maybe(fc.uuid()),
      principal_name: maybe(principalName),
    }),
    fc.record({
      kind: fc.constant("authorization" as const),
      ...common,
      event_product: fc.constant("Konnect" as const),
      name: fc.constantFrom("Authz.webhook", "Authz.control-planes/*"),
      action: fc.constantFrom("read", "list", "edit"),
      granted: fc.boolean(),
      actor_id: maybe(fc.constantFrom("", "someone")),
      principal_name: maybe(principalName),
      kong_initiated: maybe(fc.constant(true as const)),
    }),
    fc.record({
      kind: fc.constant("access" as const),
      ...common,
      event_product: fc.constant("Konnect" as const),
      name: fc.constant("Ingress"),
      request: token,
      act: fc.constantFrom("POST", "PATCH"),
      status: fc.integer({ min: 100, max: 599 }),
      query,
      principal_name: maybe(principalName),
      kong_initiated: maybe(fc.constant(true as const)),
    }),
  )
  .map((event) => optional(event) as AuditEvent);

export const anyFormat = fc.constantFrom("cef" as const, "json" as const, "cps" as const);
