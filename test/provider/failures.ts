import type { Fault } from "../../src/emulator/faults.js";
import type { KonnectErrorCode } from "../../src/konnect/errors.js";

type Effect = Extract<Fault, { effect: unknown }>["effect"];

/** Something that Konnect, or the way to it, does wrong; and what that is called. */
export interface Failure {
  name: string;
  effect: Effect;
  code: KonnectErrorCode;
}

const status = (code: number, more: object = {}): Effect => ({
  ...{ kind: "status", status: code, ...more },
});

/** Every failure that a call may meet. */
export const failures: readonly Failure[] = [
  { name: "401", effect: status(401), code: "KONNECT_UNAUTHORIZED" },
  { name: "403", effect: status(403), code: "KONNECT_FORBIDDEN" },
  { name: "404", effect: status(404), code: "KONNECT_NOT_FOUND" },
  { name: "409", effect: status(409), code: "KONNECT_CONFLICT" },
  { name: "429", effect: status(429), code: "KONNECT_RATE_LIMITED" },
  {
    name: "429 with Retry-After",
    effect: status(429, { retryAfter: "7" }),
    code: "KONNECT_RATE_LIMITED",
  },
  { name: "500", effect: status(500), code: "KONNECT_SERVER_ERROR" },
  { name: "502", effect: status(502), code: "KONNECT_SERVER_ERROR" },
  {
    name: "an error without detail",
    effect: status(403, { omitDetail: true }),
    code: "KONNECT_FORBIDDEN",
  },
  {
    name: "an HTML page",
    effect: { kind: "body", body: "html" },
    code: "KONNECT_UNREADABLE_ANSWER",
  },
  {
    name: "truncated JSON",
    effect: { kind: "body", body: "truncated" },
    code: "KONNECT_UNREADABLE_ANSWER",
  },
  {
    name: "a reset before the work",
    effect: { kind: "reset", when: "before" },
    code: "KONNECT_UNREACHABLE",
  },
  {
    name: "a reset after the work",
    effect: { kind: "reset", when: "after" },
    code: "KONNECT_UNREACHABLE",
  },
  {
    name: "no answer in time",
    effect: { kind: "latency", milliseconds: 60_000 },
    code: "KONNECT_TIMEOUT",
  },
];
