import { describe, expect, test } from "vitest";
import { createKonnectClient, type KonnectClientOptions } from "../../src/konnect/client.js";
import { KonnectError } from "../../src/konnect/errors.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

const token = "kpat_planted-secret";
const webhook = {
  endpoint: "https://siem.example.com/audit-logs",
  enabled: true,
  log_format: "cef",
  skip_ssl_verification: false,
  updated_at: "2026-11-22T12:00:00Z",
};
const tooMany = { status: 429, title: "Rate Limited", detail: "Too many requests" };

function clientOf(url: string, options: Partial<KonnectClientOptions> = {}) {
  return createKonnectClient({
    token,
    serverUrl: `${url}/{region}`,
    clock: createFakeClock(),
    random: () => 1,
    ...options,
  });
}

async function failureOf(work: Promise<unknown>): Promise<KonnectError> {
  const error = await work.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  if (!KonnectError.is(error)) throw new Error(`expected a KonnectError, got ${error}`);
  expect(`${error.message} ${error.remedy} ${JSON.stringify(error)}`).not.toContain(token);
  return error;
}

describe("the Konnect client", () => {
  test("sends the token, the region and who calls; answers body and server time", async () => {
    await using server = await startScriptedServer(
      answers.json(200, webhook, { date: "Sun, 22 Nov 2026 12:00:00 GMT" }),
    );
    const client = clientOf(server.url);
    const answer = await client.getWebhook("eu", { userAgent: "probe/1" });
    expect(answer.body).toMatchObject(webhook);
    expect(answer.date).toBe(Date.parse("2026-11-22T12:00:00Z"));
    expect(server.requests[0]).toMatchObject({
      method: "GET",
      url: "/eu/v2/audit-log-webhook",
      headers: { authorization: `Bearer ${token}`, "user-agent": "probe/1" },
    });
    await client.close();
  });

  test("keeps its connection alive from call to call", async () => {
    await using server = await startScriptedServer(answers.json(200, webhook));
    const client = clientOf(server.url);
    for (let call = 0; call < 20; call++) await client.getWebhook("eu");
    // A second one is opened when a call begins before the last one's connection is free again.
    expect(server.connections()).toBeLessThanOrEqual(2);
    await client.close();
  });

  test("reads an answer that lacks every field as an unconfigured webhook", async () => {
    await using server = await startScriptedServer(answers.json(200, {}));
    const { body } = await clientOf(server.url).getWebhook("us");
    expect(body).toMatchObject({ endpoint: "unconfigured", enabled: false, updated_at: null });
  });

  test("passes on a status that it does not know, and takes Go's zero time for never", async () => {
    await using server = await startScriptedServer(
      answers.json(200, {
        webhook_enabled: true,
        webhook_status: "hibernating",
        last_attempt_at: "0001-01-01T00:00:00Z",
      }),
    );
    const { body } = await clientOf(server.url).getWebhookStatus("us");
    expect(body).toMatchObject({ webhook_status: "hibernating", last_attempt_at: null });
  });

  test("repeats a PATCH after 429, 502, 503, 504 and a broken connection, with growing waits", async () => {
    const clock = createFakeClock();
    await using server = await startScriptedServer(
      answers.json(429, tooMany),
      answers.text(502, "<html>bad gateway</html>"),
      answers.reset(),
      answers.json(503, {}),
      answers.text(504, "gateway timeout"),
      answers.json(200, webhook),
    );
    const client = clientOf(server.url, { clock, retry: { maxRetries: 5 } });
    await client.updateWebhook("eu", { enabled: true });
    expect(server.requests.map(({ body }) => body)).toEqual(Array(6).fill('{"enabled":true}'));
    expect(clock.slept).toEqual([500, 1000, 2000, 4000, 8000]);
  });

  test("waits as long as Retry-After says, in seconds or as a date, but never beyond the bound", async () => {
    const clock = createFakeClock();
    await using server = await startScriptedServer(
      answers.json(429, tooMany, { "retry-after": "7" }),
      answers.json(429, tooMany, { "retry-after": new Date(clock.now() + 12_000).toUTCString() }),
      answers.json(429, tooMany, { "retry-after": "86400" }),
      answers.json(200, webhook),
    );
    await clientOf(server.url, { clock }).getWebhook("eu");
    expect(clock.slept).toEqual([7000, 5000, 30_000]);
  });

  test("gives up when the retries are spent, with what Konnect said and a remedy", async () => {
    await using server = await startScriptedServer(answers.json(429, tooMany));
    const error = await failureOf(
      clientOf(server.url, { retry: { maxRetries: 2 } }).getWebhook("eu"),
    );
    expect(error).toMatchObject({ code: "KONNECT_RATE_LIMITED", region: "eu", status: 429 });
    expect(error.message).toContain("Too many requests");
    expect(server.requests).toHaveLength(3);
  });

  test.each([
    [400, "KONNECT_BAD_REQUEST"],
    [401, "KONNECT_UNAUTHORIZED"],
    [403, "KONNECT_FORBIDDEN"],
    [404, "KONNECT_NOT_FOUND"],
    [409, "KONNECT_CONFLICT"],
    [418, "KONNECT_UNEXPECTED_STATUS"],
    [500, "KONNECT_SERVER_ERROR"],
  ])("takes HTTP %i for %s at once, also when the body lacks every field", async (status, code) => {
    await using server = await startScriptedServer(answers.json(status, {}));
    const error = await failureOf(clientOf(server.url).getWebhook("eu"));
    expect(error.code).toBe(code);
    expect(error.message).toContain('region "eu"');
    expect(error.remedy).not.toBe("");
    expect(server.requests).toHaveLength(1);
  });

  test("names the fields that Konnect refused", async () => {
    await using server = await startScriptedServer(
      answers.json(400, {
        title: "Bad Request",
        detail: "Invalid endpoint",
        instance: "konnect:trace:1",
        invalid_parameters: [{ field: "endpoint", reason: "must be a valid URL" }],
      }),
    );
    const error = await failureOf(clientOf(server.url).updateWebhook("eu", { endpoint: "x" }));
    expect(error.invalidParameters).toEqual([{ field: "endpoint", reason: "must be a valid URL" }]);
    expect(error.message).toMatch(
      /Invalid endpoint; endpoint must be a valid URL.*konnect:trace:1/,
    );
  });

  test.each([
    ["an HTML page", answers.text(200, "<html>proxy</html>"), /is not JSON \(text\/html\)/],
    ["truncated JSON", answers.text(200, '{"endpoint":"htt', "application/json"), /is not JSON/],
    ["another shape", answers.json(200, { enabled: "yes" }), /documented shape \(enabled\)/],
    ["an array", answers.json(200, []), /documented shape \(body\)/],
  ])("never takes %s for an answer", async (_, answer, message) => {
    await using server = await startScriptedServer(answer);
    const error = await failureOf(clientOf(server.url).getWebhook("eu"));
    expect(error.code).toBe("KONNECT_UNREADABLE_ANSWER");
    expect(error.message).toMatch(message);
  });

  test("says which host can't be reached, and why", async () => {
    const error = await failureOf(
      clientOf("http://127.0.0.1:9", { retry: { maxRetries: 1 } }).getWebhook("eu"),
    );
    expect(error.code).toBe("KONNECT_UNREACHABLE");
    expect(error.message).toContain("127.0.0.1:9 (ECONNREFUSED)");
  });

  test("ends a request that is not answered in time", async () => {
    await using server = await startScriptedServer(answers.silence());
    const error = await failureOf(
      clientOf(server.url, { requestTimeout: 50, retry: { maxRetries: 0 } }).getWebhook("eu"),
    );
    expect(error.code).toBe("KONNECT_TIMEOUT");
  });

  test("stops at once when it is cancelled, also in a wait", async () => {
    const stop = new AbortController();
    await using server = await startScriptedServer(() => stop.abort());
    const error = await failureOf(clientOf(server.url).getWebhook("eu", { signal: stop.signal }));
    expect(error.code).toBe("KONNECT_CANCELLED");
    expect(server.requests).toHaveLength(1);
  });

  test("removes a webhook, and says when there was none", async () => {
    await using server = await startScriptedServer(
      (response) => response.writeHead(204).end(),
      answers.json(404, { status: 404, title: "Not Found" }),
    );
    const client = clientOf(server.url);
    expect(await client.deleteWebhook("eu")).toBe(true);
    expect(await client.deleteWebhook("eu")).toBe(false);
    expect(server.requests[0]).toMatchObject({ method: "DELETE", url: "/eu/v3/audit-log-webhook" });
  });
});
