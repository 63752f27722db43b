import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { type Clock, systemClock } from "../core/clock.js";
import { environmentSecrets } from "../core/environment-secrets.js";
import {
  type Cleaner,
  type CleanText,
  cleanText,
  createCleaner,
  ownText,
} from "../core/foreign-text.js";
import type { LogFormat } from "../core/log-format.js";
import { encodeBatch } from "../events/batch.js";
import type { AuthorizationEvent } from "../events/event.js";
import { formatEvent } from "../events/format.js";
import { checkAuthorization } from "../konnect/authorization.js";
import { checkEndpoint, maskEndpoint } from "../konnect/endpoint.js";
import { isAccepted } from "../konnect/health.js";
import { chooseRoute, describeProxy, type Route, readProxySettings } from "../konnect/network.js";
import { isSecretEndpoint } from "../konnect/secret-endpoint.js";
import { responseHint } from "./answers.js";
import { checkDuration } from "./duration.js";
import { verifierErrors } from "./errors.js";
import { caveatsOf, isHtmlPage } from "./preflight-caveats.js";
import { explainFailure } from "./preflight-findings.js";
import { type PostResult, post } from "./preflight-post.js";
import type { PreflightReport } from "./preflight-report.js";
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
  /** Milliseconds for all of it: proxy, TLS and answer. @default 15000 */
  timeout?: number | undefined;
  /** Names of the variables that endpoint and authorization come from, for errors. @default none */
  variables?: { endpoint?: string | undefined; authorization?: string | undefined } | undefined;
  /** Names the proxy that this machine needs: HTTPS_PROXY, NO_PROXY. @default {} */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  clock?: Clock | undefined;
  /** @default a random UUID */
  newId?: (() => string) | undefined;
  signal?: AbortSignal | undefined;
}

/** Milliseconds. */
export const defaultTimeout = 15_000;

/** Characters that a report shows of what the SIEM said. */
const longestAnswer = 200;

/** Characters of a finding or a hint, which are our own words but for what is clean already. */
const longestHint = 1_000;

/**
 * Posts one synthetic, marked event to a SIEM's endpoint the way Konnect will, and explains the answer.
 *
 * @throws VerifierError for an endpoint, an authorization or a time-out that can't be used
 * @throws KonnectError `KONNECT_PROXY_INVALID`
 */
export async function preflight(options: PreflightOptions): Promise<PreflightReport> {
  const {
    endpoint,
    authorization,
    clock = systemClock,
    env = {},
    timeout = defaultTimeout,
  } = options;
  const badEndpoint = checkEndpoint(endpoint);
  if (badEndpoint) {
    throw verifierErrors.preflightInput(
      "endpoint",
      badEndpoint.message,
      options.variables?.endpoint,
    );
  }
  const badAuthorization = checkAuthorization(authorization);
  if (badAuthorization) {
    const variable = options.variables?.authorization;
    throw verifierErrors.preflightInput("authorization", badAuthorization.message, variable);
  }
  checkDuration("The time for all (--timeout)", timeout);
  const id = (options.newId ?? randomUUID)();
  const url = new URL(endpoint);
  const route = routeTo(url, env);
  const now = clock.now();
  const line = formatEvent(syntheticEvent(id, now), options.logFormat ?? "cef");
  const result = await post({
    endpoint: url,
    route,
    authorization,
    body: await encodeBatch([line]),
    skipTlsVerification: options.skipTlsVerification ?? false,
    authorities: options.authorities,
    timeout,
    signal: options.signal,
  });
  const clean = createCleaner([authorization, ...endpointSecrets(url), ...environmentSecrets(env)]);
  const judged = judge(result, { url, route, now, authorization, clean });
  return {
    schema_version: 1,
    kind: "konnect-audit/preflight",
    started_at: new Date(now).toISOString(),
    endpoint: cleanText(maskEndpoint(endpoint)),
    ...judged,
    exit_code: exitCodes[judged.outcome],
    event_id: id,
    route: route.kind === "proxy" ? cleanText(describeProxy(route)) : ownText("direct"),
    answer: result.kind === "answered" ? excerpt(result.text, clean) : null,
    caveats: caveatsOf(result, { endpoint, route, now }),
  };
}

function routeTo(url: URL, env: NonNullable<PreflightOptions["env"]>): Route {
  const route = chooseRoute(url, readProxySettings(env));
  if (route.kind === "proxy" && !/^https?:$/.test(route.proxy.protocol)) {
    throw verifierErrors.proxyUnsupported(route.variable);
  }
  return route;
}

/** What of an endpoint may be its credential: values of its query, and the path where the URL itself is the secret. */
function endpointSecrets({ href, pathname, searchParams }: URL): string[] {
  const path = isSecretEndpoint(href) ? pathname.split("/") : [];
  return [...searchParams.values(), ...path.filter((segment) => segment.length >= 12)];
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
  context: { url: URL; route: Route; now: number; authorization: string; clean: Cleaner },
): Pick<PreflightReport, "outcome" | "finding" | "hint" | "response_code"> {
  const { url, route, now, authorization, clean } = context;
  if (result.kind === "failed") {
    const { detail, ...failure } = result;
    const { text, hint, certain } = explainFailure({
      ...failure,
      host: cleanText(url.hostname),
      now,
      detail: detail === undefined ? undefined : cleanText(detail, 80),
      proxy: route.kind === "proxy" ? cleanText(describeProxy(route)) : undefined,
    });
    return { outcome: certain ? "failed" : "error", finding: text, hint, response_code: null };
  }
  const { status, text: words, location } = result;
  const reason = STATUS_CODES[status];
  const answer = `${String(status).padStart(3, "0")}${reason === undefined ? "" : ` ${reason}`}`;
  const page = isHtmlPage(words) ? " with a page of HTML" : "";
  const finding = cleanText(
    `the endpoint answered ${answer}${page}${leadingTo(location, url, clean)}`,
    longestHint,
  );
  if (isAccepted(status)) {
    return { outcome: "passed", finding, hint: null, response_code: status };
  }
  const hint = cleanText(
    responseHint(status, url.href, { said: words, authorization }),
    longestHint,
  );
  return { outcome: "failed", finding, hint, response_code: status };
}

/** Where a redirect would have led to; an address that echoes the credential is shown without it. */
function leadingTo(location: string | undefined, url: URL, clean: Cleaner): string {
  if (!location || !URL.canParse(location, url.href)) return "";
  return `, a redirect to ${clean(maskEndpoint(new URL(location, url).href), longestAnswer)}`;
}

/** The SIEM's words in one short line, without the credential in any spelling. */
function excerpt(text: string, clean: Cleaner): CleanText | null {
  const line = clean(text, longestAnswer);
  return line === "" ? null : line;
}
