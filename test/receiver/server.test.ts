import { existsSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { request as httpRequest } from "node:http";
import { connect } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { deflateSync, gzipSync } from "node:zlib";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { httpEvidence, receiverEvidence } from "../../src/receiver/evidence-source.js";
import { noKeys } from "../../src/receiver/key-source.js";
import { probeUserAgent } from "../../src/receiver/probe-marker.js";
import type { ReceivedEvent } from "../../src/receiver/received-event.js";
import {
  defaultTimeouts,
  type Receiver,
  type ReceiverOptions,
  startReceiver,
} from "../../src/receiver/server.js";
import { authorization, deliver, signedLine, testKey, webhookRead } from "./deliveries.js";

const running: Receiver[] = [];

async function start(options: Partial<ReceiverOptions> = {}): Promise<Receiver> {
  const receiver = await startReceiver({ authorization, keys: noKeys, ...options });
  running.push(receiver);
  return receiver;
}

afterEach(async () => {
  await Promise.all(running.splice(0).map((receiver) => receiver.close()));
});

describe("a delivery", () => {
  test("is acknowledged with 202 and its events are handed on in order, verified", async () => {
    const { key, source } = testKey();
    const received: ReceivedEvent[] = [];
    const receiver = await start({
      keys: source,
      onEvents: (events) => void received.push(...events),
    });
    const lines = [
      signedLine(key, webhookRead({ trace_id: "1" })),
      signedLine(key, webhookRead({ trace_id: "2" }), "json"),
      signedLine(key, webhookRead({ trace_id: "3" }), "cps"),
    ];
    const response = await deliver(receiver.url, lines);
    expect(response.status).toBe(202);
    expect(received.map(({ event }) => event?.trace_id)).toEqual(["1", "2", "3"]);
    expect(received.map(({ signature }) => signature)).toEqual(["valid", "valid", "valid"]);
    expect(received.map(({ signing_key }) => signing_key)).toEqual(Array(3).fill(key.jwk.kid));
    expect(received.map(({ raw }) => raw)).toEqual(lines);
  });

  test.each([
    ["gzip", { "content-encoding": "gzip" }],
    ["the documented application/gzip", { "content-encoding": "application/gzip" }],
    ["no Content-Encoding but gzip's magic bytes", { "content-encoding": "identity" }],
  ])("is decoded with %s", async (_name, headers) => {
    const receiver = await start();
    const { key } = testKey();
    expect((await deliver(receiver.url, [signedLine(key)], { headers })).status).toBe(202);
    expect(receiver.counters.events).toBe(1);
  });

  test.each([
    ["another value", "Bearer receiver-test-credentiaL"],
    ["a longer value", `${authorization}x`],
    ["an empty value", ""],
  ])("with %s in Authorization gets 401 and leaves nothing", async (_name, value) => {
    const refusals: (number | undefined)[] = [];
    const receiver = await start({ onRefusal: (status) => refusals.push(status) });
    const response = await deliver(receiver.url, ["x"], { headers: { authorization: value } });
    expect(response.status).toBe(401);
    expect(receiver.counters.deliveries).toBe(0);
    expect(refusals).toEqual([401]);
  });

  test("with another method gets 405 and the allowed one", async () => {
    const receiver = await start();
    const wrongMethod = await deliver(receiver.url, [], { method: "GET" });
    expect(wrongMethod.status).toBe(405);
    expect(wrongMethod.headers.get("allow")).toBe("POST");
  });

  test("that decodes to more than the limit gets 413 and the next one is served", async () => {
    const receiver = await start({ limits: { compressed: 10_000, decoded: 100_000 } });
    const bomb = gzipSync(Buffer.alloc(5_000_000));
    expect(bomb.length).toBeLessThan(10_000);
    expect((await deliver(receiver.url, [], { body: bomb })).status).toBe(413);
    expect((await deliver(receiver.url, [signedLine(testKey().key)])).status).toBe(202);
  });

  test("whose compressed body is larger than the limit gets 413, announced or not", async () => {
    const receiver = await start({ limits: { compressed: 1_000, decoded: 100_000 } });
    expect((await deliver(receiver.url, [], { body: Buffer.alloc(1_001) })).status).toBe(413);
    const chunked = await new Promise<number | undefined>((resolve, reject) => {
      const request = httpRequest(receiver.url, { method: "POST", headers: { authorization } });
      request.on("response", (response) => {
        response.resume();
        resolve(response.statusCode);
      });
      request.on("error", reject);
      request.write(Buffer.alloc(600));
      request.end(Buffer.alloc(600));
    });
    expect(chunked).toBe(413);
  });

  test("that is neither gzip nor text although it says gzip gets 400, an unknown encoding 415", async () => {
    const receiver = await start();
    const deflated = deflateSync("x".repeat(100));
    expect((await deliver(receiver.url, [], { body: deflated })).status).toBe(400);
    const headers = { "content-encoding": "br" };
    expect((await deliver(receiver.url, ["x"], { headers })).status).toBe(415);
  });

  test("that can't be stored gets 500, and the repeated one is taken in", async () => {
    let broken = true;
    const received: ReceivedEvent[] = [];
    const { key, source } = testKey();
    const receiver = await start({
      keys: source,
      onEvents: (events) => {
        if (broken) throw new Error("no room");
        received.push(...events);
      },
    });
    const lines = [signedLine(key)];
    expect((await deliver(receiver.url, lines)).status).toBe(500);
    broken = false;
    expect((await deliver(receiver.url, lines)).status).toBe(202);
    expect(received).toHaveLength(1);
  });

  test("that brings signed lines again is acknowledged, and they are not handed on twice", async () => {
    const { key, source } = testKey();
    const receiver = await start({ keys: source });
    const line = signedLine(key);
    await deliver(receiver.url, [line, line]);
    await deliver(receiver.url, [line]);
    expect(receiver.counters).toMatchObject({ deliveries: 2, events: 1, duplicates: 2, valid: 1 });
  });

  test("with a line that is no audit event keeps that line beside the others", async () => {
    const received: ReceivedEvent[] = [];
    const receiver = await start({ onEvents: (events) => void received.push(...events) });
    const { key } = testKey();
    expect((await deliver(receiver.url, ["not an event", signedLine(key)])).status).toBe(202);
    expect(received.map(({ event, raw }) => [event === null, raw === "not an event"])).toEqual([
      [true, true],
      [false, false],
    ]);
  });

  test("by a sender that hangs up halfway leaves the receiver serving", async () => {
    const receiver = await start();
    const { hostname, port } = new URL(receiver.url);
    await new Promise<void>((resolve) => {
      const socket = connect(Number(port), hostname, () => {
        socket.write(
          `POST /audit-logs HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-length: 900\r\n\r\nabc`,
          () => socket.destroy(),
        );
      });
      socket.on("close", () => resolve());
    });
    expect((await deliver(receiver.url, [signedLine(testKey().key)])).status).toBe(202);
  });
});

describe("a sender that is slow on purpose", () => {
  const start408 = /^HTTP\/1\.1 408 /;

  /** Sends a part of a request, and answers what comes back until the connection is closed. */
  function sendPart(url: string, part: string): Promise<string> {
    const { hostname, port } = new URL(url);
    return new Promise((resolve, reject) => {
      let answer = "";
      const socket = connect(Number(port), hostname, () => socket.write(part));
      socket.setEncoding("utf8").on("data", (text) => {
        answer += String(text);
      });
      socket.on("close", () => resolve(answer)).on("error", reject);
    });
  }

  test.each([
    ["its headers", "POST /audit-logs HTTP/1.1\r\nhost: x\r\n"],
    [
      "its body",
      `POST /audit-logs HTTP/1.1\r\nhost: x\r\nauthorization: ${authorization}\r\ncontent-length: 900\r\n\r\nabc`,
    ],
  ])("with %s is cut off, and others are served meanwhile", async (_name, part) => {
    const receiver = await start({ timeouts: { headers: 300, request: 600 } });
    const slow = sendPart(receiver.url, part);
    expect((await deliver(receiver.url, [signedLine(testKey().key)])).status).toBe(202);
    expect(await slow).toMatch(start408);
    expect(receiver.counters.deliveries).toBe(1);
  });

  test("has ten seconds for its headers and thirty for all of it", () => {
    expect(defaultTimeouts).toEqual({ headers: 10_000, request: 30_000 });
  });
});

describe("a delivery that is acknowledged", () => {
  let folder: string;

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "konnect-audit-receiver-"));
  });

  afterEach(() => rmSync(folder, { recursive: true }));

  test("is in the file by then", async () => {
    const path = join(folder, "events.ndjson");
    const receiver = await start({ journal: { path } });
    const line = signedLine(testKey().key);
    expect((await deliver(receiver.url, [line])).status).toBe(202);
    expect(JSON.parse(readFileSync(path, "utf8"))).toMatchObject({ raw: line });
  });

  test.skipIf(!existsSync("/dev/full"))("is none where the disk is full", async () => {
    const refusals: string[] = [];
    const receiver = await start({
      journal: { path: "/dev/full" },
      onRefusal: (status, reason) => refusals.push(`${status} ${reason}`),
    });
    expect((await deliver(receiver.url, [signedLine(testKey().key)])).status).toBe(500);
    expect(refusals.join()).toMatch(/^500 .*ENOSPC/);
    expect(receiver.counters.events).toBe(0);
  });
});

describe("evidence", () => {
  const probeId = "0b6e6d3c-7a0f-4a0e-9a55-0c2d5b3c1f10";

  async function withProbe(): Promise<Receiver> {
    const { key, source } = testKey();
    const receiver = await start({ keys: source });
    const marked = webhookRead({ user_agent: probeUserAgent(probeId) });
    await deliver(receiver.url, [signedLine(key), signedLine(key, marked)]);
    return receiver;
  }

  test("of a probe is found in process and over HTTP", async () => {
    const receiver = await withProbe();
    for (const source of [receiverEvidence(receiver), httpEvidence(receiver.url)]) {
      const { events } = await source(probeId);
      expect(events).toHaveLength(1);
      expect(events[0]).toMatchObject({ probe_id: probeId, signature: "valid" });
      expect((await source("another-probe")).events).toEqual([]);
    }
  });

  test("is refused to callers that come through a tunnel, unless they know the authorization", async () => {
    const receiver = await withProbe();
    const ask = (headers: Record<string, string>) =>
      new Promise<number | undefined>((resolve, reject) => {
        const url = new URL(`/evidence/${probeId}`, receiver.url);
        httpRequest(url, { headers }, (response) => {
          response.resume();
          resolve(response.statusCode);
        })
          .on("error", reject)
          .end();
      });
    expect(await ask({ host: "abc.tunnel.example" })).toBe(401);
    expect(await ask({ "x-forwarded-for": "198.51.100.1" })).toBe(401);
    expect(await ask({ host: "abc.tunnel.example", authorization })).toBe(200);
  });

  test("of a receiver that does not run is an error with its address and a remedy", async () => {
    const receiver = await start();
    await receiver.close();
    running.splice(0);
    await expect(httpEvidence(receiver.url)(probeId)).rejects.toMatchObject({
      code: "EVIDENCE_UNREACHABLE",
      message: expect.stringContaining(new URL(receiver.url).origin),
    });
  });
});

describe("starting a receiver", () => {
  test("on a port that is taken is an error that says so", async () => {
    const receiver = await start();
    const port = Number(new URL(receiver.url).port);
    await expect(start({ port })).rejects.toMatchObject({
      code: "RECEIVER_ADDRESS_UNUSABLE",
      message: expect.stringContaining("EADDRINUSE"),
    });
  });

  test("with a Konnect token as authorization is refused", async () => {
    await expect(start({ authorization: "Bearer kpat_abc" })).rejects.toMatchObject({
      code: "RECEIVER_AUTHORIZATION_UNUSABLE",
    });
  });
});
