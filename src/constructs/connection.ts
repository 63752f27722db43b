import { endpointIsSecret, type PrefixedCredential, type SiemDestination } from "../siem/index.js";
import { type Construct, Fn, Token } from "./cdktf.js";
import { ConstructError, findings } from "./errors.js";
import { warn } from "./from-schema/attribute-values.js";
import type { OptionTypes } from "./options.js";
import { Secret } from "./secret.js";

/** Where events go: a service's preset, or an endpoint with its authorization. */
export interface ConnectionConfig {
  /** A preset such as `Siem.splunk({ host, token })`. */
  readonly siem?: SiemDestination<Secret>;
  /** URL that Konnect posts to. HTTPS; plain HTTP for loopback addresses only. */
  readonly endpoint?: string;
  /**
   * The SIEM's credential as the whole `Authorization` header, for example
   * `Secret.fromEnvironment("SIEM_TOKEN").withPrefix("Bearer ")`. Left out, Konnect keeps the one it has.
   */
  readonly authorization?: Secret | string;
  /** Format of each event. @default "cef", as Konnect's API; a preset sets its own */
  readonly logFormat?: "cef" | "json" | "cps" | (string & {});
}

/** Checked here and by the resource. */
export const connectionTypes = {
  siem: "elsewhere",
  endpoint: "elsewhere",
  authorization: "elsewhere",
  logFormat: "elsewhere",
} as const satisfies OptionTypes<ConnectionConfig>;

/** A connection as a resource takes it. */
export interface ResolvedConnection {
  endpoint: string;
  authorization?: string;
  logFormat?: string;
}

/**
 * Turns a connection into values and tokens.
 *
 * @throws ConstructError `SIEM_AND_ENDPOINT`, `SECRET_IN_PLAIN_TEXT`
 */
export function resolveConnection(scope: Construct, config: ConnectionConfig): ResolvedConnection {
  const { siem, endpoint, authorization, logFormat } = config;
  if (siem) {
    refuseBesidesSiem(scope, config);
    return resolveSiem(scope, siem);
  }
  if (endpoint === undefined) {
    throw new ConstructError(findings.siemAndEndpoint([]), scope.node.path);
  }
  return {
    endpoint,
    ...(authorization === undefined ? {} : { authorization: resolveSecret(scope, authorization) }),
    ...(logFormat === undefined ? {} : { logFormat }),
  };
}

function refuseBesidesSiem(scope: Construct, config: ConnectionConfig): void {
  const besides = (["endpoint", "authorization", "logFormat"] as const).filter(
    (name) => config[name] !== undefined,
  );
  if (besides.length === 0) return;
  throw new ConstructError(findings.siemAndEndpoint(["siem", ...besides]), scope.node.path);
}

function resolveSiem(scope: Construct, destination: SiemDestination<Secret>): ResolvedConnection {
  const { siem, endpoint, authorization, logFormat, caveats } = destination;
  for (const part of [endpoint, authorization]) {
    if (typeof part === "string" || Secret.isSecret(part.credential)) continue;
    throw new ConstructError(findings.siemCredentialPlain(siem), scope.node.path);
  }
  if (endpointIsSecret(destination)) warn(scope, findings.endpointIsSecret(siem));
  for (const caveat of caveats) warn(scope, findings.siemCaveat(siem, caveat));
  return {
    endpoint: typeof endpoint === "string" ? endpoint : prefixed(endpoint).forStored(scope),
    authorization: siemAuthorization(scope, authorization),
    logFormat,
  };
}

const aPrefixedValue = /^\$\{\(trimspace\(.* \? null : join\("", \[("(?:[^"\\]|\\.)*"), /;

/** The text that an endpoint begins with: all of it, or what a preset has put before a secret. @param resolved as synthesized */
export function writtenBeginning(resolved: unknown): string | undefined {
  if (typeof resolved !== "string") return undefined;
  const before = aPrefixedValue.exec(resolved)?.[1];
  return before === undefined ? resolved : String(JSON.parse(before));
}

function siemAuthorization(
  scope: Construct,
  authorization: SiemDestination<Secret>["authorization"],
): string {
  // No credential, only something for a header that Konnect insists on; a token, so that it isn't taken for one.
  if (typeof authorization === "string") return Token.asString(Fn.trimspace(authorization));
  return resolveSecret(scope, prefixed(authorization));
}

function prefixed({ before, credential }: PrefixedCredential<Secret>): Secret {
  return before ? credential.withPrefix(before) : credential;
}

function resolveSecret(scope: Construct, value: Secret | string): string {
  return Secret.isSecret(value) ? value.forWriteOnly(scope) : value;
}
