import type { X509Certificate } from "node:crypto";
import { type CleanText, cleanText } from "../core/foreign-text.js";

/** What messages say of a server's certificate. */
export interface CertificateFacts {
  /** Hosts that it is for. */
  names: CleanText[];
  /** Who issued it. */
  issuer: CleanText;
  /** Milliseconds since the epoch. */
  validFrom: number;
  validTo: number;
}

/** Reads from a certificate what its owner has to be told. */
export function certificateFacts(certificate: X509Certificate): CertificateFacts {
  const { subjectAltName = "", issuer, validFrom, validTo } = certificate;
  const names = [...subjectAltName.matchAll(/(?:DNS|IP Address):"?([^,"]+)/g)];
  const issuers = /^(?:CN|O|OU)=(.+)$/m.exec(issuer.split("\n").sort(commonNameFirst).join("\n"));
  return {
    names: names.map(([, name = ""]) => printable(name)),
    issuer: printable(issuers?.[1] ?? "an unnamed authority"),
    validFrom: Date.parse(validFrom),
    validTo: Date.parse(validTo),
  };
}

function commonNameFirst(a: string, b: string): number {
  return Number(b.startsWith("CN=")) - Number(a.startsWith("CN="));
}

/** Whoever made the certificate chose the text: it must not disturb a terminal. */
function printable(text: string): CleanText {
  return cleanText(text, 80);
}
