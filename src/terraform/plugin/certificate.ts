import { generateKeyPairSync, randomBytes, sign } from "node:crypto";

/** A private key and a self-signed certificate for it, as PEM. */
export interface ServerIdentity {
  readonly key: string;
  readonly cert: string;
  /** The certificate as DER, for the handshake line. */
  readonly der: Buffer;
}

const oid = {
  commonName: "550403",
  organization: "55040a",
  ecdsaWithSha256: "2a8648ce3d040302",
  basicConstraints: "551d13",
  keyUsage: "551d0f",
  extendedKeyUsage: "551d25",
  subjectAltName: "551d11",
  serverAuth: "2b06010505070301",
  clientAuth: "2b06010505070302",
} as const;

const tag = {
  boolean: 0x01,
  integer: 0x02,
  bitString: 0x03,
  octetString: 0x04,
  objectIdentifier: 0x06,
  utf8String: 0x0c,
  utcTime: 0x17,
  generalizedTime: 0x18,
  sequence: 0x30,
  set: 0x31,
  dnsName: 0x82,
  version: 0xa0,
  extensions: 0xa3,
} as const;

// Digital signature, key encipherment, key agreement, certificate signing; two bits are unused.
const keyUsage = Buffer.of(0x02, 0xac);

const dayMs = 24 * 3600 * 1000;

/**
 * Makes a fresh P-256 key with a self-signed certificate for `localhost`, as Terraform expects one of
 * a plugin. Written by hand in DER, because that takes 5 ms of a start that Terraform repeats three
 * to five times a command; certificate libraries take 30 ms and more.
 *
 * @param now the certificate is valid from a day before to thirty years after
 */
export function createServerIdentity(now: Date): ServerIdentity {
  const { privateKey, publicKey } = generateKeyPairSync("ec", { namedCurve: "P-256" });
  const spki = publicKey.export({ type: "spki", format: "der" });
  const toBeSigned = certificateBody(spki, now);
  const signature = sign("sha256", toBeSigned, privateKey);
  const der = sequence(toBeSigned, signatureAlgorithm(), bitString(signature));
  return {
    key: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    cert: pem(der),
    der,
  };
}

function certificateBody(spki: Buffer, now: Date): Buffer {
  const name = sequence(rdn(oid.commonName, "localhost"), rdn(oid.organization, "plugin"));
  return sequence(
    element(tag.version, element(tag.integer, Buffer.of(2))),
    element(tag.integer, serialNumber()),
    signatureAlgorithm(),
    name,
    sequence(
      time(new Date(now.getTime() - dayMs)),
      time(new Date(now.getTime() + 30 * 365 * dayMs)),
    ),
    name,
    spki,
    element(tag.extensions, extensions()),
  );
}

function extensions(): Buffer {
  return sequence(
    extension(oid.basicConstraints, sequence(element(tag.boolean, Buffer.of(0xff))), true),
    extension(oid.keyUsage, element(tag.bitString, keyUsage), true),
    extension(
      oid.extendedKeyUsage,
      sequence(objectIdentifier(oid.serverAuth), objectIdentifier(oid.clientAuth)),
    ),
    extension(oid.subjectAltName, sequence(element(tag.dnsName, Buffer.from("localhost")))),
  );
}

function extension(id: string, value: Buffer, critical = false): Buffer {
  return sequence(
    objectIdentifier(id),
    ...(critical ? [element(tag.boolean, Buffer.of(0xff))] : []),
    element(tag.octetString, value),
  );
}

function rdn(id: string, value: string): Buffer {
  const attribute = sequence(objectIdentifier(id), element(tag.utf8String, Buffer.from(value)));
  return element(tag.set, attribute);
}

function signatureAlgorithm(): Buffer {
  return sequence(objectIdentifier(oid.ecdsaWithSha256));
}

/** Positive, and with no superfluous leading zero: the first byte is between 0x40 and 0x7f. */
function serialNumber(): Buffer {
  const serial = randomBytes(16);
  serial[0] = ((serial[0] ?? 0) & 0x3f) | 0x40;
  return serial;
}

/** RFC 5280: UTCTime up to 2049, GeneralizedTime from 2050. */
function time(date: Date): Buffer {
  const text = `${date
    .toISOString()
    .replace(/\.\d+Z$/, "")
    .replace(/\D/g, "")}Z`;
  return date.getUTCFullYear() < 2050
    ? element(tag.utcTime, Buffer.from(text.slice(2)))
    : element(tag.generalizedTime, Buffer.from(text));
}

function sequence(...elements: Buffer[]): Buffer {
  return element(tag.sequence, Buffer.concat(elements));
}

function objectIdentifier(hex: string): Buffer {
  return element(tag.objectIdentifier, Buffer.from(hex, "hex"));
}

function bitString(bytes: Buffer): Buffer {
  return element(tag.bitString, Buffer.concat([Buffer.of(0), bytes]));
}

function element(tagByte: number, content: Buffer): Buffer {
  return Buffer.concat([Buffer.of(tagByte), lengthOf(content), content]);
}

function lengthOf({ length }: Buffer): Buffer {
  if (length < 0x80) return Buffer.of(length);
  if (length < 0x100) return Buffer.of(0x81, length);
  return Buffer.of(0x82, length >> 8, length & 0xff);
}

function pem(der: Buffer): string {
  // Split by match, not by inserting breaks: a last line of full length must not leave an empty one.
  const lines = der.toString("base64").match(/.{1,64}/g) ?? [];
  return `-----BEGIN CERTIFICATE-----\n${lines.join("\n")}\n-----END CERTIFICATE-----\n`;
}
