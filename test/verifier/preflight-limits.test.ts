import { once } from "node:events";
import { createSecureServer } from "node:http2";
import type { AddressInfo, Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { selfSignedCertificate } from "../../src/receiver/certificate.js";
import { type PreflightOptions, preflight } from "../../src/verifier/preflight.js";
import { startRawServer } from "./raw-server.js";

const authorization = "Bearer limits-test-credential";

function check(endpoint: string, options: Partial<PreflightOptions> = {}) {
  return preflight({ endpoint, authorization, timeout: 400, ...options });
}

/** Writes again and again until the other side has gone. */
function forEver(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 5);
  socket.on("close", () => clearInterval(timer));
}

const established = "HTTP/1.1 200 Connection established\r\n\r\n";
const throughProxy = { endpoint: "https://siem.example.com/in", byProxy: true };

/** Where an endpoint or a proxy may fall silent; none of these ever answers. */
const silences: [
  string,
  (socket: Socket) => void,
  string | { endpoint: string; byProxy: boolean },
  RegExp,
][] = [
  ["before the proxy answers", () => {}, throughProxy, /opened no tunnel to siem\.example\.com/],
  ["in the proxy's status line", (s) => s.write("HTTP/1.1 2"), throughProxy, /opened no tunnel/],
  ["after the tunnel is open", (s) => s.write(established), throughProxy, /TLS was not agreed on/],
  [
    "in TLS through the proxy",
    (s) => s.write(`${established}\u0016\u0003\u0003`),
    throughProxy,
    /TLS was not agreed on/,
  ],
  ["in TLS", () => {}, "https", /^TLS was not agreed on in time/],
  ["before the answer", () => {}, "http", /no answer in time/],
  ["in the status line", (s) => s.write("HTTP/1.1 20"), "http", /no answer in time/],
  ["in the headers", (s) => s.write("HTTP/1.1 200 OK\r\nContent-"), "http", /no answer in time/],
  [
    "and sends information for ever",
    (s) => forEver(s, "HTTP/1.1 102 Processing\r\n\r\n"),
    "http",
    /no answer in time/,
  ],
];

async function startSilence(serve: (socket: Socket) => void, how: (typeof silences)[number][2]) {
  const server = await startRawServer(serve);
  const endpoint = typeof how === "string" ? `${how}://${server.host}/in` : how.endpoint;
  const env = typeof how === "string" ? {} : { HTTPS_PROXY: `http://${server.host}` };
  return { server, endpoint, env };
}

describe("a preflight ends", () => {
  test.each(silences)("at its limit where there is silence %s", async (_, serve, how, finding) => {
    const { server, endpoint, env } = await startSilence(serve, how);
    await using _server = server;
    const report = await check(endpoint, { env });
    expect(report).toMatchObject({ outcome: "error", exit_code: 1, response_code: null });
    expect(report.finding).toMatch(finding);
    await server.allClosed();
  });

  test.each(silences)("when it is stopped in a silence %s", async (_, serve, how) => {
    const { server, endpoint, env } = await startSilence(serve, how);
    await using _server = server;
    const stop = new AbortController();
    const checked = check(endpoint, { env, timeout: 60_000, signal: stop.signal });
    while (server.sockets.size === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const reason = new Error("stopped by the test");
    stop.abort(reason);
    await expect(checked).rejects.toBe(reason);
    await server.allClosed();
  });

  test("when it is stopped before it begins", async () => {
    const signal = AbortSignal.abort(new Error("stopped before"));
    await expect(check("http://127.0.0.1:9/in", { signal })).rejects.toThrow("stopped before");
  });
});

describe("an answer whose head has come decides, whatever follows it", () => {
  test.each([
    [
      "204 with a body",
      "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n{}",
      204,
      "passed",
      null,
    ],
    [
      "204 with a body without a length",
      "HTTP/1.1 204 No Content\r\n\r\nrest",
      204,
      "passed",
      null,
    ],
    ["200 whose body never ends", "HTTP/1.1 200 OK\r\n\r\nok", 200, "passed", "ok"],
    [
      "202 whose body never comes",
      "HTTP/1.1 202 Accepted\r\nContent-Length: 9\r\n\r\n",
      202,
      "passed",
      null,
    ],
    [
      "a broken chunk",
      "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nok\r\nZZ\r\n",
      200,
      "passed",
      "ok",
    ],
    ["401 whose body never ends", "HTTP/1.1 401 No\r\n\r\nnot you", 401, "failed", "not you"],
    [
      "101",
      "HTTP/1.1 101 Switching\r\nUpgrade: x\r\nConnection: upgrade\r\n\r\n",
      101,
      "failed",
      null,
    ],
  ])("%s", async (_, bytes, status, outcome, answer) => {
    await using server = await startRawServer((socket) => socket.write(bytes));
    const report = await check(server.url, { timeout: 5_000 });
    expect(report).toMatchObject({ response_code: status, outcome, answer });
  });

  test.each(["end", "resetAndDestroy"] as const)("a body that is cut by %s", async (how) => {
    const head = "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nbegun";
    await using server = await startRawServer((socket) => socket.write(head, () => socket[how]()));
    expect(await check(server.url)).toMatchObject({ response_code: 200, outcome: "passed" });
  });

  test("a body without an end, of which a part is read", async () => {
    await using server = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\n\r\n");
      const pour = () => {
        while (!socket.destroyed && socket.write("x".repeat(65_536)));
      };
      socket.on("drain", pour);
      pour();
    });
    const report = await check(server.url, { timeout: 10_000 });
    expect(report).toMatchObject({ outcome: "passed", response_code: 200 });
    expect(report.answer).toHaveLength(200);
  });

  test("a body that is compressed is not shown as text", async () => {
    const head = "HTTP/1.1 400 Bad\r\nContent-Encoding: gzip\r\nConnection: close\r\n\r\n";
    await using server = await startRawServer((socket) => socket.end(`${head}\u001f\u008b\u0008`));
    expect(await check(server.url)).toMatchObject({ response_code: 400, answer: null });
  });

  test.each([
    "<!DOCTYPE html><html><title>Sign in</title></html>",
    " \n<HTML><body>It works!</body></HTML>",
    "<?xml version='1.0'?><!-- a page --><html xmlns='x'/>",
  ])("a page of HTML is said, also where it comes with 200: %j", async (page) => {
    await using server = await startRawServer((socket) =>
      socket.end(`HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n${page}`),
    );
    const report = await check(server.url);
    expect(report.finding).toBe("the endpoint answered 200 OK with a page of HTML");
    expect(report.caveats.join()).toMatch(/not that of a SIEM's input/);
  });
});

describe("an endpoint that speaks HTTP/2 only is inconclusive", () => {
  test("where it refuses HTTP/1.1 in TLS", async () => {
    const { cert, key } = selfSignedCertificate("127.0.0.1", Date.now());
    const server = createSecureServer({ cert, key, allowHTTP1: false }).listen(0, "127.0.0.1");
    await once(server, "listening");
    try {
      const { port } = server.address() as AddressInfo;
      const options = { skipTlsVerification: true, timeout: 5_000 };
      const report = await check(`https://127.0.0.1:${port}/in`, options);
      expect(report).toMatchObject({ outcome: "error", exit_code: 1 });
      expect(report.finding).toMatch(/HTTP\/2 only/);
    } finally {
      server.close();
    }
  });

  test.each([
    ["settings", "\u0000\u0000\u0000\u0004\u0000\u0000\u0000\u0000\u0000"],
    ["a good-bye", "\u0000\u0000\u0008\u0007\u0000\u0000\u0000\u0000\u0000"],
  ])("where it answers HTTP/1.1 with %s", async (_, frame) => {
    await using server = await startRawServer((socket) => socket.end(frame, "latin1"));
    expect(await check(server.url)).toMatchObject({ outcome: "error", exit_code: 1 });
  });
});
