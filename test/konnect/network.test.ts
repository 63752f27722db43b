import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createDispatcher } from "../../src/konnect/dispatcher.js";
import { chooseRoute, readNetworkSettings, readProxySettings } from "../../src/konnect/network.js";

const proxy = "http://proxy.example.com:3128";

describe("the proxy", () => {
  test.each([
    ["is none without a variable", {}, undefined],
    ["is none with an empty one", { HTTPS_PROXY: "" }, undefined],
    ["is none with a blank one", { HTTPS_PROXY: " \n" }, undefined],
    ["is the other one's where one is empty", { https_proxy: "", HTTPS_PROXY: proxy }, proxy],
    ["may lack its scheme", { HTTPS_PROXY: "proxy.example.com:3128" }, proxy],
    ["may have blanks around it", { HTTPS_PROXY: ` ${proxy}\n` }, proxy],
    ["is that of the lower-case variable", { https_proxy: proxy, HTTPS_PROXY: "http://x" }, proxy],
    [
      "may want a password",
      { HTTPS_PROXY: "u:p@proxy.example.com:1" },
      "http://u:p@proxy.example.com:1",
    ],
  ])("%s", (_, env, expected) => {
    expect(readNetworkSettings(env).httpsProxy).toBe(expected);
  });

  test.each(["::::", "ftp://planted:planted@proxy", "http://"])(
    "%j is an error that names the variable, and shows nothing of it",
    (value) => {
      for (const name of ["HTTPS_PROXY", "http_proxy"]) {
        const read = () => readNetworkSettings({ [name]: value });
        expect(read).toThrow(
          expect.objectContaining({
            code: "KONNECT_PROXY_INVALID",
            setting: name,
            message: expect.stringMatching(new RegExp(`^(?!.*planted).*${name}`)),
          }),
        );
      }
    },
  );

  test("is left out for what NO_PROXY names, the wildcard too, and always for this machine", async () => {
    expect(readNetworkSettings({}).noProxy).toContain("127.0.0.1");
    expect(readNetworkSettings({ NO_PROXY: "corp" }).noProxy).toMatch(/^corp,.*127\.0\.0\.1/);
    expect(readNetworkSettings({ NO_PROXY: " * " }).noProxy).toBe("*");
    let asked = 0;
    const server = createServer((socket) => {
      asked++;
      socket.end("HTTP/1.1 502 Bad Gateway\r\n\r\n");
    }).listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as AddressInfo;
    /** @returns how often the proxy was asked */
    const ask = async (noProxy: string) => {
      asked = 0;
      const env = { HTTP_PROXY: `http://127.0.0.1:${port}`, NO_PROXY: noProxy };
      const dispatcher = createDispatcher(env);
      // Loopback, but none of the names that are left out anyway; nobody listens there.
      const origin = "http://127.0.0.2:1";
      await dispatcher.request({ origin, path: "/", method: "GET" }).catch(() => {});
      await dispatcher.destroy();
      return asked;
    };
    expect(await ask("*")).toBe(0);
    expect(await ask("corp")).toBeGreaterThan(0);
    server.close();
  });
});

describe("the way to a host", () => {
  const HTTPS_PROXY = "http://proxy.example:3128";
  const endpoint = "https://siem.example.com/in";
  const routeTo = (url: string, env: Record<string, string>) =>
    chooseRoute(new URL(url), readProxySettings(env));

  test.each([
    ["no proxy is named", endpoint, {}],
    ["only a proxy for plain http is named", endpoint, { HTTP_PROXY: HTTPS_PROXY }],
    ["it is this machine", "https://localhost:8088/in", { HTTPS_PROXY }],
    ["it is this machine's IPv6 address", "https://[::1]:8088/in", { HTTPS_PROXY }],
    ["it is plain http to this machine", "http://127.0.0.1:8088/in", { HTTPS_PROXY }],
  ])("is direct where %s", (_name, url, env) => {
    expect(routeTo(url, env)).toEqual({ kind: "direct" });
  });

  test.each([
    "siem.example.com",
    "example.com",
    ".example.com",
    "*.example.com",
    "other.org, .example.com",
    "other.org siem.example.com:443",
    "SIEM.EXAMPLE.COM",
    "siem.example.com.",
    " * ",
    "*",
  ])("is direct where NO_PROXY is %j, and says so", (list) => {
    const route = routeTo(endpoint, { HTTPS_PROXY, NO_PROXY: list });
    expect(route).toEqual({ kind: "direct", exempt: "NO_PROXY" });
  });

  test.each(["2001:db8::7", "[2001:db8::7]", "[2001:db8::7]:443"])(
    "is direct to an IPv6 address that NO_PROXY names as %j",
    (list) => {
      const route = routeTo("https://[2001:db8::7]/in", { HTTPS_PROXY, no_proxy: list });
      expect(route).toEqual({ kind: "direct", exempt: "no_proxy" });
    },
  );

  test.each(["siem.example.com:8088", "", "notsiem.example.com", ".ample.com", "com.example"])(
    "leads through the proxy where NO_PROXY is %j",
    (list) => {
      const route = routeTo(endpoint, { HTTPS_PROXY, NO_PROXY: list });
      expect(route).toMatchObject({ kind: "proxy", variable: "HTTPS_PROXY" });
    },
  );

  test("is never made of a host whose name only ends alike", () => {
    const label = fc.stringMatching(/^[a-z]{1,8}$/);
    fc.assert(
      fc.property(label, label, fc.constantFrom("", ".", "*."), (prefix, domain, sign) => {
        const url = `https://${prefix}${domain}.com/`;
        const route = routeTo(url, { HTTPS_PROXY, NO_PROXY: `${sign}${domain}.com` });
        expect(route.kind).toBe("proxy");
      }),
    );
  });
});

describe("additional certificates", () => {
  const read = (path: string) => readNetworkSettings({ KONNECT_AUDIT_EXTRA_CA_CERTS: path });

  test("that can't be read, or are none, are an error that names the file", () => {
    const folder = mkdtempSync(join(tmpdir(), "network-"));
    const path = join(folder, "ca.pem");
    const unreadable = (why: string) =>
      expect.objectContaining({
        code: "KONNECT_CA_UNREADABLE",
        message: expect.stringMatching(`${path}.*NODE_EXTRA_CA_CERTS.*${why}`),
      });
    try {
      expect(() => read(path)).toThrow(unreadable("ENOENT"));
      writeFileSync(path, "no certificate");
      expect(() => read(path)).toThrow(unreadable("PEM"));
      const pem = "-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----\n";
      writeFileSync(path, pem);
      expect(read(path).extraCa).toBe(pem);
    } finally {
      rmSync(folder, { recursive: true });
    }
  });
});
