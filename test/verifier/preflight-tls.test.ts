import { createServer, type ServerOptions } from "node:https";
import type { AddressInfo } from "node:net";
import { afterEach, beforeAll, describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../../src/receiver/certificate.js";
import { type PreflightOptions, preflight } from "../../src/verifier/preflight.js";
import { type Authority, createAuthority, type Issued } from "./certificates.js";

const authorization = "Bearer tls-test-credential";
const host = "127.0.0.1";
const ends: (() => unknown)[] = [];
let authority: Authority;

beforeAll(async () => {
  authority = await createAuthority("Public Test Authority");
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** An endpoint that takes everything, if only it is asked: which it must not be when its TLS is wrong. */
async function endpoint({ certificate, key }: Issued, options: ServerOptions = {}) {
  const authorizations: (string | undefined)[] = [];
  const server = createServer({ cert: certificate, key, ...options }, (request, response) => {
    authorizations.push(request.headers.authorization);
    request.resume().on("end", () => response.writeHead(202).end());
  });
  await new Promise<void>((resolve) => server.listen(0, host, resolve));
  ends.push(() => {
    server.closeAllConnections();
    return new Promise((resolve) => server.close(resolve));
  });
  return { url: `https://${host}:${(server.address() as AddressInfo).port}/in`, authorizations };
}

function check(url: string, options: Partial<PreflightOptions> = {}) {
  const authorities = [authority.certificate];
  return preflight({ endpoint: url, authorization, authorities, ...options });
}

const daysFromNow = (days: number) =>
  new Date(Date.now() + days * 24 * 3_600_000).toISOString().slice(0, 10);

describe("a preflight over TLS", () => {
  test("passes with a certificate of a trusted authority", async () => {
    const { url, authorizations } = await endpoint(await authority.issue(host));
    expect(await check(url)).toMatchObject({ outcome: "passed", response_code: 202 });
    expect(authorizations).toEqual([authorization]);
  });

  test("passes with a whole chain", async () => {
    const intermediate = await authority.below("Intermediate");
    const { certificate, key } = await intermediate.issue(host);
    const chain = `${certificate}\n${intermediate.certificate}`;
    const { url } = await endpoint({ certificate: chain, key });
    expect(await check(url)).toMatchObject({ outcome: "passed" });
  });

  const faults: [string, () => Promise<Issued>, () => string, RegExp][] = [
    [
      "an expired certificate",
      () => authority.issue(host, [-90, -3]),
      () => `the certificate expired on ${daysFromNow(-3)}`,
      /Renew/,
    ],
    [
      "a certificate that is not valid yet",
      () => authority.issue(host, [2, 90]),
      () => `the certificate is not valid before ${daysFromNow(2)}`,
      /clock/,
    ],
    [
      "a certificate for another host",
      () => authority.issue("siem.internal"),
      () => "the certificate is for siem.internal, not for 127.0.0.1",
      /Use the name/,
    ],
    [
      "an incomplete chain",
      async () => (await authority.below("Missing Intermediate")).issue(host),
      () =>
        'the certificate chain is incomplete: that of its issuer "Missing Intermediate" was not sent, and is no public authority\'s',
      /whole chain/,
    ],
    [
      "a private authority",
      async () => {
        const own = await createAuthority("Private Authority");
        const { certificate, key } = await own.issue(host);
        return { certificate: `${certificate}\n${own.certificate}`, key };
      },
      () =>
        'the certificate\'s authority "Private Authority" is private, or belongs to a proxy that opens TLS',
      /skip_ssl_verification/,
    ],
    [
      "a self-signed certificate",
      async () => {
        const { cert: certificate, key } = selfSignedCertificate(host, Date.now());
        return { certificate, key };
      },
      () => "the certificate is self-signed",
      /skip_ssl_verification/,
    ],
  ];

  test.each(faults)(
    "names %s and what to do, and sends no credential",
    async (_name, issue, finding, hint) => {
      const { url, authorizations } = await endpoint(await issue());
      const report = await check(url);
      expect(report).toMatchObject({ outcome: "failed", exit_code: 2, response_code: null });
      expect(report.finding).toBe(finding());
      expect(report.hint).toMatch(hint);
      expect(authorizations).toEqual([]);
    },
  );

  test("trusts what the webhook is to trust: anything, with skip_ssl_verification", async () => {
    const { url, authorizations } = await endpoint(await authority.issue("siem.internal"));
    const report = await check(url, { skipTlsVerification: true });
    expect(report.outcome).toBe("passed");
    expect(report.caveats.join()).toContain("not trusted (ERR_TLS_CERT_ALTNAME_INVALID)");
    expect(authorizations).toEqual([authorization]);
  });

  test("trusts public authorities only, unless it is told of others", async () => {
    const { url } = await endpoint(await authority.issue(host));
    const report = await preflight({ endpoint: url, authorization });
    expect(report.finding).toContain("the certificate chain is incomplete");
  });

  test("warns of a certificate that is about to expire", async () => {
    const { url } = await endpoint(await authority.issue(host, [-80, 5]));
    const { outcome, caveats } = await check(url);
    expect(outcome).toBe("passed");
    expect(caveats.join()).toContain(`The certificate expires on ${daysFromNow(5)}`);
  });

  test("names an endpoint with nothing but old TLS", async () => {
    const old = { minVersion: "TLSv1", maxVersion: "TLSv1.1", ciphers: "DEFAULT@SECLEVEL=0" };
    const { url } = await endpoint(await authority.issue(host), old as ServerOptions);
    const report = await check(url);
    expect(report.finding).toBe("the endpoint offers only versions of TLS that are out of use");
    expect(report).toMatchObject({ outcome: "failed", hint: "Turn on TLS 1.2 or 1.3 there." });
  });
});
