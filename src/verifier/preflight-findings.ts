import { type CleanText, cleanText } from "../core/foreign-text.js";
import type { CertificateFacts } from "./certificate-facts.js";
import type { Stage } from "./preflight-connect.js";

/** What a failed connection means. */
export interface ConnectionFinding {
  text: CleanText;
  hint: CleanText;
  /** True if Konnect would fail too; else only this machine's view is known. */
  certain: boolean;
}

/** What is known of a failed connection. */
export interface FailedConnection {
  /** Node's, OpenSSL's or one of `preflight-connect`. */
  code: string;
  /** What was waited for. */
  stage: Stage;
  /** The endpoint's. */
  host: CleanText;
  /** Milliseconds since the epoch. */
  now: number;
  certificate?: CertificateFacts | undefined;
  /** What a proxy answered, or the code of its failure. */
  detail?: CleanText | undefined;
  /** The proxy that was used, as people may see it. */
  proxy?: CleanText | undefined;
}

/** Characters of a finding or a hint. */
const longest = 1_000;

type Explain = (failed: FailedConnection) => ConnectionFinding;

const chain =
  "Have the server send the whole chain: its own certificate first, then every intermediate one. Konnect trusts public authorities only.";
const publicCertificate =
  "Serve a certificate of a public authority. For a test installation set `skip_ssl_verification = true` on the webhook.";
const modernTls = "Turn on TLS 1.2 or 1.3 there.";
const fromHere =
  "That is this machine's view: an endpoint that lets only Konnect in looks the same. Check host, port and firewall.";
const proxyHint =
  "Konnect's deliveries don't use that proxy. Correct the variable, or except the host with NO_PROXY.";

const incompleteChain: Explain = ({ certificate }) =>
  certain(
    `the certificate chain is incomplete: that of its issuer "${certificate?.issuer ?? "?"}" was not sent, and is no public authority's`,
    chain,
  );
const oldTls = certain("the endpoint offers only versions of TLS that are out of use", modernTls);
const noTls = certain(
  "the port speaks no TLS",
  "Use the endpoint's HTTPS port, or turn TLS on there.",
);

const http2Only = unsure(
  "the endpoint speaks HTTP/2 only, and whether Konnect's deliveries do is documented nowhere",
  "Turn on HTTP/1.1 there, or deploy the webhook and have `konnect-audit verify` tell whether events arrive.",
);

/** What no answer in time means, by what was waited for. */
const timedOut: Readonly<Record<Stage, Explain>> = {
  proxy: ({ proxy, host }) =>
    unsure(`the proxy ${proxy} opened no tunnel to ${host} in time`, proxyHint),
  connection: () => unsure("there was no connection in time", fromHere),
  tls: ({ proxy }) =>
    proxy === undefined
      ? unsure("TLS was not agreed on in time", fromHere)
      : unsure(`through the proxy ${proxy} TLS was not agreed on in time`, proxyHint),
  answer: () => unsure("there was no answer in time", fromHere),
};

/** Codes in words; table of constants where nothing else is known. */
const findings: Readonly<Record<string, ConnectionFinding | Explain>> = {
  ENOTFOUND: ({ host }) =>
    certain(`the host name ${host} does not exist`, "Correct the endpoint's host name."),
  EAI_AGAIN: unsure("the host name can't be resolved at present", "Check this machine's DNS."),
  ECONNREFUSED: unsure("nothing listens at that port", fromHere),
  EHOSTUNREACH: unsure("the host can't be reached", fromHere),
  ENETUNREACH: unsure("the network can't be reached", fromHere),
  ETIMEDOUT: unsure("the connection timed out", fromHere),
  TIMEOUT: (failed) => timedOut[failed.stage](failed),
  ECONNRESET: unsure("the connection was reset", fromHere),
  HTTP2_ONLY: http2Only,
  ERR_SSL_TLSV1_ALERT_NO_APPLICATION_PROTOCOL: http2Only,
  TLS_CLOSED: unsure("the connection was closed before TLS was agreed on", fromHere),
  PROXY_UNREACHABLE: ({ proxy, detail }) =>
    unsure(`the proxy ${proxy} can't be reached (${detail})`, proxyHint),
  PROXY_REFUSED: ({ proxy, detail, host }) =>
    unsure(`the proxy ${proxy} answered ${detail} when asked to connect to ${host}`, proxyHint),
  CERT_HAS_EXPIRED: ({ certificate, now }) =>
    certificate && certificate.validTo < now
      ? certain(
          `the certificate expired on ${day(certificate.validTo)}`,
          "Renew the endpoint's certificate.",
        )
      : certain(
          "a certificate in the chain has expired",
          "Have the server send its authority's current intermediate certificates.",
        ),
  CERT_NOT_YET_VALID: ({ certificate }) =>
    certain(
      `the certificate is not valid before ${certificate ? day(certificate.validFrom) : "later"}`,
      "Wait, or correct the clock of the machine that issued it.",
    ),
  DEPTH_ZERO_SELF_SIGNED_CERT: certain("the certificate is self-signed", publicCertificate),
  SELF_SIGNED_CERT_IN_CHAIN: ({ certificate }) =>
    certain(
      `the certificate's authority "${certificate?.issuer ?? "?"}" is private, or belongs to a proxy that opens TLS`,
      publicCertificate,
    ),
  UNABLE_TO_GET_ISSUER_CERT: incompleteChain,
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: incompleteChain,
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: incompleteChain,
  ERR_TLS_CERT_ALTNAME_INVALID: ({ certificate, host }) =>
    certain(
      `the certificate is for ${listed(certificate?.names ?? [])}, not for ${host}`,
      "Use the name that the certificate has, or a certificate for this name.",
    ),
  CERT_REVOKED: certain("the certificate was revoked", "Get a new certificate."),
  ERR_SSL_WRONG_VERSION_NUMBER: noTls,
  ERR_SSL_PACKET_LENGTH_TOO_LONG: noTls,
  ERR_SSL_HTTP_REQUEST: noTls,
  ERR_SSL_UNSUPPORTED_PROTOCOL: oldTls,
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: oldTls,
};

/** What a failed connection means and what to do. */
export function explainFailure(failed: FailedConnection): ConnectionFinding {
  const known = findings[failed.code];
  if (known) return typeof known === "function" ? known(failed) : known;
  if (/SSL|TLS|CERT|EPROTO/.test(failed.code)) {
    return certain(
      `TLS fails (${cleanText(failed.code, 80)})`,
      "Check the endpoint's TLS configuration.",
    );
  }
  if (failed.code.startsWith("HPE_")) {
    return certain("the port speaks no HTTP", "Correct the endpoint's port.");
  }
  return unsure(`the connection failed (${cleanText(failed.code, 80)})`, fromHere);
}

/** A date as certificates are dated. */
export function day(milliseconds: number): string {
  return new Date(milliseconds).toISOString().slice(0, 10);
}

function listed(names: readonly CleanText[]): string {
  if (names.length === 0) return "no host at all";
  const more = names.length > 3 ? ` and ${names.length - 3} more` : "";
  return `${names.slice(0, 3).join(", ")}${more}`;
}

function certain(text: string, hint: string): ConnectionFinding {
  return { text: cleanText(text, longest), hint: cleanText(hint, longest), certain: true };
}

function unsure(text: string, hint: string): ConnectionFinding {
  return { text: cleanText(text, longest), hint: cleanText(hint, longest), certain: false };
}
