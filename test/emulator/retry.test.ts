import { createServer as createTlsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { describe, expect, test } from "vitest";
import { type AttemptResult, nextWait } from "../../src/emulator/delivery/retry.js";
import { selfSignedCertificate } from "../../src/receiver/certificate.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const answered = (status: number, retryAfter?: string): AttemptResult => ({
  kind: "answered",
  status,
  message: "",
  retryAfter,
});
const connectionError: AttemptResult = {
  kind: "failed",
  message: "",
  untrustedCertificate: false,
};
const badCertificate: AttemptResult = { ...connectionError, untrustedCertificate: true };
const refused: AttemptResult = { kind: "refused", message: "" };
const now = Date.parse("2026-11-22T12:00:00Z");

describe("the wait after a failed attempt", () => {
  test.each([
    ["connection error", connectionError, 1000, 1000],
    ["untrusted certificate", badCertificate, 1000, undefined],
    ["plain http", refused, undefined, undefined],
    ["500", answered(500), 1000, 1000],
    ["429", answered(429), 1000, 1000],
    ["429 with Retry-After", answered(429, "7"), 1000, 7000],
    ["503 with a date", answered(503, "Sun, 22 Nov 2026 12:00:09 GMT"), undefined, 9000],
    ["429 with nonsense", answered(429, "soon"), 1000, 1000],
    ["500 with Retry-After", answered(500, "7"), 1000, 1000],
    ["501", answered(501), undefined, undefined],
    ["502", answered(502), undefined, 1000],
    ["503", answered(503), undefined, 1000],
    ["504", answered(504), undefined, 1000],
    ["400", answered(400), undefined, undefined],
    ["401", answered(401), undefined, undefined],
    ["403", answered(403), undefined, undefined],
    ["404", answered(404), undefined, undefined],
    ["413", answered(413), undefined, undefined],
    ["301", answered(301), undefined, undefined],
  ])("by %s is as the profile says", (_, result, documented, retryablehttp) => {
    expect(nextWait(result, 0, "documented", now)).toBe(documented);
    expect(nextWait(result, 0, "retryablehttp", now)).toBe(retryablehttp);
  });

  test.each([
    [0, 1000],
    [1, 2000],
    [2, 4000],
    [3, 8000],
    [4, undefined],
  ])(
    "after %i retries is %i ms: from 1 s on it doubles, and four are the most",
    (retries, wait) => {
      expect(nextWait(answered(500), retries, "documented", now)).toBe(wait);
      expect(nextWait(answered(500), retries, "retryablehttp", now)).toBe(wait);
    },
  );
});

type Stage = Awaited<ReturnType<typeof startStage>>;
type Siem = Awaited<ReturnType<typeof startSiem>>;

const path = "/eu/v2/audit-log-webhook";
const on = (endpoint: string) => ({ endpoint, authorization: "Bearer x", enabled: true });

describe("the delivery status", () => {
  const transitions: readonly (readonly [
    string,
    (stage: Stage, siem: Siem) => Promise<unknown>,
    object,
  ])[] = [
    [
      "never configured",
      async () => {},
      { webhook_enabled: false, webhook_status: "unconfigured", last_attempt_at: undefined },
    ],
    [
      "configured, not shipping",
      (stage, siem) => stage.call("PATCH", path, { ...on(siem.url), enabled: false }),
      { webhook_enabled: false, webhook_status: "active", last_attempt_at: undefined },
    ],
    [
      "enabled, no attempt yet",
      async (stage, siem) => {
        stage.emulator.faults.add({ count: 1, delivery: { kind: "drop" } });
        await stage.call("PATCH", path, on(siem.url));
      },
      { webhook_enabled: true, webhook_status: "active", last_attempt_at: undefined },
    ],
    [
      "enabled, the last attempt succeeded",
      (stage) => stage.call("GET", path),
      {
        webhook_enabled: true,
        webhook_status: "active",
        last_response_code: 202,
        last_response_message: "Accepted",
        last_attempt_at: expect.stringMatching(/^2026-11-22T12:0\d:\d\d(\.\d)?Z$/),
      },
    ],
    [
      "enabled, the last attempt failed",
      async (stage, siem) => {
        siem.answerNext(401);
        siem.answerNext(401); // what the look at the status causes
        await stage.call("GET", path);
      },
      {
        webhook_enabled: true,
        webhook_status: "inactive",
        last_response_code: 401,
        last_response_message: "Unauthorized",
      },
    ],
    [
      "turned off after a failed attempt",
      (stage) => stage.call("PATCH", path, { enabled: false }),
      { webhook_enabled: false, webhook_status: "inactive" },
    ],
    [
      "turned on again",
      (stage) => stage.call("PATCH", path, { enabled: true }),
      { webhook_enabled: true, webhook_status: "active" },
    ],
    [
      "failed, and accepted at the next batch",
      async (stage, siem) => {
        siem.answerNext(404);
        await stage.call("GET", path);
        await stage.emulator.idle();
        await stage.call("GET", path);
      },
      { webhook_enabled: true, webhook_status: "active", last_response_code: 202 },
    ],
    [
      "removed",
      (stage) => stage.call("DELETE", "/eu/v3/audit-log-webhook"),
      { webhook_enabled: false, webhook_status: "unconfigured" },
    ],
  ];

  test("goes through every documented pair", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    for (const [name, act, expected] of transitions) {
      await act(stage, siem);
      await stage.emulator.idle();
      const { body } = await stage.call("GET", `${path}/status`);
      await stage.emulator.idle();
      expect({ last_attempt_at: undefined, ...body }, name).toMatchObject(expected);
    }
  });

  test("of a webhook whose receiver recovers by the last retry stays active", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    for (const code of [500, 429, 500, 500]) siem.answerNext(code);
    await stage.call("PATCH", path, on(siem.url));
    await stage.emulator.idle();
    expect(stage.clock.slept).toEqual([200, 1000, 2000, 4000, 8000]);
    expect(siem.batches).toHaveLength(5);
    expect(new Set(siem.batches.map(({ lines }) => lines.join("\n"))).size).toBe(1);
    const { body } = await stage.call("GET", `${path}/status`);
    expect(body).toMatchObject({ webhook_status: "active", last_response_code: 202 });
  });

  test("turns inactive when the retries are spent, and the loss is counted", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    for (let attempt = 0; attempt < 5; attempt++) siem.answerNext(500);
    await stage.call("PATCH", path, on(siem.url));
    await stage.emulator.idle();
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    expect(body[0]).toMatchObject({
      counts: { recorded: 3, attempts: 5, delivered: 0, lost: 3 },
      status: { state: "inactive", lastResponseCode: 500 },
    });
  });

  test("shows no response code when nobody answered", async () => {
    await using stage = await startStage();
    await stage.call("PATCH", path, on("http://127.0.0.1:1/closed"));
    await stage.emulator.idle();
    const { body } = await stage.call("GET", `${path}/status`);
    expect(body).toMatchObject({
      webhook_status: "inactive",
      last_response_message: "connection failed: ECONNREFUSED",
    });
    expect(body).not.toHaveProperty("last_response_code");
  });

  test("says why plain http to another host is never tried", async () => {
    await using stage = await startStage();
    await stage.call("PATCH", path, on("http://siem.example.com/"));
    await stage.emulator.idle();
    const { body } = await stage.call("GET", `${path}/status`);
    expect(body.webhook_status).toBe("inactive");
    expect(body.last_response_message).toContain("HTTPS only");
  });

  test("is as old as the knob says", async () => {
    await using siem = await startSiem();
    await using stage = await startStage({ knobs: { statusLagMs: 60_000 } });
    await stage.call("PATCH", path, on(siem.url));
    await stage.emulator.idle();
    expect((await stage.call("GET", `${path}/status`)).body).not.toHaveProperty("last_attempt_at");
    await stage.clock.sleep(60_000);
    expect((await stage.call("GET", `${path}/status`)).body).toHaveProperty("last_attempt_at");
  });
});

describe("a webhook that is changed while a batch waits for its retry", () => {
  test("is tried at once with the new settings", async () => {
    await using siem = await startSiem();
    let retrying = () => {};
    const waiting = new Promise<void>((resolve) => {
      retrying = resolve;
    });
    const clock = {
      now: () => Date.now(),
      monotonic: () => Date.now(),
      sleep: (ms: number, { signal }: { signal?: AbortSignal | undefined } = {}) =>
        ms < 1000
          ? Promise.resolve()
          : new Promise<void>((_, reject) => {
              signal?.addEventListener("abort", () => reject(signal.reason));
              retrying();
            }),
    };
    await using stage = await startStage({ clock });
    await stage.call("PATCH", path, on("http://127.0.0.1:1/closed"));
    await waiting;
    await stage.call("PATCH", path, { endpoint: siem.url });
    await stage.emulator.idle();
    expect(siem.lines()).toHaveLength(6);
  });
});

describe("a receiver with a self-signed certificate", () => {
  test("gets events only when skip_ssl_verification is set", async () => {
    await using receiver = await startTlsReceiver();
    await using stage = await startStage({ knobs: { retryProfile: "retryablehttp" } });
    await stage.call("PATCH", path, on(receiver.url));
    await stage.emulator.idle();
    expect(receiver.count()).toBe(0);
    const { body } = await stage.call("GET", `${path}/status`);
    expect(body.last_response_message).toBe("connection failed: DEPTH_ZERO_SELF_SIGNED_CERT");
    await stage.call("PATCH", path, { skip_ssl_verification: true });
    await stage.emulator.idle();
    expect(receiver.count()).toBeGreaterThan(0);
  });
});

async function startTlsReceiver() {
  const certificate = selfSignedCertificate("127.0.0.1", Date.now());
  let count = 0;
  const server = createTlsServer(certificate, (request, response) => {
    count += 1;
    request.resume().on("end", () => response.writeHead(200).end());
  });
  await new Promise<void>((listening) => server.listen(0, "127.0.0.1", listening));
  return {
    url: `https://127.0.0.1:${(server.address() as AddressInfo).port}/`,
    count: () => count,
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((closed) => server.close(closed));
    },
  };
}
