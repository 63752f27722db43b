import { webcrypto, X509Certificate } from "node:crypto";
import tls from "node:tls";
import "reflect-metadata";
import * as x509 from "@peculiar/x509";
import { describe, expect, test } from "vitest";
import { createServerIdentity } from "../../../src/terraform/plugin/certificate.js";

describe("the certificate of a plugin", () => {
  test("is one that an independent library reads as what Terraform needs", async () => {
    const now = new Date("2026-11-22T12:00:00Z");
    const certificate = new x509.X509Certificate(createServerIdentity(now).cert);
    expect(certificate.subject).toBe("CN=localhost, O=plugin");
    expect(certificate.issuer).toBe(certificate.subject);
    expect(certificate.notBefore).toEqual(new Date("2026-11-21T12:00:00Z"));
    expect(certificate.notAfter.getUTCFullYear()).toBe(2056);
    const names = certificate.getExtension(x509.SubjectAlternativeNameExtension);
    expect(names?.names.items.map(({ type, value }) => [type, value])).toEqual([
      ["dns", "localhost"],
    ]);
    expect(certificate.getExtension(x509.BasicConstraintsExtension)).toMatchObject({ ca: true });
    expect(certificate.getExtension(x509.ExtendedKeyUsageExtension)?.usages).toEqual([
      x509.ExtendedKeyUsage.serverAuth,
      x509.ExtendedKeyUsage.clientAuth,
    ]);
    const usages = certificate.getExtension(x509.KeyUsagesExtension)?.usages;
    expect(usages).toBe(
      x509.KeyUsageFlags.digitalSignature |
        x509.KeyUsageFlags.keyEncipherment |
        x509.KeyUsageFlags.keyAgreement |
        x509.KeyUsageFlags.keyCertSign,
    );
    expect(await certificate.verify({ date: now }, webcrypto)).toBe(true);
  });

  test("is well-formed every time, whatever the lengths of its signature and serial", () => {
    for (let round = 0; round < 500; round++) {
      const { cert, key, der } = createServerIdentity(new Date());
      const parsed = new X509Certificate(cert);
      expect(parsed.raw.equals(der)).toBe(true);
      expect(parsed.verify(parsed.publicKey)).toBe(true);
      expect(parsed.serialNumber).toMatch(/^[4-7][0-9A-F]{31}$/);
      expect(cert).not.toMatch(/\n\n/);
      if (round % 50 === 0) tls.createSecureContext({ key, cert });
    }
  });

  test("changes its notation of time in 2050", () => {
    const certificate = new x509.X509Certificate(
      createServerIdentity(new Date("2051-01-01T00:00:00Z")).cert,
    );
    expect(certificate.notBefore).toEqual(new Date("2050-12-31T00:00:00Z"));
  });
});
