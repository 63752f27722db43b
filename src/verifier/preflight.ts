import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { type Clock, systemClock } from "../core/clock.js";
import { encodeBatch } from "../events/batch.js";
import type { AuthorizationEvent, LogFormat } from "../events/event.js";
import { formatEvent } from "../events/format.js";
import { checkAuthorization } from "../konnect/authorization.js";
import { checkEndpoint, maskEndpoint } from "../konnect/endpoint.js";
import { responseHint } from "./answers.js";
import { verifierErrors } from "./errors.js";
import { caveatsOf } from "./preflight-caveats.js";
import { explainFailure } from "./preflight-findings.js";
import { type PostResult, post } from "./preflight-post.js";
import type { PreflightReport } from "./preflight-report.js";
import { chooseRoute, describeProxy, type Route } from "./preflight-route.js";
import { exitCodes } from "./report.js";

export interface PreflightOptions {
  endpoint: string;
  authorization: string;
  /** @default "cef" */
  logFormat?: LogFormat | undefined;
  /** @default false */
  skipTlsVerification?: boolean | undefined;
  /** PEM certificates of the authorities that count. @default the public ones */
  authorities?: readonly string[] | undefined;
  /** Milliseconds. @default 15000 */
  timeout?: number | undefined;
  /** Names the proxy that this machine needs: HTTPS_PROXY, NO_PROXY. @default {} */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  clock?: Clock | undefined;
  /** @default a random UUID */
  newId?: (() => string) | undefined;
  signal?: AbortSignal | undefined;
}

/**
 * Posts one synthetic, marked event to a SIEM's endpoint the way Konnect will, and explains the answer.
 *
 * @throws VerifierError for an endpoint or an authorization that can't be used
 */
export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const { endpoint, authorization, clock = systemClock } = options;
  const badEndpoint = checkEndpoint(endpoint);
  if (badEndpoint) throw verifierErrors.preflightInput("endpoint", badEndpoint.message);
  const badAuthorization = checkAuthorization(authorization);
  if (badAuthorization) {
    throw verifierErrors.preflightInput("authorization", badAuthorization.message);
  }
  const id = (options.newId ?? randomUUID)();
  const url = new URL(endpoint);
  const route = readRoute(url, options.env ?? {});
  const now = clock.now();
  const line = formatEvent(syntheticEvent(id, now), options.logFormat ?? "cef");
  const result = await post({
    ...{ endpoint: url, route, authorization },
    body: await encodeBatch([line]),
    skipTlsVerification: options.skipTlsVerification ?? false,
    authorities: options.authorities,
    timeout: options.timeout ?? 15_000,
    signal: options.signal,
  });
  const judged = judge(result, { url, route, now, authorization });
  return {
    schema_version: 1,
    kind: "konnect-audit/preflight",
    endpoint: maskEndpoint(endpoint),
    ...judged,
    exit_code: exitCodes[judged.outcome],
    event_id: id,
    route: route.kind === "proxy" ? describeProxy(route) : "direct",
    answer: result.kind === "answered" ? excerpt(result.text, authorization) : null,
    caveats: caveatsOf(result, { endpoint, route, now }),
  };
}

function readRoute(url: URL, env: NonNullable<PreflightOptions["env"]>): Route {
  try {
    return chooseRoute(url, env);
  } catch {
    throw verifierErrors.proxyMalformed();
  }
}

/** An event that nobody takes for a real one: no organisation, no principal, and a User-Agent that says what it is. */
function syntheticEvent(id: string, now: number): AuthorizationEvent {
  const nobody = "00000000-0000-0000-0000-000000000000";
  return {
    kind: "authorization",
    event_ts: new Date(now).toISOString().replace(/\.\d+Z$/, "Z"),
    event_product: "Konnect",
    event_class_id: "konnect-audit",
    name: "Authz.preflight",
    severity: 1,
    rt: Math.floor(now),
    src: "192.0.2.1", // reserved for documentation (RFC 5737)
    action: "preflight",
    granted: true,
    org_id: nobody,
    principal_id: nobody,
    trace_id: id.replaceAll("-", ""),
    user_agent: `konnect-audit-preflight/${id}`,
  };
}

function judge(
  result: PostResult,
  context: { url: URL; route: Route; now: number; authorization: string },
): Pick<PreflightReport, "outcome" | "finding" | "hint" | "response_code"> {
  const { url, route, now, authorization } = context;
  if (result.kind === "failed") {
    const proxy = route.kind === "proxy" ? describeProxy(route) : undefined;
    const failed = { ...result, host: url.hostname, now, proxy };
    const { text, hint, certain } = explainFailure(failed);
    return { outcome: certain ? "failed" : "error", finding: text, hint, response_code: null };
  }
  const { status, text: words, location } = result;
  const answer = [status, STATUS_CODES[status]].filter(Boolean).join(" ");
  const finding = `the endpoint answered ${answer}${leadingTo(location, url)}`;
  if (status >= 200 && status < 300) {
    return { outcome: "passed", finding, hint: null, response_code: status };
  }
  const hint = responseHint(status, url.href, { words, authorization });
  return { outcome: "failed", finding, hint, response_code: status };
}

/** Where a redirect would have led to. */
function leadingTo(location: string | undefined, url: URL): string {
  if (!location || !URL.canParse(location, url.href)) return "";
  return `, a redirect to ${maskEndpoint(new URL(location, url).href)}`;
}

/** The SIEM's words in one short line; should it echo the credential, that is cut out. */
function excerpt(text: string, authorization: string): string | null {
  const secret = authorization.replace(/^\S+\s+/, "");
  const line = text
    .replaceAll(authorization, "***")
    .replaceAll(secret, "***")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
  return line === "" ? null : line.slice(0, 200);
}
