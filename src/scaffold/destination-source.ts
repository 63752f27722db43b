import { mayHoldSecret } from "../konnect/mask-endpoint.js";
import { isSecretEndpoint, recogniseSiem, Siem, SiemError, type SiemName } from "../siem/index.js";
import type { FoundConnection } from "./found.js";
import { Call, type Source } from "./source-text.js";

/** Makes the source of a secret, and notes that the stack has it. */
export type SecretSource = (name: string, holds: string) => Source;

/** Where events go, as properties of an `AuditLogWebhook` or an `AuditLogDestination`. */
export type DestinationSource = { readonly [property: string]: Source | undefined };

type Preset = (connection: FoundConnection, secret: SecretSource) => DestinationSource | undefined;

/**
 * Writes a connection as code: by a preset where one gives exactly the endpoint that was found.
 *
 * An endpoint that is a credential is never written down but becomes a secret; so does each of a service that is not known
 * with a query, or with a key in its path, because those may hold anything.
 */
export function destinationSource(
  connection: FoundConnection,
  secret: SecretSource,
): DestinationSource {
  const name = recogniseSiem(connection.endpoint);
  const isHidden = connection.endpointIsSecret === true;
  // Presets write host and port down, but for the services whose URL they take for a secret themselves.
  const fits = !isHidden || isSecretEndpoint(connection.endpoint);
  const preset = name && fits ? fromPreset(presets[name], connection, secret) : undefined;
  if (preset) return preset;
  const authorization = secret("SIEM_AUTHORIZATION", "the whole Authorization header");
  if (!isHidden && !mayHoldSecret(connection.endpoint)) {
    return { endpoint: connection.endpoint, authorization, logFormat: connection.logFormat };
  }
  const endpoint = secret("SIEM_URL", "the endpoint, exactly as Konnect shows it");
  return {
    siem: {
      siem: name ?? "SIEM",
      endpoint: { before: "", credential: endpoint },
      authorization: { before: "", credential: authorization },
      logFormat: connection.logFormat,
      caveats: [],
    },
  };
}

function fromPreset(
  preset: Preset,
  connection: FoundConnection,
  secret: SecretSource,
): DestinationSource | undefined {
  try {
    return preset(connection, secret);
  } catch (error) {
    // What a preset refuses may well be what somebody has set by hand.
    if (SiemError.is(error)) return undefined;
    throw error;
  }
}

const presets: Readonly<Record<SiemName, Preset>> = {
  Splunk({ endpoint, logFormat }, secret) {
    const { hostname: host, port: written, searchParams } = new URL(endpoint);
    const port = written === "" ? 443 : Number(written);
    const index = searchParams.get("index");
    const options = { host, port, logFormat, ...(index === null ? {} : { index }) };
    if (Siem.splunk({ ...options, token: "" }).endpoint !== endpoint) return undefined;
    const token = secret("SPLUNK_HEC_TOKEN", "the collector's token, without the word Splunk");
    return { siem: new Call("Siem.splunk", { ...options, token }) };
  },

  "Sumo Logic"({ logFormat }, secret) {
    const url = secret("SUMO_LOGIC_URL", "the URL of the HTTP source, exactly as Konnect shows it");
    return { siem: new Call("Siem.sumoLogic", { url, logFormat }) };
  },

  Dynatrace({ endpoint, logFormat }, secret) {
    const { host } = new URL(endpoint);
    if (Siem.dynatrace({ host, logFormat, token: "" }).endpoint !== endpoint) return undefined;
    const token = secret("DYNATRACE_TOKEN", "the API token, without the word Api-Token");
    return { siem: new Call("Siem.dynatrace", { host, token, logFormat }) };
  },

  Datadog({ endpoint, logFormat }, secret) {
    const site = new URL(endpoint).hostname.replace(/^http-intake\.logs\./, "");
    const preset = Siem.datadog({ site, logFormat, apiKey: "" });
    const before = typeof preset.endpoint === "string" ? preset.endpoint : preset.endpoint.before;
    if (!endpoint.startsWith(before) || endpoint.slice(before.length).includes("&")) {
      return undefined;
    }
    const apiKey = secret("DATADOG_API_KEY", "the API key, which ends the endpoint");
    return { siem: new Call("Siem.datadog", { site, apiKey, logFormat }) };
  },

  CrowdStrike({ endpoint, logFormat }, secret) {
    if (new URL(endpoint).search !== "") return undefined;
    const apiKey = secret("CROWDSTRIKE_API_KEY", "the connector's API key, without Bearer");
    return { siem: new Call("Siem.crowdStrike", { url: endpoint, apiKey, logFormat }) };
  },
};
