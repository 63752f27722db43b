import { getEventListeners } from "node:events";
import { Agent } from "undici";
import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { ownText } from "../../src/core/foreign-text.js";
import { KonnectError } from "../../src/konnect/errors.js";
import { defaultRetryPolicy } from "../../src/konnect/retry.js";
import { type Call, Transport, type TransportOptions } from "../../src/konnect/transport.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

const body = z.object({ a: z.number() });
const get = {
  action: ownText("read it"),
  region: "eu",
  method: "GET",
  path: "/v2/x",
  answer: body,
} as const;
const remove = {
  action: ownText("remove it"),
  region: "eu",
  method: "DELETE",
  path: "/v2/x",
} as const;

function transportTo(url: string, options: Partial<TransportOptions> = {}) {
  const clock = createFakeClock();
  const transport = new Transport({
    serverUrl: `${url}/{region}`,
    token: "kpat_planted-token",
    secrets: ["planted-password"],
    userAgent: "agent/1",
    requestTimeout: 5_000,
    retry: defaultRetryPolicy,
    clock,
    random: () => 0,
    ...options,
  });
  return { transport, clock };
}

async function failureOf(work: Promise<unknown>): Promise<KonnectError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(KonnectError);
  return error as KonnectError;
}

describe("a call", () => {
  test("has the headers that it needs, and no others of ours", async () => {
    await using server = await startScriptedServer(answers.json(200, { a: 1 }));
    const { transport } = transportTo(server.url);
    await transport.send({ ...get, query: { "page[size]": "1", b: "x y" } });
    await transport.send({ ...get, query: {}, userAgent: "other/2" });
    await transport.send({ ...get, method: "PATCH", body: { authorization: "x" } });
    const [plain, other, write] = server.requests;
    expect(plain?.url).toBe("/eu/v2/x?page%5Bsize%5D=1&b=x+y");
    expect(plain?.headers).toMatchObject({
      accept: "application/json, application/problem+json",
      authorization: "Bearer kpat_planted-token",
      "user-agent": "agent/1",
    });
    expect(plain?.headers).not.toHaveProperty("content-type");
    expect(plain?.body).toBe("");
    expect([other?.url, other?.headers["user-agent"]]).toEqual(["/eu/v2/x", "other/2"]);
    expect(write?.headers["content-type"]).toBe("application/json");
    expect(write?.body).toBe('{"authorization":"x"}');
    await transport.close();
  });

  test.each([
    [200, true],
    [299, true],
    [300, false],
    [304, false],
  ])("that is answered with %i is an answer: %j", async (status, expected) => {
    await using server = await startScriptedServer(answers.json(status, { a: 1 }));
    const { transport } = transportTo(server.url);
    const done = await transport.send(get).then(
      ({ status: got, body: read }) => [got, read],
      (error: KonnectError) => error.code,
    );
    expect(done).toEqual(expected ? [status, { a: 1 }] : "KONNECT_UNEXPECTED_STATUS");
    await transport.close();
  });

  test("without a schema gives status and date, and drops the body", async () => {
    const date = "Sun, 22 Nov 2026 12:00:00 GMT";
    await using server = await startScriptedServer(answers.json(202, { a: 1 }, { date }));
    const { transport } = transportTo(server.url);
    const told = await transport.send(remove);
    expect(told).toEqual({ status: 202, date: Date.parse(date), body: undefined });
    await transport.close();
  });

  test("whose answer quotes a secret shows none of it", async () => {
    const detail = "kpat_planted-token planted-password Splunk planted-credential";
    await using server = await startScriptedServer(answers.json(400, { detail }));
    const { transport } = transportTo(server.url);
    const write = {
      ...get,
      method: "PATCH",
      body: { authorization: "Splunk planted-credential" },
    } as const;
    expect((await failureOf(transport.send(write))).message).not.toMatch(/planted/);
    await transport.close();
  });

  test("whose answer quotes the credential that it sent, in any place, shows none of it", async () => {
    const answer = answers.json(400, { title: "c-7f3e9a51 is what c-7f3e9a51 is" });
    await using server = await startScriptedServer(answer);
    const { transport } = transportTo(server.url);
    const write = { ...get, method: "PATCH", body: { authorization: "c-7f3e9a51" } } as const;
    const { message } = await failureOf(transport.send(write));
    expect(message).toContain("*** is what *** is");
    await transport.close();
  });
});

describe("an answer", () => {
  test("is cleaned of what the caller learned in the meantime, and as the caller says", async () => {
    const named = z.object({ name: z.string() });
    await using server = await startScriptedServer(
      answers.json(200, { name: "Splunk later-planted" }),
    );
    const { transport } = transportTo(server.url);
    const call: Call<{ name: string }> = { ...get, answer: named };
    expect((await transport.send(call)).body).toEqual({ name: "Splunk later-planted" });
    transport.protect("later-planted");
    const cleaned: Call<{ name: string }>["cleaned"] = ({ name }, clean) => ({ name: clean(name) });
    expect((await transport.send({ ...call, cleaned })).body).toEqual({ name: "Splunk ***" });
    await transport.close();
  });

  test("of up to 16 MiB is read, and one byte more is refused", async () => {
    const sized = (bytes: number) =>
      answers.text(200, `{"a":1${" ".repeat(bytes - 8)} }`, "application/json");
    const most = 16 * 1024 * 1024;
    await using server = await startScriptedServer(sized(most), sized(most + 1));
    const { transport } = transportTo(server.url, { requestTimeout: 25_000 });
    expect((await transport.send(get)).body).toEqual({ a: 1 });
    const { code, message, region } = await failureOf(transport.send(get));
    expect([code, region]).toEqual(["KONNECT_UNREADABLE_ANSWER", "eu"]);
    expect(message).toMatch(
      /read it in region "eu": the answer to GET \/v2\/x is longer than 16 MiB/,
    );
    await transport.close();
  });

  test("that refuses is quoted up to 256 KiB, and one that is longer is not", async () => {
    const sized = (bytes: number) => {
      const start = '{"detail":"the cause"';
      return answers.text(400, `${start}${" ".repeat(bytes - start.length - 1)}}`);
    };
    await using server = await startScriptedServer(sized(256 * 1024), sized(256 * 1024 + 1));
    const { transport } = transportTo(server.url);
    expect((await failureOf(transport.send(get))).message).toContain("the cause");
    const { code, message } = await failureOf(transport.send(get));
    expect(code).toBe("KONNECT_BAD_REQUEST");
    expect(message).not.toContain("the cause");
    await transport.close();
  });
});

describe("a write", () => {
  const write = { ...get, method: "PATCH", body: { a: 1 } } as const;
  const post = { ...get, method: "POST", body: { a: 1 } } as const;
  const done = answers.json(200, { a: 1 });
  type Answer = Parameters<typeof startScriptedServer>[0];

  test.each<[string, Call<{ a: number }>, Answer, number]>([
    ["PATCH", write, answers.reset(), 2],
    ["PATCH", write, answers.json(504, {}), 2],
    ["PATCH", write, answers.json(500, {}), 1],
    ["PATCH, done once,", { ...write, once: true }, answers.reset(), 1],
    ["PATCH, done once,", { ...write, once: true }, answers.json(504, {}), 1],
    ["PATCH, done once,", { ...write, once: true }, answers.json(503, {}), 2],
    ["POST", post, answers.reset(), 1],
    ["POST", post, answers.json(502, {}), 1],
    ["POST", post, answers.json(429, {}), 2],
    ["POST, done as often as it takes,", { ...post, once: false }, answers.reset(), 2],
  ])("%s is repeated only where that does nothing twice (%#)", async (_, call, answer, tries) => {
    await using server = await startScriptedServer(answer, done);
    const { transport, clock } = transportTo(server.url);
    const ended = await transport.send(call).then(
      ({ status }) => status,
      ({ region }: KonnectError) => region,
    );
    expect([ended, server.requests.length, clock.slept.length]).toEqual([
      tries > 1 ? 200 : "eu",
      tries,
      tries - 1,
    ]);
    await transport.close();
  });

  test("waits as long as the answer says, by its first word, and else as the policy does", async () => {
    await using server = await startScriptedServer(
      (response) => response.writeHead(429, ["retry-after", "7", "retry-after", "9"]).end(),
      answers.reset(),
      done,
    );
    const { transport, clock } = transportTo(server.url);
    await transport.send(write);
    expect(clock.slept).toEqual([7_000, defaultRetryPolicy.minWait]);
    await transport.close();
  });
});

test("a call leaves nothing behind in its caller's signal, however it ends", async () => {
  await using server = await startScriptedServer(
    answers.json(200, { a: 1 }),
    answers.json(404, {}),
    answers.reset(),
  );
  const { transport } = transportTo(server.url, {
    retry: { ...defaultRetryPolicy, maxRetries: 0 },
  });
  const { signal } = new AbortController();
  await transport.send({ ...get, signal });
  await failureOf(transport.send({ ...get, signal }));
  await failureOf(transport.send({ ...get, signal }));
  expect(getEventListeners(signal, "abort")).toEqual([]);
  await transport.close();
});

test("a host that can't be reached is named as it was tried", async () => {
  const retry = { ...defaultRetryPolicy, maxRetries: 0 };
  await using server = await startScriptedServer(answers.reset());
  const { transport } = transportTo(server.url, { retry });
  const { code, message } = await failureOf(transport.send(get));
  expect(code).toBe("KONNECT_UNREACHABLE");
  expect(message).toContain(`no connection to ${new URL(server.url).host}`);
  await transport.close();
});

describe("an object that may not be there", () => {
  const calls = (transport: Transport) => [transport.find(get), transport.remove(remove)] as const;

  test("is none for 404, and nothing else", async () => {
    await using server = await startScriptedServer(answers.json(404, {}));
    const { transport } = transportTo(server.url);
    expect(await Promise.all(calls(transport))).toEqual([undefined, false]);
    await transport.close();
  });

  test.each([400, 403, 409, 500])("is not told by %i", async (status) => {
    await using server = await startScriptedServer(answers.json(status, {}));
    const { transport } = transportTo(server.url);
    for (const call of calls(transport)) expect((await failureOf(call)).status).toBe(status);
    await transport.close();
  });
});

describe("a call that fails", () => {
  const twice = { retry: { ...defaultRetryPolicy, maxRetries: 1 } };

  test.each([
    ["is not answered in time", answers.silence(), "KONNECT_TIMEOUT", 2],
    ["loses its connection", answers.reset(), "KONNECT_UNREACHABLE", 2],
    ["gets no answer that can be read", answers.text(200, "x"), "KONNECT_UNREADABLE_ANSWER", 1],
    [
      "gets more than any answer has",
      answers.json(200, { a: "x".repeat(17 << 20) }),
      "KONNECT_UNREADABLE_ANSWER",
      1,
    ],
  ])("because it %s ends so after the tries that make sense", async (_, answer, code, tries) => {
    await using server = await startScriptedServer(answer);
    // An answer of megabytes takes a busy machine seconds.
    const requestTimeout = code === "KONNECT_TIMEOUT" ? 500 : 25_000;
    const { transport } = transportTo(server.url, { ...twice, requestTimeout });
    const error = await failureOf(transport.send(get));
    expect([error.code, server.requests.length]).toEqual([code, tries]);
    await transport.close();
  });

  test("by an answer that is too long is one all the same", async () => {
    await using server = await startScriptedServer(answers.text(403, "x".repeat(300 * 1024)));
    const { transport } = transportTo(server.url);
    expect(await failureOf(transport.send(get))).toMatchObject({ code: "KONNECT_FORBIDDEN" });
    await transport.close();
  });

  test("because it was cancelled is over: no wait and no other try follows", async () => {
    const stop = new AbortController();
    let waits = 0;
    const clock: TransportOptions["clock"] = {
      ...createFakeClock(),
      sleep: async () => {
        waits += 1; // and does not look at the signal
      },
    };
    await using server = await startScriptedServer(() => stop.abort());
    const { transport } = transportTo(server.url, { ...twice, clock });
    const error = await failureOf(transport.send({ ...get, signal: stop.signal }));
    expect([error.code, waits, server.requests.length]).toEqual(["KONNECT_CANCELLED", 0, 1]);
    await transport.close();
  });

  test("is not repeated once it is cancelled, nor waited for", async () => {
    const stop = new AbortController();
    const clock = createFakeClock();
    const never: TransportOptions["clock"] = {
      ...clock,
      sleep: (_, { signal } = {}) =>
        new Promise((_resolve, reject) => {
          signal?.addEventListener("abort", () => reject(signal.reason));
          stop.abort();
        }),
    };
    await using server = await startScriptedServer(answers.json(503, {}));
    const { transport } = transportTo(server.url, { clock: never });
    const call: Call<{ a: number }> = { ...get, signal: stop.signal };
    expect((await failureOf(transport.send(call))).code).toBe("KONNECT_CANCELLED");
    expect(server.requests).toHaveLength(1);
    await transport.close();
  });
});

test("connections of its own are closed, those that were handed in are not", async () => {
  await using server = await startScriptedServer(answers.json(200, { a: 1 }));
  const dispatcher = new Agent();
  const lent = transportTo(server.url, { dispatcher }).transport;
  await lent.close();
  expect((await lent.send(get)).body).toEqual({ a: 1 });
  await dispatcher.destroy();
  await expect(lent.send(get)).rejects.toThrow();
  const { transport } = transportTo(server.url);
  await transport.send(get);
  await transport.close();
  await expect(transport.send(get)).rejects.toThrow();
});
