/** What a failed connection means. */
export interface ConnectionFinding {
  text: string;
  hint: string;
  /** Whether Konnect would fail too; else only this machine's view is known. */
  certain: boolean;
}

const chain =
  "Have the server send the whole chain: its own certificate first, then every intermediate one.";
const publicCertificate =
  "Serve a certificate of a public authority. For a test installation set `skip_ssl_verification = true` on the webhook.";
const fromHere =
  "That is this machine's view: an endpoint that lets only Konnect in looks the same. Check host, port and firewall.";

/** Node's and OpenSSL's codes in words. */
const findings: Readonly<Record<string, ConnectionFinding>> = {
  ENOTFOUND: certain("the host name does not exist", "Correct the endpoint's host name."),
  EAI_AGAIN: unsure("the host name can't be resolved at present", "Check this machine's DNS."),
  ECONNREFUSED: unsure("nothing listens at that port", fromHere),
  EHOSTUNREACH: unsure("the host can't be reached", fromHere),
  ENETUNREACH: unsure("the network can't be reached", fromHere),
  ETIMEDOUT: unsure("the connection timed out", fromHere),
  TIMEOUT: unsure("there was no answer in time", fromHere),
  ECONNRESET: unsure("the connection was reset", fromHere),
  CERT_HAS_EXPIRED: certain("the certificate has expired", "Renew the endpoint's certificate."),
  CERT_NOT_YET_VALID: certain(
    "the certificate is not valid yet",
    "Wait, or correct the clock of the machine that issued it.",
  ),
  DEPTH_ZERO_SELF_SIGNED_CERT: certain("the certificate signs itself", publicCertificate),
  SELF_SIGNED_CERT_IN_CHAIN: certain(
    "the certificate is of a private authority, or of a proxy that opens TLS",
    publicCertificate,
  ),
  UNABLE_TO_GET_ISSUER_CERT: certain("the certificate chain is incomplete", chain),
  UNABLE_TO_GET_ISSUER_CERT_LOCALLY: certain("the certificate chain is incomplete", chain),
  UNABLE_TO_VERIFY_LEAF_SIGNATURE: certain("the certificate chain is incomplete", chain),
  ERR_TLS_CERT_ALTNAME_INVALID: certain(
    "the certificate is for another host name",
    "Use the name that the certificate has, or a certificate for this name.",
  ),
  ERR_SSL_WRONG_VERSION_NUMBER: certain(
    "the port speaks no TLS",
    "Use the endpoint's HTTPS port, or turn TLS on there.",
  ),
  ERR_SSL_UNSUPPORTED_PROTOCOL: certain(
    "the endpoint offers only old versions of TLS",
    "Turn on TLS 1.2 or 1.3 there.",
  ),
  ERR_SSL_TLSV1_ALERT_PROTOCOL_VERSION: certain(
    "the endpoint offers no version of TLS that is still in use",
    "Turn on TLS 1.2 or 1.3 there.",
  ),
};

/** What a failed connection means and what to do. */
export function explainFailure(code: string): ConnectionFinding {
  const known = findings[code];
  if (known) return known;
  if (/SSL|TLS|CERT|EPROTO/.test(code)) {
    return certain(`TLS fails (${code})`, "Check the endpoint's TLS configuration.");
  }
  if (code.startsWith("HPE_")) {
    return certain("the port speaks no HTTP", "Correct the endpoint's port.");
  }
  return unsure(`the connection failed (${code})`, fromHere);
}

function certain(text: string, hint: string): ConnectionFinding {
  return { text, hint, certain: true };
}

function unsure(text: string, hint: string): ConnectionFinding {
  return { text, hint, certain: false };
}
