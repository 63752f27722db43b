import { randomUUID } from "node:crypto";
import { STATUS_CODES } from "node:http";
import { BlockList, isIPv6 } from "node:net";
import { encodeBatch } from "../events/batch.js";
import type { AuthorizationEvent, LogFormat } from "../events/event.js";
import { formatEvent } from "../events/format.js";
import { checkAuthorization } from "../konnect/authorization.js";
import { type Clock, systemClock } from "../konnect/clock.js";
import { checkEndpoint, maskEndpoint } from "../konnect/endpoint.js";
import { responseHint } from "./answers.js";
import { verifierErrors } from "./errors.js";
import { explainFailure } from "./preflight-findings.js";
import { type PostResult, post } from "./preflight-post.js";
import { exitCodes } from "./report.js";

export interface PreflightOptions {
  endpoint: string;
  authorization: string;
  /** @default "cef" */
  logFormat?: LogFormat | undefined;
  /** @default false */
  skipTlsVerification?: boolean | undefined;
  /** Milliseconds. @default 15000 */
  timeout?: number | undefined;
  /** Where a proxy may be named that Konnect would not use. @default {} */
  env?: Readonly<Record<string, string | undefined>> | undefined;
  clock?: Clock | undefined;
  /** @default a random UUID */
  newId?: (() => string) | undefined;
  signal?: AbortSignal | undefined;
}

export interface PreflightReport {
  schema_version: 1;
  kind: "konnect-audit/preflight";
  /** Masked where it may hold a secret. */
  endpoint: string;
  /** `error`: from here it could not be told. */
  outcome: "passed" | "failed" | "error";
  exit_code: 0 | 1 | 2;
  /** Finds the synthetic event in the SIEM: its `user_agent` is konnect-audit-preflight/{id}. */
  event_id: string;
  finding: string;
  response_code: number | null;
  /** The beginning of the SIEM's answer, without the credential. */
  answer: string | null;
  hint: string | null;
  /** What may be different for Konnect. */
  caveats: string[];
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
  const line = formatEvent(syntheticEvent(id, clock.now()), options.logFormat ?? "cef");
  const result = await post({
    endpoint,
    authorization,
    signal: options.signal,
    body: await encodeBatch([line]),
    skipTlsVerification: options.skipTlsVerification ?? false,
    timeout: options.timeout ?? 15_000,
  });
  const judged = judge(result, endpoint);
  return {
    schema_version: 1,
    kind: "konnect-audit/preflight",
    endpoint: maskEndpoint(endpoint),
    ...judged,
    exit_code: exitCodes[judged.outcome],
    event_id: id,
    answer: result.kind === "answered" ? excerpt(result.text, authorization) : null,
    caveats: caveats(result, options),
  };
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
  endpoint: string,
): Pick<PreflightReport, "outcome" | "finding" | "hint" | "response_code"> {
  if (result.kind === "failed") {
    const { text, hint, certain } = explainFailure(result.code);
    return { outcome: certain ? "failed" : "error", finding: text, hint, response_code: null };
  }
  const { status } = result;
  const finding = `the endpoint answered ${[status, STATUS_CODES[status]].filter(Boolean).join(" ")}`;
  if (status >= 200 && status < 300) {
    return { outcome: "passed", finding, hint: null, response_code: status };
  }
  return {
    outcome: "failed",
    finding,
    hint: responseHint(status, endpoint),
    response_code: status,
  };
}

const unreachable = new BlockList();
for (const [network, prefix] of [
  ["10.0.0.0", 8],
  ["172.16.0.0", 12],
  ["192.168.0.0", 16],
  ["169.254.0.0", 16],
  ["100.64.0.0", 10],
  ["127.0.0.0", 8],
] as const) {
  unreachable.addSubnet(network, prefix, "ipv4");
}
unreachable.addSubnet("fc00::", 7, "ipv6");
unreachable.addSubnet("fe80::", 10, "ipv6");
unreachable.addAddress("::1", "ipv6");

function caveats(
  result: PostResult,
  { env = {}, skipTlsVerification }: PreflightOptions,
): string[] {
  const proxy = ["HTTPS_PROXY", "https_proxy"].find((name) => env[name]);
  const address = result.kind === "answered" ? result.address : undefined;
  const distrust = result.kind === "answered" ? result.distrust : undefined;
  return [
    ...(proxy ? [`${proxy} is set here; the check went past it, as Konnect's deliveries do.`] : []),
    ...(address && unreachable.check(address, isIPv6(address) ? "ipv6" : "ipv4")
      ? [`${address} is a private address: Konnect can't reach it from the internet.`]
      : []),
    ...(distrust && skipTlsVerification
      ? [`The certificate is not trusted (${distrust}); only \`skip_ssl_verification\` hides that.`]
      : []),
  ];
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
