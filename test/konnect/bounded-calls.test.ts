import { once } from "node:events";
import { type AddressInfo, createServer, type Socket } from "node:net";
import { describe, expect, test } from "vitest";
import { createKonnectClient, type KonnectClientOptions } from "../../src/konnect/client.js";
import { createDispatcher } from "../../src/konnect/dispatcher.js";
import { KonnectError } from "../../src/konnect/errors.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

/** A TCP server on loopback that does this with each connection; its first data has come. */
async function startRawServer(answer: (socket: Socket) => void) {
  const sockets = new Set<Socket>();
  const server = createServer((socket) => {
    sockets.add(socket);
    socket.on("error", () => {});
    socket.once("data", () => answer(socket));
  }).listen(0, "127.0.0.1");
  await once(server, "listening");
  return {
    host: `127.0.0.1:${(server.address() as AddressInfo).port}`,
    connections: () => sockets.size,
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((closed) => server.close(closed));
    },
  };
}

async function failureOf(work: Promise<unknown>): Promise<KonnectError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!KonnectError.is(error)) throw new Error(`expected a KonnectError, got ${error}`);
  return error;
}

const clientOf = (serverUrl: string, options: Partial<KonnectClientOptions> = {}) =>
  createKonnectClient({
    token: "kpat_x",
    serverUrl,
    clock: createFakeClock(),
    retry: { maxRetries: 0 },
    ...options,
  });

/** Sends something again and again until the other side has gone. */
function drip(socket: Socket, text: string): void {
  const timer = setInterval(() => socket.write(text), 10);
  socket.on("close", () => clearInterval(timer));
}

// undici gives a connection ten seconds; what waits for that fails here.
describe("the time that a call may take", { timeout: 8_000 }, () => {
  test.each<[string, string, (socket: Socket) => void]>([
    ["an answer that does not come", "http", () => {}],
    ["half a status line", "http", (socket) => socket.write("HTTP/1.1 2")],
    ["a status line that drips", "http", (socket) => drip(socket, "H")],
    [
      "headers that drip",
      "http",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\n");
        drip(socket, "x: y\r\n");
      },
    ],
    [
      "a body that drips",
      "http",
      (socket) => {
        socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{");
        drip(socket, " ");
      },
    ],
    [
      "an error's body that drips",
      "http",
      (socket) => {
        socket.write("HTTP/1.1 400 Bad\r\ntransfer-encoding: chunked\r\n\r\n");
        drip(socket, "1\r\n{\r\n");
      },
    ],
    ["endless interim answers", "http", (socket) => drip(socket, "HTTP/1.1 103 Early\r\n\r\n")],
    ["TLS that never finishes", "https", () => {}],
    ["TLS that drips", "https", (socket) => drip(socket, "\u0016")],
  ])("covers %s", async (_, scheme, answer) => {
    await using server = await startRawServer(answer);
    const client = clientOf(`${scheme}://${server.host}/{region}`, { requestTimeout: 150 });
    const { code } = await failureOf(client.getWebhook("eu"));
    // Dripping a status line or a handshake may be refused as what it is not before the time is up.
    expect(["KONNECT_TIMEOUT", "KONNECT_UNREACHABLE"]).toContain(code);
    await client.close();
  });

  test("covers a proxy that never answers, and one that opens a tunnel to nobody", async () => {
    for (const answer of [() => {}, (socket: Socket) => socket.write("HTTP/1.1 200 OK\r\n\r\n")]) {
      await using proxy = await startRawServer(answer);
      const dispatcher = createDispatcher({ HTTPS_PROXY: `http://${proxy.host}` });
      const serverUrl = "https://{region}.konnect.invalid";
      const client = clientOf(serverUrl, { dispatcher, requestTimeout: 150 });
      expect((await failureOf(client.getWebhook("eu"))).code).toBe("KONNECT_TIMEOUT");
      await dispatcher.destroy();
    }
  });

  test("ends with the caller's patience: while it connects, while it is answered, while it waits", async () => {
    await using silent = await startRawServer(() => {});
    await using dripping = await startRawServer((socket) => {
      socket.write("HTTP/1.1 200 OK\r\ncontent-length: 100000\r\n\r\n{");
      drip(socket, " ");
    });
    for (const serverUrl of [
      `https://${silent.host}/{region}`,
      `http://${dripping.host}/{region}`,
    ]) {
      const client = clientOf(serverUrl, { requestTimeout: 3_600_000 });
      const calling = client.getWebhook("eu", { signal: AbortSignal.timeout(100) });
      expect((await failureOf(calling)).code).toBe("KONNECT_CANCELLED");
      await client.close();
    }

    await using busy = await startScriptedServer(answers.json(503, {}));
    const patient = createKonnectClient({
      token: "kpat_x",
      serverUrl: `${busy.url}/{region}`,
      retry: { minWait: 3_600_000, maxWait: 3_600_000 },
    });
    const waiting = patient.getWebhook("eu", { signal: AbortSignal.timeout(100) });
    expect((await failureOf(waiting)).code).toBe("KONNECT_CANCELLED");
    expect(busy.requests).toHaveLength(1);
    await patient.close();
  });

  test("is not waited for again when the caller has given up", async () => {
    const stop = new AbortController();
    const slept: number[] = [];
    const clock = {
      ...createFakeClock(),
      async sleep(milliseconds: number) {
        slept.push(milliseconds);
      },
    };
    await using server = await startScriptedServer(() => stop.abort());
    const client = clientOf(`${server.url}/{region}`, { clock, retry: { maxRetries: 3 } });
    const error = await failureOf(client.getWebhook("eu", { signal: stop.signal }));
    expect(error.code).toBe("KONNECT_CANCELLED");
    expect(slept).toEqual([]);
    expect(server.requests).toHaveLength(1);
    await client.close();
  });
});

describe("a failure that would come again", () => {
  test("is tried once: a host without TLS, and a proxy that refuses", async () => {
    await using plain = await startScriptedServer(answers.json(200, {}));
    const clock = createFakeClock();
    const retry = { maxRetries: 4 };
    const serverUrl = `${plain.url.replace("http:", "https:")}/{region}`;
    const client = clientOf(serverUrl, { clock, retry });
    expect((await failureOf(client.getWebhook("eu"))).code).toBe("KONNECT_UNREACHABLE");

    await using proxy = await startRawServer((socket) =>
      socket.end("HTTP/1.1 407 \u001b[31mNo\r\nproxy-authenticate: Basic\r\n\r\n"),
    );
    const dispatcher = createDispatcher({ HTTPS_PROXY: `http://u:p4ssw0rd-planted@${proxy.host}` });
    const behind = clientOf("https://{region}.konnect.invalid", { clock, retry, dispatcher });
    const error = await failureOf(behind.getWebhook("eu"));
    expect(error.message).toMatch(/no connection to eu\.konnect\.invalid \(PROXY_REFUSED 407\)/);
    expect(error.remedy).toMatch(/proxy that HTTPS_PROXY names/);
    expect(proxy.connections()).toBe(1);
    expect(clock.slept).toEqual([]);
    await client.close();
    await dispatcher.destroy();
  });

  test("is told from one that may pass: a proxy that closes is asked as often as the policy says", async () => {
    await using proxy = await startRawServer((socket) => socket.end());
    const dispatcher = createDispatcher({ HTTPS_PROXY: `http://${proxy.host}` });
    const client = clientOf("https://{region}.konnect.invalid", {
      dispatcher,
      retry: { maxRetries: 2 },
    });
    const error = await failureOf(client.getWebhook("eu"));
    expect(error.message).toContain("(PROXY_UNREACHABLE ");
    expect(proxy.connections()).toBe(3);
    await dispatcher.destroy();
  });
});

describe("the size of an answer", () => {
  test("is bounded: one without an end is given up, and not asked for again", async () => {
    await using server = await startScriptedServer((response) => {
      response.writeHead(200, { "content-type": "application/json" });
      const more = () => {
        while (!response.destroyed && response.write(Buffer.alloc(1 << 20, " ")));
      };
      response.on("drain", more);
      more();
    });
    const client = clientOf(`${server.url}/{region}`, { retry: { maxRetries: 3 } });
    const calls = [() => client.getWebhook("eu"), () => client.getJwks("eu")];
    for (const call of calls) {
      const error = await failureOf(call());
      expect(error.code).toBe("KONNECT_UNREADABLE_ANSWER");
      expect(error.message).toMatch(/is longer than 16 MiB/);
    }
    expect(server.requests).toHaveLength(2);
    await client.close();
  });
});

describe("times and counts", () => {
  test.each<[string, Partial<KonnectClientOptions>]>([
    ["requestTimeout", { requestTimeout: 0 }],
    ["requestTimeout", { requestTimeout: -1 }],
    ["requestTimeout", { requestTimeout: Number.NaN }],
    ["requestTimeout", { requestTimeout: Number.POSITIVE_INFINITY }],
    ["requestTimeout", { requestTimeout: 2 ** 31 }],
    ["maxRetries", { retry: { maxRetries: -1 } }],
    ["maxRetries", { retry: { maxRetries: 1.5 } }],
    ["maxRetries", { retry: { maxRetries: 1e9 } }],
    ["minWait", { retry: { minWait: 0 } }],
    ["maxWait", { retry: { maxWait: -1 } }],
    ["maxWait", { retry: { maxWait: 2 ** 31 } }],
  ])("that can't be kept are refused by name: %s, %j", (name, options) => {
    expect(() => clientOf("http://127.0.0.1:9/{region}", options)).toThrow(
      expect.objectContaining({ code: "KONNECT_OPTION_INVALID", setting: name }),
    );
  });
});
