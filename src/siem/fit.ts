import { holdsExpression } from "./checks.js";
import { siemErrors } from "./errors.js";
import { recogniseSiem, type SiemName } from "./hints.js";
import { type SiemAnswers, siemAnswers } from "./hints-table.js";
import type { LogFormat } from "./log-format.js";

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
 * Refuses what a known service could not take, by its endpoint; expressions pass.
 *
 * @param scheme authentication scheme of the `Authorization` header
 * @throws SiemError `SIEM_SCHEME_INVALID`, `SIEM_SCHEME_REFUSED`, `SIEM_FORMAT_UNSUPPORTED`
 */
export function checkFit(endpoint: string, scheme: string, logFormat: LogFormat): void {
  if (!holdsExpression(scheme) && !schemeWord.test(scheme)) throw siemErrors.schemeInvalid();
  if (holdsExpression(endpoint)) return;
  const siem = recogniseSiem(endpoint);
  if (!siem) return;
  checkScheme(siem, endpoint, scheme);
  checkFormat(siem, endpoint, logFormat);
}

function checkScheme(siem: SiemName, endpoint: string, scheme: string): void {
  const { scheme: wanted }: SiemAnswers = siemAnswers[siem];
  if (wanted && !holdsExpression(scheme) && wanted.toLowerCase() !== scheme.toLowerCase()) {
    throw siemErrors.schemeRefused(
      siem,
      `its Authorization header begins with "${wanted}"`,
      presets[siem],
    );
  }
  if (siem === "Datadog" && !new URL(endpoint).searchParams.has("dd-api-key")) {
    const reason = "it wants its key in a header that Konnect can't send, or in the URL";
    throw siemErrors.schemeRefused(siem, reason, presets[siem]);
  }
}

/**
 * Refuses a format that a known service would drop or reject.
 *
 * @throws SiemError `SIEM_FORMAT_UNSUPPORTED`
 */
export function checkFormat(siem: SiemName, endpoint: string, logFormat: LogFormat): void {
  if (holdsExpression(endpoint)) return;
  const { pathname } = new URL(endpoint);
  if (logFormat !== "cps" && /\/services\/collector(\/event)?\/?$/.test(pathname)) {
    const reason = 'its event endpoint takes objects with an "event" member, which only cps has';
    throw siemErrors.formatUnsupported(
      siem,
      logFormat,
      reason,
      '"cps", or an endpoint that ends with /raw',
    );
  }
  if (logFormat === "cps" && siem === "Dynatrace") {
    const reason =
      "it reads the attributes of the event itself, and cps hides them in another object";
    throw siemErrors.formatUnsupported(siem, logFormat, reason, '"json" or "cef"');
  }
}
