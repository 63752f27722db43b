import { X509Certificate } from "node:crypto";
import { createServer, request } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../../src/receiver/certificate.js";

const now = Date.parse("2026-11-22T10:00:00Z");

describe("a self-signed certificate", () => {
  test("signs itself, names its host and is valid around now", () => {
    const certificate = new X509Certificate(selfSignedCertificate("siem.test", now).cert);
    expect(certificate.verify(certificate.publicKey)).toBe(true);
    expect(certificate.checkHost("siem.test")).toBe("siem.test");
    expect(certificate.checkHost("other.test")).toBeUndefined();
    expect(new Date(certificate.validFrom).toISOString()).toBe("2026-11-21T10:00:00.000Z");
    expect(new Date(certificate.validTo).toISOString()).toBe("2026-12-22T10:00:00.000Z");
  });

  test.each(["127.0.0.1", "::1", "2001:db8::17:ff"])("names the address %s", (address) => {
    const certificate = new X509Certificate(selfSignedCertificate(address, now).cert);
    expect(certificate.checkIP(address)).toBe(address);
  });

  test("serves HTTPS to a client that trusts it", async () => {
    const { cert, key } = selfSignedCertificate("127.0.0.1", Date.now());
    const server = createServer({ cert, key }, (_, response) => response.end("ok"));
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const status = await new Promise((resolve, reject) => {
      const options = { host: "127.0.0.1", port, ca: cert, agent: false };
      request(options, (response) => {
        response.resume();
        resolve(response.statusCode);
      })
        .on("error", reject)
        .end();
    });
    await new Promise((resolve) => server.close(resolve));
    expect(status).toBe(200);
  });
});
