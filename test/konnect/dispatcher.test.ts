import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { afterEach, describe, expect, test } from "vitest";
import { createKonnectClient } from "../../src/konnect/client.js";
import { createDispatcher } from "../../src/konnect/dispatcher.js";

const ends: (() => unknown)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

/** A proxy that does with each connection what a test wants. */
async function startProxy(serve: (socket: Socket, request: string) => void) {
  const sockets = new Set<Socket>();
  const requests: string[] = [];
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => undefined);
    socket.once("data", (data) => {
      requests.push(data.toString("latin1"));
      serve(socket, data.toString("latin1"));
    });
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  ends.push(() => {
    for (const socket of sockets) socket.destroy();
    server.close();
  });
  return { host: `127.0.0.1:${(server.address() as AddressInfo).port}`, requests, sockets };
}

function clientBehind(proxy: string) {
  const dispatcher = createDispatcher({ HTTPS_PROXY: proxy });
  const client = createKonnectClient({
    token: "kpat_x",
    serverUrl: "https://{region}.konnect.invalid",
    dispatcher,
    requestTimeout: 3_000,
    retry: { maxRetries: 0 },
  });
  ends.push(() => dispatcher.destroy());
  return { client, dispatcher };
}

describe("a call to Konnect through a proxy", () => {
  test.each([
    ["closes the connection", (socket: Socket) => socket.end()],
    ["resets the connection", (socket: Socket) => socket.resetAndDestroy()],
    ["refuses", (socket: Socket) => socket.end("HTTP/1.1 407 No\r\n\r\n")],
    ["speaks no HTTP", (socket: Socket) => socket.end("\u0000\u0001\u0002")],
  ])(
    "that %s when asked to connect fails at the first try, and does not wait",
    async (_, serve) => {
      const proxy = await startProxy(serve);
      const { client } = clientBehind(`http://${proxy.host}`);
      await expect(client.getWebhook("eu")).rejects.toMatchObject({ code: "KONNECT_UNREACHABLE" });
      expect(proxy.requests).toHaveLength(1);
    },
  );

  test("shows it user and password, also one with a bare %", async () => {
    const proxy = await startProxy((socket) => socket.end("HTTP/1.1 502 No\r\n\r\n"));
    const { client } = clientBehind(`http://me:50%pass@${proxy.host}`);
    await expect(client.getWebhook("eu")).rejects.toThrow(/no connection to/);
    const basic = Buffer.from("me:50%pass").toString("base64");
    expect(proxy.requests[0]).toMatch(/^CONNECT eu\.konnect\.invalid:443 /);
    expect(proxy.requests[0]).toContain(`Basic ${basic}`);
  });

  test.each([
    ["the tunnel", () => undefined],
    ["TLS", (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n")],
  ])("leaves no connection behind that waits for %s when the dispatcher ends", async (_, serve) => {
    const proxy = await startProxy(serve);
    const { client, dispatcher } = clientBehind(`http://${proxy.host}`);
    const stop = new AbortController();
    const call = client.getWebhook("eu", { signal: stop.signal });
    const failed = expect(call).rejects.toMatchObject({ code: "KONNECT_CANCELLED" });
    while (proxy.requests.length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    const [socket] = proxy.sockets;
    stop.abort();
    await failed;
    const closed = socket && once(socket, "close");
    await dispatcher.destroy();
    await closed;
    expect(socket?.destroyed).toBe(true);
  });
});
