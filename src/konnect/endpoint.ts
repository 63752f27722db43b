import { isLoopbackHost } from "./server-url.js";

/** Why a webhook endpoint can't be used; a sentence without the endpoint itself. */
export type EndpointProblem = { code: string; message: string };

const impossible = /[\s\p{Cc}\\]/u;
const absolute = /^[a-z][a-z0-9+.-]*:\/\/[^/]/i;

/**
 * Checks the URL that Konnect is to deliver to.
 *
 * Konnect delivers over HTTPS only; plain http is let through for loopback addresses, which is where the emulator and
 * `konnect-audit listen` run.
 *
 * @returns the first problem found, or `undefined`
 */
export function checkEndpoint(endpoint: string): EndpointProblem | undefined {
  // JavaScript's URLs drop or mend these silently, Konnect gets them as they are; a file's last line break is one.
  if (impossible.test(endpoint)) {
    return {
      code: "ENDPOINT_HOLDS_BLANKS",
      message: "holds a blank, a line break or another character that a URL can't have; encode it",
    };
  }
  if (!URL.canParse(endpoint) || !absolute.test(endpoint)) {
    return {
      code: "ENDPOINT_NOT_A_URL",
      message: "must be an absolute URL such as https://siem.example.com/audit-logs",
    };
  }
  const url = new URL(endpoint);
  if (url.username || url.password) {
    return {
      code: "ENDPOINT_USERINFO",
      message:
        "must not hold a user name or password: an endpoint is readable in plans and state. Pass the credential as `authorization`",
    };
  }
  if (url.protocol === "https:") return undefined;
  if (url.protocol === "http:" && isLoopbackHost(url.hostname)) return undefined;
  return {
    code: "ENDPOINT_NOT_HTTPS",
    message:
      "must start with https:// : Konnect delivers audit events over HTTPS only (http:// is accepted for loopback addresses)",
  };
}

export { maskEndpoint, maskEndpointChange } from "./mask-endpoint.js";
