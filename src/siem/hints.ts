import { secretEndpointHosts } from "../konnect/secret-endpoint.js";
import { type SiemAnswers, type SiemName, siemAnswers } from "./hints-table.js";

export type { SiemName };

/** Services by what their endpoints look like; a host says more than a path, which others imitate. */
const services: readonly {
  siem: SiemName;
  matches: (url: URL) => boolean;
  /** The hosts that only the service has; elsewhere the path is a hint and no more. */
  ownHost: RegExp;
}[] = [
  {
    siem: "Sumo Logic",
    matches: ({ hostname }) => secretEndpointHosts.sumoLogic.test(hostname),
    ownHost: secretEndpointHosts.sumoLogic,
  },
  {
    siem: "Datadog",
    matches: ({ hostname }) => secretEndpointHosts.datadog.test(hostname),
    ownHost: /\.(datadoghq\.(com|eu)|ddog-gov\.com)$/,
  },
  {
    siem: "CrowdStrike",
    matches: ({ hostname }) => /\.crowdstrike\.com$/.test(hostname),
    ownHost: /\.crowdstrike\.com$/,
  },
  {
    siem: "Dynatrace",
    matches: ({ pathname }) => pathname.endsWith("/api/v2/logs/ingest"),
    ownHost: /\.(dynatrace|dynatracelabs)\.com$/,
  },
  {
    siem: "Splunk",
    matches: ({ hostname, pathname }) =>
      pathname.includes("/services/collector") && !splunkImitators.test(hostname),
    ownHost: /\.splunkcloud\.com$/,
  },
];

/** Services that have Splunk's paths for its clients' sake, and want other credentials: Axiom, CloudWatch, LogScale, Cribl. */
const splunkImitators = /\.(axiom\.co|amazonaws\.com(\.cn)?|humio\.com|cribl\.cloud)$/;

/** A service by its endpoint. */
export interface IdentifiedSiem {
  siem: SiemName;
  /** True if the host is the service's own; a path alone is a hint. */
  certain: boolean;
}

/** Says whose endpoint it looks like, by its host and path; `undefined` when it could be any. */
export function identifySiem(endpoint: string): IdentifiedSiem | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  const found = services.find(({ matches }) => matches(url));
  return found && { siem: found.siem, certain: found.ownHost.test(url.hostname) };
}

/** The name of the service that an endpoint looks like that of; `undefined` when it could be any. */
export function recogniseSiem(endpoint: string): SiemName | undefined {
  return identifySiem(endpoint)?.siem;
}

/**
 * What the answer of a known service to a delivery means, and what to do. Where only the path tells of the service, the
 * explanation begins with "If this is …".
 *
 * @param responseCode HTTP status
 * @param said what the service said (its answer's body, or Konnect's excerpt of it), or the code in that
 * @param authorization what it was sent, where that is known
 * @returns `undefined` for a service that is not known and for codes of which nothing special is known
 */
export function explainResponse(
  responseCode: number,
  endpoint: string,
  said?: string | number | null,
  authorization?: string,
): string | undefined {
  const identified = identifySiem(endpoint);
  if (!identified) return undefined;
  const { siem, certain } = identified;
  const { byStatus, byCode = {}, refine }: SiemAnswers = siemAnswers[siem];
  const failed = responseCode >= 300;
  const code = failed ? (typeof said === "number" ? said : serviceCode(said)) : undefined;
  const coded = code === undefined ? undefined : byCode[code];
  if (coded) return `${siem}: ${coded}`;
  const schemeIsRight =
    authorization !== undefined && explainScheme(authorization, endpoint) === undefined;
  const meaning =
    refine?.({ status: responseCode, url: new URL(endpoint), schemeIsRight }) ??
    byStatus[responseCode];
  return meaning && `${certain ? siem : `If this is ${siem}`}: ${meaning}`;
}

/** The number that Splunk and its likes put into an answer's body. */
export function serviceCode(words: string | null | undefined): number | undefined {
  const code = /"code"\s*:\s*(\d{1,5})/.exec(words ?? "")?.[1];
  return code === undefined ? undefined : Number(code);
}

/** Only well-known words are shown: anything else could be the credential itself. */
const knownSchemes = /^(?:Bearer|Basic|Splunk|Api-Token|Token|ApiKey|Digest|Negotiate)$/i;

/**
 * Says what is wrong with the scheme of an `authorization`, without showing any of the credential.
 *
 * @returns `undefined` when it is the one that the service wants, or the service is not known to want one
 */
export function explainScheme(authorization: string, endpoint: string): string | undefined {
  const identified = identifySiem(endpoint);
  if (!identified) return undefined;
  const { siem, certain } = identified;
  const { scheme, credential }: SiemAnswers = siemAnswers[siem];
  if (!scheme) return undefined;
  const [given = "", ...rest] = authorization.trim().split(/\s+/);
  if (rest.length > 0 && given.toLowerCase() === scheme.toLowerCase()) return undefined;
  const found =
    rest.length === 0
      ? "has no scheme word"
      : `begins with ${knownSchemes.test(given) ? `"${given}"` : "another word"}`;
  return `${certain ? siem : `If this is ${siem}`}: authorization ${found}, but must read "${scheme} ${credential}".`;
}
