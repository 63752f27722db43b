import "reflect-metadata";
import { webcrypto } from "node:crypto";
import * as x509 from "@peculiar/x509";

const algorithm = { name: "ECDSA", namedCurve: "P-256", hash: "SHA-256" } as const;
const day = 24 * 3_600_000;

/** A certificate and its key, as servers take them. */
export interface Issued {
  /** PEM. */
  certificate: string;
  /** PEM. */
  key: string;
}

/** Issues certificates; its own certificate is self-signed, unless it is below another. */
export interface Authority extends Issued {
  /** A server's certificate. @param days from today until its begin and its end @default [-1, 90] */
  issue(host: string, days?: readonly [begin: number, end: number]): Promise<Issued>;
  /** An authority below this one. */
  below(name: string): Promise<Authority>;
}

/** An authority that nobody knows until it is named as one to trust. */
export async function createAuthority(name: string): Promise<Authority> {
  const keys = await generateKeys();
  const certificate = await x509.X509CertificateGenerator.createSelfSigned({
    ...common(name, [-30, 365]),
    ...{ name: `CN=${name}`, keys },
    extensions: authorityExtensions(),
  });
  return authority(certificate, keys, await keyPem(keys.privateKey));
}

function authority(
  own: x509.X509Certificate,
  keys: webcrypto.CryptoKeyPair,
  key: string,
): Authority {
  const sign = (
    subject: string,
    publicKey: webcrypto.CryptoKey,
    days: readonly [number, number],
    extensions: x509.Extension[],
  ) =>
    x509.X509CertificateGenerator.create({
      ...common(subject, days),
      ...{ subject: `CN=${subject}`, issuer: own.subject, publicKey, extensions },
      signingKey: keys.privateKey,
    });
  return {
    certificate: own.toString("pem"),
    key,
    async issue(host, days = [-1, 90]) {
      const pair = await generateKeys();
      const type = /^[\d.]+$/.test(host) ? "ip" : "dns";
      const names = new x509.SubjectAlternativeNameExtension([{ type, value: host }]);
      const certificate = await sign(host, pair.publicKey, days, [names]);
      return { certificate: certificate.toString("pem"), key: await keyPem(pair.privateKey) };
    },
    async below(name) {
      const pair = await generateKeys();
      const extensions = authorityExtensions();
      const certificate = await sign(name, pair.publicKey, [-30, 365], extensions);
      return authority(certificate, pair, await keyPem(pair.privateKey));
    },
  };
}

function common(subject: string, [begin, end]: readonly [number, number]) {
  return {
    signingAlgorithm: algorithm,
    serialNumber: Buffer.from(`${subject}${Math.abs(begin)}`)
      .toString("hex")
      .slice(0, 16),
    notBefore: new Date(Date.now() + begin * day),
    notAfter: new Date(Date.now() + end * day),
  };
}

function authorityExtensions(): x509.Extension[] {
  const usage = x509.KeyUsageFlags.keyCertSign | x509.KeyUsageFlags.cRLSign;
  return [
    new x509.BasicConstraintsExtension(true, undefined, true),
    new x509.KeyUsagesExtension(usage, true),
  ];
}

function generateKeys(): Promise<webcrypto.CryptoKeyPair> {
  return webcrypto.subtle.generateKey(algorithm, true, ["sign", "verify"]);
}

async function keyPem(key: webcrypto.CryptoKey): Promise<string> {
  return x509.PemConverter.encode(await webcrypto.subtle.exportKey("pkcs8", key), "PRIVATE KEY");
}
