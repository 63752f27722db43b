import { globalRegion, isWellFormedRegion } from "../../konnect/regions.js";
import type { Operation } from "../api/operation.js";

/** Where a call goes. */
export interface Target {
  region: string;
  /** Without the region: `/v2/audit-log-webhook`. */
  path: string;
}

/**
 * Finds the region that a call is for.
 *
 * The region is the first segment of the path. A client that can only be given a host name finds its region in the
 * first label of `Host` (`us.localhost:8080`), and without one is served as on Konnect's global host.
 *
 * @returns `undefined` when no region could be called so
 */
export function findTarget(pathname: string, host: string | undefined): Target | undefined {
  const [, first = "", ...rest] = pathname.split("/");
  if (first === "v2" || first === "v3") return { region: regionOfHost(host), path: pathname };
  return isWellFormedRegion(first) ? { region: first, path: `/${rest.join("/")}` } : undefined;
}

function regionOfHost(host = ""): string {
  const [label = "", ...parents] = host.replace(/:\d+$/, "").split(".");
  return parents.length > 0 && isWellFormedRegion(label) ? label : globalRegion;
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
  | { kind: "no such method" };

/** Finds the operation for a method and a path without region. */
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
  return (
    candidates.find(({ operation }) => operation.method === method) ?? { kind: "no such method" }
  );
}

function matchPath(pattern: string, path: string): Record<string, string> | undefined {
  const expected = pattern.split("/");
  const given = path.split("/");
  if (expected.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, segment] of expected.entries()) {
    const value = given[index] ?? "";
    const name = /^\{(\w+)\}$/.exec(segment)?.[1];
    if (name && value) params[name] = value;
    else if (segment !== value) return undefined;
  }
  return params;
}
