import type { Connection, Organization } from "../organization.js";
import type { World } from "../world.js";

/** A call that was authenticated, authorised and read. */
export interface Call {
  organization: Organization;
  region: string;
  version: "v2" | "v3";
  /** The path's variable segments. */
  params: Readonly<Record<string, string>>;
  query: URLSearchParams;
  /** Parsed JSON; `undefined` for a call without body. */
  body: unknown;
}

/** An answer in JSON; without `body` nothing but the status. */
export interface Answer {
  status: number;
  body?: unknown;
}

/** One operation of the API. Errors are thrown as a `Problem`. */
export interface Operation {
  method: "GET" | "POST" | "PUT" | "PATCH" | "DELETE";
  versions: readonly ("v2" | "v3")[];
  /** Segments in braces are variable. */
  path: string;
  /** What the permission check is about; `undefined` for a public operation, which leaves no audit events either. */
  check: { resource: string; action: string } | undefined;
  handle(call: Call, world: World): Answer;
  /** What the same GET answered before the last write, for the `stale` fault. */
  handleStale?(call: Call, world: World): Answer;
}

/** The status that answers a write, which the how-to pages have otherwise than OpenAPI. */
export function writeStatus({ knobs }: World, openapi: number): number {
  return knobs.writeStatus === "openapi" ? openapi : 201;
}

/** Go's zero time, which Konnect sends for "never". */
export const zeroTime = "0001-01-01T00:00:00Z";

/** A time as Konnect's API writes it: its examples have a fraction without trailing zeros, and none on the second. */
export function apiTime(at: number | undefined): string {
  return at === undefined ? zeroTime : new Date(at).toISOString().replace(/\.?0+Z$/, "Z");
}

/** The part of a connection that answers show: all but the credential. */
export function visibleConnection({
  endpoint,
  log_format,
  skip_ssl_verification,
}: Connection): Omit<Connection, "authorization"> {
  return { endpoint, log_format, skip_ssl_verification };
}
