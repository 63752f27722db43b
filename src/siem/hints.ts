import { secretEndpointHosts } from "../konnect/secret-endpoint.js";
import { type SiemAnswers, type SiemName, siemAnswers } from "./hints-table.js";

export type { SiemName };

/** Services by what their endpoints look like; a host says more than a path, which others imitate. */
const services: readonly { siem: SiemName; matches: (url: URL) => boolean }[] = [
  { siem: "Sumo Logic", matches: ({ hostname }) => secretEndpointHosts.sumoLogic.test(hostname) },
  { siem: "Datadog", matches: ({ hostname }) => secretEndpointHosts.datadog.test(hostname) },
  { siem: "CrowdStrike", matches: ({ hostname }) => /\.crowdstrike\.com$/.test(hostname) },
  { siem: "Dynatrace", matches: ({ pathname }) => pathname.endsWith("/api/v2/logs/ingest") },
  { siem: "Splunk", matches: ({ pathname }) => pathname.includes("/services/collector") },
];

/** Says whose endpoint it is, by its host and path; `undefined` when it could be any. */
export function recogniseSiem(endpoint: string): SiemName | undefined {
  if (!URL.canParse(endpoint)) return undefined;
  const url = new URL(endpoint);
  return services.find(({ matches }) => matches(url))?.siem;
}

/**
 * What the answer of a known service to a delivery means, and what to do.
 *
 * @param responseCode HTTP status
 * @param words what the service said: its answer's body, or Konnect's excerpt of it
 * @returns `undefined` for a service that is not known and for codes of which nothing special is known
 */
export function explainResponse(
  responseCode: number,
  endpoint: string,
  words?: string | null,
): string | undefined {
  const siem = recogniseSiem(endpoint);
  if (!siem) return undefined;
  const { byStatus, byCode = {} }: SiemAnswers = siemAnswers[siem];
  const failed = responseCode >= 300;
  const code = failed ? /"code"\s*:\s*(\d+)/.exec(words ?? "")?.[1] : undefined;
  const meaning = (code && byCode[Number(code)]) || byStatus[responseCode];
  return meaning && `${siem}: ${meaning}`;
}

/** Only well-known words are shown: anything else could be the credential itself. */
const knownSchemes = /^(?:Bearer|Basic|Splunk|Api-Token|Token|ApiKey|Digest|Negotiate)$/i;

/**
 * Says what is wrong with the scheme of an `authorization`, without showing any of the credential.
 *
 * @returns `undefined` when it is the one that the service wants, or the service is not known to want one
 */
export function explainScheme(authorization: string, endpoint: string): string | undefined {
  const siem = recogniseSiem(endpoint);
  if (!siem) return undefined;
  const { scheme, credential }: SiemAnswers = siemAnswers[siem];
  if (!scheme) return undefined;
  const [given = "", ...rest] = authorization.trim().split(/\s+/);
  if (rest.length > 0 && given.toLowerCase() === scheme.toLowerCase()) return undefined;
  const found =
    rest.length === 0
      ? "has no scheme word"
      : `begins with ${knownSchemes.test(given) ? `"${given}"` : "another word"}`;
  return `${siem}: authorization ${found}, but must read "${scheme} ${credential}".`;
}
