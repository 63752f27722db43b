import { request as httpRequest, type IncomingMessage } from "node:http";
import { connect } from "node:net";
import { connect as tlsConnect } from "node:tls";
import { gzipSync } from "node:zlib";
import { afterEach, describe, expect, test, vi } from "vitest";
import { systemClock } from "../../src/core/clock.js";
import { selfSignedCertificate } from "../../src/receiver/certificate.js";
import { noKeys } from "../../src/receiver/key-source.js";
import { probeUserAgent } from "../../src/receiver/probe-marker.js";
import type { ReceivedEvent } from "../../src/receiver/received-event.js";
import { type Receiver, type ReceiverOptions, startReceiver } from "../../src/receiver/server.js";
import { authorization, deliver, signedLine, testKey, webhookRead } from "./deliveries.js";

const running: Receiver[] = [];

async function start(options: Partial<ReceiverOptions> = {}) {
  const refusals: string[] = [];
  const receiver = await startReceiver({
    authorization,
    keys: noKeys,
    onRefusal: (status, reason) => refusals.push(`${status ?? "-"} ${reason}`),
    ...options,
  });
  running.push(receiver);
  return { receiver, refusals, port: Number(new URL(receiver.url).port) };
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

/** Sends bytes as they are; answers all that comes back until the connection is closed. */
function exchange(port: number, bytes: string | Buffer, options: { hangUp?: boolean } = {}) {
  return new Promise<string>((resolve) => {
    let answer = "";
    const socket = connect(port, "127.0.0.1", () => {
      socket.write(bytes, () => {
        if (options.hangUp) socket.destroy();
      });
    });
    socket.setEncoding("latin1").on("data", (text: string) => {
      answer += text;
    });
    socket.on("error", () => undefined).on("close", () => resolve(answer));
  });
}

function post(target: string, headers: string, body: string | Buffer = ""): Buffer {
  const bytes = Buffer.from(body);
  const head = `POST ${target} HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: ${bytes.length}\r\n${headers}\r\n\r\n`;
  return Buffer.concat([Buffer.from(head, "latin1"), bytes]);
}

describe("a delivery", () => {
  test.each([
    "/",
    "/audit-logs/",
    "//audit-logs",
    "/services/collector/raw?channel=1",
    "http://tunnel.example.com/audit-logs",
    "/evidence/x",
  ])("to %s is taken in: a tunnel, a proxy or a SIEM's preset choose the path", async (target) => {
    const { receiver, port } = await start();
    const answer = await exchange(port, post(target, `Authorization: ${authorization}`, "a line"));
    expect(answer).toMatch(/^HTTP\/1\.1 202 /);
    expect(receiver.counters.events).toBe(1);
  });

  test.each([
    ["gzip", Buffer.from("plain"), ["plain"]],
    ["gzip, identity", gzipSync("packed"), ["packed"]],
    ["gzip", Buffer.from("\ufefffirst\n \t \nsecond"), ["first", "second"]],
  ])("that says %s is read by its first bytes", async (encoding, body, lines) => {
    const received: ReceivedEvent[] = [];
    const { receiver } = await start({ onEvents: (events) => void received.push(...events) });
    const headers = { "content-encoding": encoding };
    expect((await deliver(receiver.url, [], { headers, body })).status).toBe(202);
    expect(received.map(({ raw }) => raw)).toEqual(lines);
  });

  test.each(["Bearer abc ", " Bearer abc", "Bearer abc\t", "Bearer gehëim", "Bearer", ""])(
    "can't match %j, which is refused at the start",
    async (value) => {
      await expect(start({ authorization: value })).rejects.toMatchObject({
        code: "RECEIVER_AUTHORIZATION_UNUSABLE",
      });
    },
  );

  test("of more lines than Konnect ever sends gets 413 and a clear reason, and leaves nothing", async () => {
    const { receiver, refusals } = await start();
    const body = gzipSync("a\n".repeat(4 * 1024 * 1024));
    expect((await deliver(receiver.url, [], { body })).status).toBe(413);
    expect(refusals).toEqual([expect.stringMatching(/^413 .*more than the 10000 lines/)]);
    expect(receiver.counters.events).toBe(0);
  });

  test("among many that decode to much is taken in with the others, one after the other", async () => {
    const { receiver } = await start();
    const body = gzipSync(`${"a".repeat(100_000)}\n`.repeat(80));
    const responses = await Promise.all(
      Array.from({ length: 12 }, () => deliver(receiver.url, [], { body })),
    );
    expect(responses.map(({ status }) => status)).toEqual(Array(12).fill(202));
    expect(receiver.counters.events).toBe(12 * 80);
  });

  test("beyond what may be under way at the same time gets 429, which Konnect repeats", async () => {
    const limits = { compressed: 64 * 1024 * 1024, decoded: 1_000 };
    const { receiver, port } = await start({ limits });
    const head = `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: ${limits.compressed}\r\n\r\n`;
    const slow = connect(port, "127.0.0.1");
    slow.on("error", () => undefined).write(head);
    await vi.waitUntil(async () => (await deliver(receiver.url, ["x"])).status === 429);
    const refused = await deliver(receiver.url, ["x"]);
    expect(refused.headers.get("retry-after")).toBe("1");
    slow.destroy();
    await vi.waitUntil(async () => (await deliver(receiver.url, ["x"])).status === 202);
  });

  test("is acknowledged again as soon as its store works again", async () => {
    let broken = true;
    const { receiver } = await start({
      onEvents: () => {
        if (broken) throw new Error("the disk is full");
      },
    });
    const line = signedLine(testKey().key);
    expect((await deliver(receiver.url, [line])).status).toBe(500);
    broken = false;
    expect((await deliver(receiver.url, [line])).status).toBe(202);
  });
});

describe("a refusal", () => {
  test.each([
    ["a wrong credential", "Bearer wrong", 401],
    ["a body that is too large", authorization, 413],
  ])("for %s is seen by a sender that first sends all of its body", async (_, value, status) => {
    const { port } = await start();
    const body = Buffer.alloc(5_000_000);
    const seen = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { authorization: value, "content-length": body.length };
      const request = httpRequest(
        { port, method: "POST", headers },
        (response: IncomingMessage) => {
          response.resume();
          resolve(response.statusCode);
        },
      );
      request.on("error", reject).end(body);
    });
    expect(seen).toBe(status);
  });

  test("comes before `100 Continue` where the sender waits for it", async () => {
    const { port } = await start();
    const headers = "Authorization: Bearer wrong\r\nExpect: 100-continue";
    const answer = await exchange(port, post("/", headers).toString("latin1"));
    expect(answer).toMatch(/^HTTP\/1\.1 401 /);
    const right = post("/", `Authorization: ${authorization}\r\nExpect: 100-continue`, "x");
    expect(await exchange(port, right)).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 202 /);
  });

  test("is told in clean words of bounded length, without the credential", async () => {
    const { receiver, refusals } = await start();
    const headers = { "content-encoding": `\u009b31m ${authorization} ${"x".repeat(5_000)}` };
    await deliver(receiver.url, ["x"], { headers });
    expect(refusals[0]).toMatch(/^415 /);
    expect(refusals[0]).not.toMatch(/\p{Cc}/u);
    expect(refusals[0]).not.toContain("receiver-test-credential");
    expect(refusals[0]?.length).toBeLessThan(600);
  });
});

describe("a sender", () => {
  test("that hangs up is told of as one", async () => {
    const { port, refusals } = await start();
    const part = `POST / HTTP/1.1\r\nHost: x\r\nAuthorization: ${authorization}\r\nContent-Length: 900\r\n\r\nabc`;
    await exchange(port, part, { hangUp: true });
    await vi.waitUntil(() => refusals.length > 0);
    expect(refusals).toEqual(["- the sender hung up after 3 of 900 bytes of the body"]);
  });

  test("that speaks TLS to plain HTTP is told of as such, and gets 400", async () => {
    const { port, refusals } = await start();
    const hello = Buffer.from([0x16, 3, 1, 0, 5, 1, 0, 0, 1, 0]);
    expect(await exchange(port, hello)).toMatch(/^HTTP\/1\.1 400 /);
    expect(refusals).toEqual(["400 the sender speaks TLS, this receiver plain HTTP"]);
  });

  test("that speaks plain HTTP to HTTPS is told of as such", async () => {
    const tls = selfSignedCertificate("127.0.0.1", systemClock.now());
    const { port, refusals } = await start({ tls });
    await exchange(port, post("/", "Authorization: x"));
    await vi.waitUntil(() => refusals.length > 0);
    expect(refusals).toEqual(["- the sender speaks plain HTTP, this receiver HTTPS"]);
  });

  test("that does not finish its TLS handshake is cut off, and others are served", async () => {
    const tls = selfSignedCertificate("127.0.0.1", systemClock.now());
    const { port, refusals } = await start({ tls, timeouts: { headers: 300, request: 600 } });
    await exchange(port, "");
    expect(refusals).toEqual(["- the TLS handshake was not complete in time"]);
    const served = await new Promise<string>((resolve) => {
      const socket = tlsConnect({ port, host: "127.0.0.1", rejectUnauthorized: false }, () =>
        socket.write("GET / HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"),
      );
      socket.on("data", (text) => resolve(String(text)));
    });
    expect(served).toMatch(/^HTTP\/1\.1 405 /);
  });

  test("of a header that is too large gets 431", async () => {
    const { port } = await start();
    const answer = await exchange(port, post("/", `X: ${"a".repeat(20_000)}`));
    expect(answer).toMatch(/^HTTP\/1\.1 431 /);
  });
});

describe("evidence without the credential", () => {
  const probeId = "0b6e6d3c-7a0f-4a0e-9a55-0c2d5b3c1f10";

  async function ask(headers: (port: number) => string, options: Partial<ReceiverOptions> = {}) {
    const { key, source } = testKey();
    const { receiver, port } = await start({ keys: source, ...options });
    await deliver(receiver.url, [
      signedLine(key, webhookRead({ user_agent: probeUserAgent(probeId) })),
    ]);
    const answer = await exchange(
      port,
      `GET /evidence/${probeId} HTTP/1.1\r\n${headers(port)}\r\nConnection: close\r\n\r\n`,
    );
    return answer.slice(9, 12);
  }

  test.each(["127.0.0.1", "localhost", "[::1]", "LocalHost"])(
    "is there for callers on this machine that name it %s",
    async (host) => {
      expect(await ask((port) => `Host: ${host}:${port}`)).toBe("200");
    },
  );

  test.each([
    "Host: localhost",
    "Host: localhost:80",
    "Host: evil.example:PORT",
    "Host: 127.0.0.1.evil.example:PORT",
    "Host: 127.1:PORT",
    "Host: x@localhost:PORT",
    "Host: localhost:PORT\r\nHost: evil.example",
    "Host: localhost:PORT\r\nForwarded: for=198.51.100.1",
    "Host: localhost:PORT\r\nX-Forwarded-For:",
    "Host: localhost:PORT\r\nX-Forwarded-Proto: https",
    "Host: localhost:PORT\r\nVia: 1.1 nginx",
    "Host: localhost:PORT\r\nX-Real-IP: 198.51.100.1",
    "Host: localhost:PORT\r\nCF-Connecting-IP: 198.51.100.1",
    "Host: localhost:PORT\r\nTrue-Client-IP: 198.51.100.1",
  ])("is refused with %j", async (headers) => {
    expect(await ask((port) => headers.replaceAll("PORT", String(port)))).toMatch(/40[01]/);
  });

  test("is refused to everybody where the receiver is published through a tunnel", async () => {
    const published = { published: true };
    expect(await ask((port) => `Host: localhost:${port}`, published)).toBe("401");
    const withCredential = (port: number) =>
      `Host: localhost:${port}\r\nAuthorization: ${authorization}`;
    expect(await ask(withCredential, published)).toBe("200");
  });
});
