import type { LogFormat } from "../core/log-format.js";
import { holdsExpression } from "./checks.js";
import { type SiemError, siemErrors } from "./errors.js";
import { type IdentifiedSiem, identifySiem, type SiemName } from "./hints.js";
import { type SiemAnswers, siemAnswers } from "./hints-table.js";

const schemeWord = /^[A-Za-z][A-Za-z0-9!#$%&'*+.^_`|~-]*$/;

/** Presets that know how a service wants its credential. */
const presets: Readonly<Record<SiemName, string>> = {
  Splunk: "Siem.splunk",
  "Sumo Logic": "Siem.sumoLogic",
  Dynatrace: "Siem.dynatrace",
  Datadog: "Siem.datadog",
  CrowdStrike: "Siem.crowdStrike",
};

/**
 * Refuses what a known service could not take, where its host leaves no doubt; expressions pass.
 *
 * @param scheme authentication scheme of the `Authorization` header; empty for a credential that stands alone
 * @returns caveats: what the path alone tells of is a hint, because others have the same path
 * @throws SiemError `SIEM_SCHEME_INVALID`, `SIEM_SCHEME_REFUSED`, `SIEM_FORMAT_UNSUPPORTED`
 */
export function checkFit(endpoint: string, scheme: string, logFormat: LogFormat): string[] {
  if (scheme !== "" && !holdsExpression(scheme) && !schemeWord.test(scheme)) {
    throw siemErrors.schemeInvalid();
  }
  if (holdsExpression(endpoint)) return [];
  const identified = identifySiem(endpoint);
  if (!identified) return [];
  const problems = [
    schemeProblem(identified.siem, endpoint, scheme),
    formatProblem(identified.siem, endpoint, logFormat),
  ].filter((problem) => problem !== undefined);
  const [first] = problems;
  if (first && identified.certain) throw first;
  return problems.map((problem) => likenessCaveat(identified, problem));
}

function likenessCaveat({ siem }: IdentifiedSiem, { message, remedy, code }: SiemError): string {
  const problem = message.replace(` ${remedy} (${code})`, "");
  return `The path looks like that of ${siem}. If it is ${siem}: ${problem} ${remedy}`;
}

function schemeProblem(siem: SiemName, endpoint: string, scheme: string): SiemError | undefined {
  const { scheme: wanted }: SiemAnswers = siemAnswers[siem];
  if (wanted && !holdsExpression(scheme) && wanted.toLowerCase() !== scheme.toLowerCase()) {
    return siemErrors.schemeRefused(
      siem,
      `its Authorization header begins with "${wanted}"`,
      presets[siem],
    );
  }
  if (siem === "Datadog" && !new URL(endpoint).searchParams.has("dd-api-key")) {
    const reason = "it wants its key in a header that Konnect can't send, or in the URL";
    return siemErrors.schemeRefused(siem, reason, presets[siem]);
  }
  return undefined;
}

/**
 * Refuses a format that a known service would drop or reject.
 *
 * @throws SiemError `SIEM_FORMAT_UNSUPPORTED`
 */
export function checkFormat(siem: SiemName, endpoint: string, logFormat: LogFormat): void {
  const problem = holdsExpression(endpoint) ? undefined : formatProblem(siem, endpoint, logFormat);
  if (problem) throw problem;
}

function formatProblem(
  siem: SiemName,
  endpoint: string,
  logFormat: LogFormat,
): SiemError | undefined {
  const { pathname } = new URL(endpoint);
  if (logFormat !== "cps" && /\/services\/collector(\/event)?\/?$/.test(pathname)) {
    const reason = 'its event endpoint takes objects with an "event" member, which only cps has';
    return siemErrors.formatUnsupported(
      siem,
      logFormat,
      reason,
      '"cps", or an endpoint that ends with /raw',
    );
  }
  if (logFormat === "cps" && siem === "Dynatrace") {
    const reason =
      "it reads the attributes of the event itself, and cps hides them in another object";
    return siemErrors.formatUnsupported(siem, logFormat, reason, '"json" or "cef"');
  }
  return undefined;
}
