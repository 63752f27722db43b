import { explainResponse, explainScheme } from "../siem/index.js";
import { type Attempt, isTlsFailure } from "./attempt.js";

const credential =
  "The endpoint refuses the credential. Check the webhook's `authorization`: scheme word (Bearer, Splunk, Api-Token …), token, and that the token is enabled; then deploy again.";

/** What to do about an answer of any endpoint, by its status. */
const byResponseCode: Readonly<Record<number, string>> = {
  400: "The endpoint does not understand the body. Check that it takes newline-separated text with gzip, and the webhook's `log_format`.",
  401: credential,
  403: credential,
  404: "The endpoint's path is wrong, or the input was removed from the SIEM. Correct `endpoint`.",
  405: "The endpoint does not take POST: its path is wrong. Correct `endpoint`.",
  407: "A proxy in front of the endpoint asks for its own credential. Give Konnect a way past it.",
  410: "The input was removed from the SIEM. Create it again and correct `endpoint`.",
  411: "The endpoint wants a Content-Length. Put a relay in front of it that buffers.",
  413: "A batch is larger than the endpoint takes. Raise its limit for request bodies.",
  415: "The endpoint does not take text/plain or gzip. Use the SIEM's raw input, or a relay.",
  429: "The endpoint throttles. Raise its quota, or send to a relay that buffers.",
  500: "The endpoint fails. Look into the SIEM's own log at that time.",
  502: "A gateway in front of the endpoint can't reach it. Check that it runs.",
  503: "The endpoint is overloaded or down. Check its health and queue; Konnect's documentation does not promise to repeat after 503.",
  504: "A gateway in front of the endpoint got no answer in time. Check that it runs.",
};

const untrusted =
  "The endpoint's certificate is not trusted. Serve a certificate of a public authority with its whole chain, for the endpoint's host name.";

/** What TLS fails for, by the words of Go's, Node's and OpenSSL's messages; the first that fits counts. */
const tlsHints: readonly { words: RegExp; hint: string }[] = [
  {
    words: /expired|not yet valid/i,
    hint: "The endpoint's certificate, or one in its chain, has expired or is not valid yet. Renew it.",
  },
  {
    words: /valid for|altname|hostname|doesn't contain any IP SANs|not valid for any names/i,
    hint: "The endpoint's certificate is for another host name. Use the name that it has, or a certificate for this name.",
  },
  {
    words: /self[- _]signed/i,
    hint: "The endpoint's certificate is self-signed, or its authority is private. Serve one of a public authority.",
  },
  {
    words: /unknown authority|UNABLE_TO|local issuer|incomplete/i,
    hint: "The endpoint's certificate is of an authority that is unknown, or comes without its chain. Have the server send the whole chain, of a public authority.",
  },
  {
    words: /protocol version|unsupported protocol|handshake failure|no cipher/i,
    hint: "The endpoint offers no version of TLS, or no cipher, that Konnect takes. Turn on TLS 1.2 or 1.3 there.",
  },
];

function tlsHint(message: string): string {
  const hint = tlsHints.find(({ words }) => words.test(message))?.hint ?? untrusted;
  return `${hint} \`konnect-audit preflight\` shows what the endpoint serves.`;
}

/** What an explanation depends on besides the answer itself. */
export interface AnswerContext {
  /** Not masked: it tells which service the SIEM is. */
  endpoint: string;
  skipsTlsVerification: boolean;
}

/** What to do about a delivery that failed, in the terms of the service where it is known. */
export function answerHint(attempt: Attempt, context: AnswerContext): string {
  const { responseCode: code } = attempt;
  if (isTlsFailure(attempt)) {
    return context.skipsTlsVerification
      ? "TLS fails although verification is off: the endpoint offers no protocol version or cipher that Konnect takes."
      : tlsHint(attempt.responseMessage ?? "");
  }
  if (code === null) {
    return "Konnect can't connect. Check the endpoint's host name, port and firewall; Konnect's egress addresses are at https://ip-addresses.origin.konghq.com/ip-addresses.json.";
  }
  return responseHint(code, context.endpoint, { said: attempt.serviceCode });
}

/** What may be known of an answer besides its status. */
export interface AnswerDetails {
  /** What the endpoint said, or the number that its service put into that. */
  said?: string | number | undefined;
  /** What it was sent; none of it is shown but for a well-known scheme. */
  authorization?: string;
}

/** What to do about a status that is no success. */
export function responseHint(
  code: number,
  endpoint: string,
  { said, authorization }: AnswerDetails = {},
): string {
  if (code >= 300 && code < 400) {
    return "The endpoint redirects, and Konnect does not follow. Set `endpoint` to the final address.";
  }
  if (authorization !== undefined && (code === 401 || code === 403)) {
    const scheme = explainScheme(authorization, endpoint) ?? missingScheme(authorization);
    if (scheme) return scheme;
  }
  const general =
    byResponseCode[code] ??
    `${code < 500 ? "The endpoint refuses the delivery." : "The endpoint fails."} Look up ${code} in the SIEM's documentation.`;
  const explained = explainResponse(code, endpoint, said, authorization);
  // What only the path tells of may be another service.
  return explained?.startsWith("If ")
    ? `${explained} Otherwise: ${general}`
    : (explained ?? general);
}

function missingScheme(authorization: string): string | undefined {
  return /\s/.test(authorization.trim())
    ? undefined
    : 'The endpoint refuses the credential, and authorization has no scheme word: most services want "Bearer <token>".';
}
