import { generateKeyPairSync, randomBytes, sign } from "node:crypto";
import { isIPv4, isIPv6 } from "node:net";

/** A PEM certificate and its private key. */
export interface Certificate {
  cert: string;
  key: string;
}

const day = 24 * 3_600_000;
const ecdsaWithSha256 = "2a8648ce3d040302"; // 1.2.840.10045.4.3.2
const commonName = "550403"; // 2.5.4.3
const subjectAltName = "551d11"; // 2.5.29.17

/**
 * Makes a certificate that signs itself, for a debugging session: nobody trusts it, so the webhook needs
 * `skip_ssl_verification`.
 *
 * @param host the name or address that it is for
 * @param now milliseconds since the epoch; it is valid from a day before to 30 days after
 */
export function selfSignedCertificate(host: string, now: number): Certificate {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const algorithm = sequence(oid(ecdsaWithSha256));
  const name = sequence(tlv(0x31, sequence(oid(commonName), tlv(0x0c, Buffer.from(host)))));
  const body = sequence(
    tlv(0xa0, tlv(0x02, Buffer.from([2]))), // version 3
    tlv(0x02, serialNumber()),
    algorithm,
    name,
    sequence(utcTime(now - day), utcTime(now + 30 * day)),
    name,
    publicKey.export({ format: "der", type: "spki" }),
    tlv(0xa3, sequence(sequence(oid(subjectAltName), tlv(0x04, sequence(alternativeName(host)))))),
  );
  const signature = sign("sha256", body, privateKey);
  const unusedBits = Buffer.from([0]);
  const certificate = sequence(body, algorithm, tlv(0x03, Buffer.concat([unusedBits, signature])));
  return {
    cert: pem("CERTIFICATE", certificate),
    key: privateKey.export({ format: "pem", type: "pkcs8" }).toString(),
  };
}

/** Positive, as RFC 5280 wants it, and in its shortest form, as DER does. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x7f) | 0x40;
  return serial;
}

function alternativeName(host: string): Buffer {
  if (isIPv4(host)) return tlv(0x87, Buffer.from(host.split(".").map(Number)));
  if (isIPv6(host)) return tlv(0x87, ipv6Bytes(host));
  return tlv(0x82, Buffer.from(host));
}

function ipv6Bytes(host: string): Buffer {
  // The URL parser writes every IPv6 address as hexadecimal groups with at most one "::".
  const canonical = new URL(`http://[${host}]`).hostname.slice(1, -1);
  const groups = (part: string) => (part === "" ? [] : part.split(":"));
  const [head = "", tail] = canonical.split("::");
  const before = groups(head);
  const after = tail === undefined ? [] : groups(tail);
  const zeros = Array<string>(8 - before.length - after.length).fill("0");
  const all = [...before, ...zeros, ...after].map((group) => group.padStart(4, "0")).join("");
  return Buffer.from(all, "hex");
}

function utcTime(milliseconds: number): Buffer {
  const digits = new Date(milliseconds).toISOString().replace(/[-:T]|\.\d+/g, "");
  return tlv(0x17, Buffer.from(digits.slice(2)));
}

function oid(hex: string): Buffer {
  return tlv(0x06, Buffer.from(hex, "hex"));
}

function sequence(...parts: Buffer[]): Buffer {
  return tlv(0x30, Buffer.concat(parts));
}

/** DER: tag, length, value. */
function tlv(tag: number, value: Buffer): Buffer {
  return Buffer.concat([Buffer.from([tag, ...derLength(value.length)]), value]);
}

function derLength(length: number): number[] {
  if (length < 0x80) return [length];
  return length < 0x100 ? [0x81, length] : [0x82, length >> 8, length & 0xff];
}

function pem(label: string, der: Buffer): string {
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN ${label}-----\n${lines.join("\n")}\n-----END ${label}-----\n`;
}
