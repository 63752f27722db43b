import { once } from "node:events";
import { createServer, type Server } from "node:http";
import type { AddressInfo, Socket } from "node:net";
import { PassThrough } from "node:stream";
import { afterEach, beforeEach, expect, test } from "vitest";
import type { CliIo } from "../../src/cli/io.js";
import { verificationKeys } from "../../src/cli/keys.js";
import { CleanUps } from "../../src/core/clean-ups.js";
import { systemClock } from "../../src/core/clock.js";
import { createSigningKey, formatJwks } from "../../src/events/jwks.js";

let server: Server;
beforeEach(() => {
  server = createServer();
});
afterEach(() => {
  server.closeAllConnections();
  server.close();
});

async function listening(): Promise<number> {
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  return (server.address() as AddressInfo).port;
}

function ioWith(env: Record<string, string>): CliIo {
  return {
    stdout: new PassThrough(),
    stderr: new PassThrough(),
    env,
    signal: new AbortController().signal,
    cleanUps: new CleanUps(),
    watchParent: () => () => undefined,
    clock: systemClock,
    random: Math.random,
    cwd: process.cwd(),
    interactive: false,
    exitCode: () => undefined,
  };
}

test.each(["", "  ", "\n"])("a server URL of %j is none: Konnect is asked", async (url) => {
  const asked: string[] = [];
  server.on("connect", (request, socket) => {
    asked.push(request.url ?? "");
    socket.end("HTTP/1.1 503 No\r\n\r\n");
  });
  const proxy = `http://127.0.0.1:${await listening()}`;
  const env = { KONNECT_SERVER_URL: url, HTTPS_PROXY: proxy };
  const keys = await verificationKeys({ region: ["eu"] }, ioWith(env));
  const { problems } = await keys.source();
  await keys.close();
  expect(asked).toEqual(["eu.api.konghq.com:443"]);
  expect(problems).toHaveLength(1);
});

test("end the connections that the keys came over", async () => {
  const sockets: Socket[] = [];
  server.on("connection", (socket) => sockets.push(socket));
  server.on("request", (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    response.end(JSON.stringify(formatJwks([createSigningKey()])));
  });
  const env = { KONNECT_SERVER_URL: `http://127.0.0.1:${await listening()}/{region}` };
  const keys = await verificationKeys({ region: ["eu"] }, ioWith(env));
  expect((await keys.source()).keySet.keys).toHaveLength(1);
  const [socket] = sockets;
  const closed = once(socket as Socket, "close");
  await keys.close();
  await closed;
});
