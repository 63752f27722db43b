import { once } from "node:events";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { type AddressInfo, createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { createDispatcher } from "../../src/konnect/dispatcher.js";
import { readNetworkSettings } from "../../src/konnect/network.js";

const proxy = "http://proxy.example.com:3128";

describe("the proxy", () => {
  test.each([
    ["is none without a variable", {}, undefined],
    ["is none with an empty one", { HTTPS_PROXY: "" }, undefined],
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
