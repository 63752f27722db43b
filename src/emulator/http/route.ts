import { globalRegion, isWellFormedRegion, knownRegions } from "../../konnect/regions.js";
import type { Operation } from "../api/operation.js";
import { canonicalUuid } from "../ids.js";

/** Where a call goes. */
export interface Target {
  /** Empty if neither path nor host name a region. */
  region: string;
  /** Without the region: `/v2/audit-log-webhook`. */
  path: string;
}

/**
 * Finds the region that a call is for.
 *
 * The region is the first segment of the path. A client that can only be given a host name finds its region in the
 * first label of `Host` (`us.localhost:8080`), and without one is served as on Konnect's global host.
 */
export function findTarget(pathname: string, host: string | undefined): Target {
  const [, first = "", ...rest] = pathname.split("/");
  if (first === "v2" || first === "v3") return { region: regionOfHost(host), path: pathname };
  if (isWellFormedRegion(first)) return { region: first, path: `/${rest.join("/")}` };
  return { region: "", path: pathname };
}

/** A host that names no region at all, as a container's, is the global one. */
function regionOfHost(host = ""): string {
  const [label = "", ...parents] = host.toLowerCase().replace(/:\d+$/, "").split(".");
  const isOfRegion = ["localhost", "api.konghq.com"].includes(parents.join("."));
  const isDocumented = parents.length > 0 && (knownRegions as readonly string[]).includes(label);
  return (isOfRegion || isDocumented) && isWellFormedRegion(label) ? label : globalRegion;
}

/** What a path and a method select. */
export type Route =
  | {
      kind: "operation";
      operation: Operation;
      version: "v2" | "v3";
      params: Record<string, string>;
    }
  | { kind: "no such path" }
  | { kind: "no such method"; allowed: string[] };

/** Finds the operation for a method and a path without region. HEAD is a GET whose body is not sent. */
export function findRoute(operations: readonly Operation[], method: string, path: string): Route {
  const match = /^\/(v2|v3)(\/.*)$/.exec(path);
  if (!match) return { kind: "no such path" };
  const version = match[1] as "v2" | "v3";
  const candidates = operations.flatMap((operation) => {
    const params = operation.versions.includes(version)
      ? matchPath(operation.path, match[2] ?? "")
      : undefined;
    return params ? [{ kind: "operation" as const, operation, version, params }] : [];
  });
  if (candidates.length === 0) return { kind: "no such path" };
  const wanted = method === "HEAD" ? "GET" : method;
  return (
    candidates.find(({ operation }) => operation.method === wanted) ?? {
      kind: "no such method",
      allowed: allowedMethods(candidates.map(({ operation }) => operation.method)),
    }
  );
}

/** What `Allow` names: whoever serves GET serves HEAD. */
export function allowedMethods(methods: readonly string[]): string[] {
  const distinct = [...new Set(methods)];
  return distinct.flatMap((method) => (method === "GET" ? ["GET", "HEAD"] : [method]));
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split("/");
  const given = path.split("/");
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name && value) params[name] = canonicalUuid(value) ?? value;
    else if (segment !== value) return undefined;
  }
  return params;
}
