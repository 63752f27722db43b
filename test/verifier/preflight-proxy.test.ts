import { createServer } from "node:https";
import type { AddressInfo } from "node:net";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { preflight } from "../../src/verifier/preflight.js";
import { type Authority, createAuthority } from "./certificates.js";
import { startConnectProxy } from "./connect-proxy.js";

const authorization = "Bearer proxy-test-credential";
const endpoint = "https://siem.example.com/in";
const ends: (() => unknown)[] = [];
let authority: Authority;
let server: ReturnType<typeof createServer>;
let port: number;
const paths: (string | undefined)[] = [];

beforeAll(async () => {
  authority = await createAuthority("Public Test Authority");
  const { certificate: cert, key } = await authority.issue("siem.example.com");
  server = createServer({ cert, key }, (request, response) => {
    paths.push(`${request.headers.host} ${request.url} ${request.headers.authorization}`);
    request.resume().on("end", () => response.writeHead(202).end());
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

afterAll(() => {
  server.closeAllConnections();
  return new Promise((resolve) => server.close(resolve));
});

async function proxyTo(answer?: number) {
  const proxy = await startConnectProxy(port, answer);
  ends.push(() => proxy.close());
  return proxy;
}

function check(env: Record<string, string>) {
  return preflight({ endpoint, authorization, env, authorities: [authority.certificate] });
}

describe("a preflight where the environment names a proxy", () => {
  test("goes through it, says so, and shows the credential to the endpoint alone", async () => {
    const proxy = await proxyTo();
    const report = await check({ HTTPS_PROXY: `http://me:my%20password@${proxy.host}` });
    expect(report).toMatchObject({
      outcome: "passed",
      route: `http://${proxy.host} (HTTPS_PROXY)`,
    });
    expect(report.caveats.join()).toContain(`It went through the proxy http://${proxy.host}`);
    const basic = `Basic ${Buffer.from("me:my password").toString("base64")}`;
    expect(proxy.asked).toEqual([{ authority: "siem.example.com:443", authorization: basic }]);
    expect(paths.at(-1)).toBe(`siem.example.com /in ${authorization}`);
    expect(JSON.stringify(report)).not.toMatch(/my password|my%20password|proxy-test-credential/);
  });

  test.each([403, 407, 502])(
    "names the proxy's own %i, which says nothing about Konnect",
    async (answer) => {
      const proxy = await proxyTo(answer);
      const report = await check({ https_proxy: `http://${proxy.host}` });
      expect(report).toMatchObject({ outcome: "error", exit_code: 1 });
      expect(report.finding).toBe(
        `the proxy http://${proxy.host} (https_proxy) answered ${answer} when asked to connect to siem.example.com`,
      );
      expect(report.hint).toContain("NO_PROXY");
    },
  );

  test("names a proxy that can't be reached", async () => {
    const proxy = await proxyTo();
    await proxy.close();
    const report = await check({ HTTPS_PROXY: `http://${proxy.host}` });
    expect(report.outcome).toBe("error");
    expect(report.finding).toContain("can't be reached (ECONNREFUSED)");
  });

  test.each([
    ["::", "KONNECT_PROXY_INVALID", /HTTPS_PROXY/],
    ["socks5://127.0.0.1:1080", "PREFLIGHT_INPUT_UNUSABLE", /HTTPS_PROXY names a SOCKS proxy/],
  ])("refuses %j before anything is sent", async (value, code, message) => {
    const checked = check({ HTTPS_PROXY: value });
    await expect(checked).rejects.toMatchObject({ code });
    await expect(checked).rejects.toThrow(message);
  });

  test("takes a password with a bare % as it stands", async () => {
    const proxy = await proxyTo();
    const report = await check({ HTTPS_PROXY: `http://me:50%pass@${proxy.host}` });
    expect(report.outcome).toBe("passed");
    const basic = `Basic ${Buffer.from("me:50%pass").toString("base64")}`;
    expect(proxy.asked[0]?.authorization).toBe(basic);
    expect(JSON.stringify(report)).not.toContain("50%pass");
  });
});
