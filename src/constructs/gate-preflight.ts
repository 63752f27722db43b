import { createHash } from "node:crypto";
import { Fn, type IResolvable, resolveTokens, TerraformResource, Token } from "./cdktf.js";
import { type Command, CommandLine } from "./command-line.js";
import { type Finding, findings } from "./errors.js";

/** A resource whose connection to a SIEM can be tried before it is written. */
export type ConnectedResource = TerraformResource & {
  readonly endpointInput: string | undefined;
  readonly authorizationInput: string | undefined;
  readonly authorizationVersionInput: number | undefined;
  readonly logFormatInput: string | undefined;
  readonly skipSslVerificationInput: boolean | IResolvable | undefined;
};

/** A try of a connection: what runs, and what makes it run again. */
export interface Preflight {
  command: Command;
  triggers: Record<string, string>;
  /** The same for all that would try the same thing. */
  key: string;
}

/** The resource that holds a webhook's connection: its own, or that of the destination which it is bound to. */
export function connectedResource(webhook: object): ConnectedResource | undefined {
  const holder = "destination" in webhook ? Object(webhook.destination) : webhook;
  const resource: unknown = "resource" in holder ? holder.resource : holder;
  return isConnected(resource) ? resource : undefined;
}

function isConnected(value: unknown): value is ConnectedResource {
  return TerraformResource.isTerraformResource(value) && "endpointInput" in value;
}

/**
 * The try of a connection, or why there can be none.
 *
 * What is secret is named, never written: the command line shows the environment variable that Terraform reads it from too.
 */
export function preflightOf(resource: ConnectedResource): Preflight | Finding {
  const { endpointInput, authorizationInput, logFormatInput, skipSslVerificationInput } = resource;
  const endpoint = sourceOf(resolveTokens(resource, endpointInput));
  if (!endpoint) return findings.preflightUnreadable("endpoint");
  const authorization = sourceOf(resolveTokens(resource, authorizationInput));
  if (!authorization) return findings.preflightUnreadable("authorization");
  const skips = resolveTokens(resource, skipSslVerificationInput) === true;
  const line = new CommandLine(resource, "preflight");
  // No credential, only something for a header that Konnect insists on.
  if ("literal" in authorization) {
    line.setVariable("KONNECT_AUDIT_AUTHORIZATION", authorization.literal);
  }
  if ("literal" in endpoint) line.addFlag("endpoint", endpoint.literal);
  else addSource(line, "endpoint", endpoint);
  line.addFlag("log-format", logFormatInput);
  if (skips) line.addFlag("skip-ssl-verification", true);
  if ("variable" in authorization) addSource(line, "authorization", authorization);
  const triggers = {
    // A hash, because the endpoint itself may be a credential. Made here where it can be: cdktf's function refuses quotes.
    endpoint:
      "literal" in endpoint ? sha256(endpoint.literal) : Fn.sha256(Token.asString(endpointInput)),
    log_format: logFormatInput ?? "",
    skip_ssl_verification: String(skips),
    authorization_version: Token.asString(resource.authorizationVersionInput ?? ""),
  };
  const command = line.finish();
  return { command, triggers, key: keyOf(resolveTokens(resource, { command, triggers })) };
}

/** Where a value comes from: it is written out, or an environment variable holds it behind a prefix. */
type Source = { literal: string } | FromVariable;
type FromVariable = { variable: string; prefix: string };

const aVariable = /^\$\{var\.(\w+)\}$/;
const aPrefixedVariable = /\bjoin\("", \[("(?:[^"\\]|\\.)*"), var\.(\w+)\]\)\}$/;
const aTrimmedText = /^\$\{trimspace\(("(?:[^"\\]|\\.)*")\)\}$/;

/** Reads the few forms that our own credentials and presets have when they are synthesized. */
function sourceOf(resolved: unknown): Source | undefined {
  if (typeof resolved !== "string") return undefined;
  if (!resolved.includes("${") && !resolved.includes("%{")) return { literal: resolved };
  const text = aTrimmedText.exec(resolved)?.[1];
  if (text !== undefined) return { literal: String(JSON.parse(text)) };
  const [, prefix, prefixed] = aPrefixedVariable.exec(resolved) ?? [];
  const variable = aVariable.exec(resolved)?.[1] ?? prefixed;
  if (variable === undefined) return undefined;
  return {
    variable: `TF_VAR_${variable}`,
    prefix: prefix === undefined ? "" : String(JSON.parse(prefix)),
  };
}

function addSource(line: CommandLine, name: string, { variable, prefix }: FromVariable): void {
  line.addFlag(`${name}-env`, variable);
  if (prefix !== "") line.addFlag(`${name}-prefix`, prefix);
}

function sha256(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function keyOf(content: unknown): string {
  return sha256(JSON.stringify(content)).slice(0, 8);
}
