import { describe, expect, test } from "vitest";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

/** What the client makes of one answer. */
async function read<Result>(
  body: unknown,
  call: (client: KonnectClient) => Promise<Result>,
): Promise<Result> {
  await using server = await startScriptedServer(answers.json(200, body));
  const client = createKonnectClient({
    token: "kpat_x",
    serverUrl: `${server.url}/{region}`,
    clock: createFakeClock(),
  });
  try {
    return await call(client);
  } finally {
    await client.close();
  }
}

const status = (body: unknown) =>
  read(body, async (client) => (await client.getWebhookStatus("eu")).body);
const webhook = (body: unknown) =>
  read(body, async (client) => (await client.getWebhook("eu")).body);
const job = (body: unknown) => read(body, async (client) => (await client.getReplayJob("eu")).body);
const keys = (body: unknown) => read(body, async (client) => (await client.getJwks("eu")).body);
const binding = (body: unknown) =>
  read(body, async (client) => (await client.getBinding("eu"))?.body);
const destination = (body: unknown) =>
  read(body, async (client) => (await client.getDestination("d1"))?.body);

const unreadable = (field: string) =>
  expect.objectContaining({
    code: "KONNECT_UNREADABLE_ANSWER",
    message: expect.stringMatching(new RegExp(`\\(${field}\\)|: ${field} holds control`)),
  });

describe("members of an answer", () => {
  test("that are left out or null have the meaning that Konnect gives them", async () => {
    const none = { endpoint: "unconfigured", enabled: false, log_format: "cef", updated_at: null };
    expect(await webhook({})).toMatchObject(none);
    expect(await webhook({ endpoint: null, enabled: null, log_format: null })).toMatchObject(none);
    const never = {
      webhook_status: "unconfigured",
      last_attempt_at: null,
      last_response_code: null,
    };
    expect(await status({})).toMatchObject(never);
    expect(await status({ last_attempt_at: "", last_response_code: null })).toMatchObject(never);
    expect(await status({ last_attempt_at: "0001-01-01T00:00:0Z" })).toMatchObject(never);
    expect(await job({})).toMatchObject({ status: "unconfigured", start_at: null });
    expect(await binding({ audit_log_destination_id: "" })).toMatchObject({
      audit_log_destination_id: null,
    });
  });

  test("that are new pass", async () => {
    expect(await webhook({ enabled: true, tags: { a: [1] } })).toMatchObject({ enabled: true });
  });

  test.each<[(body: unknown) => Promise<unknown>, unknown, string]>([
    [webhook, { enabled: "true" }, "enabled"],
    [webhook, { enabled: 1 }, "enabled"],
    [webhook, { endpoint: {} }, "endpoint"],
    [webhook, { log_format: ["cef"] }, "log_format"],
    [webhook, { skip_ssl_verification: "no" }, "skip_ssl_verification"],
    [webhook, [], "body"],
    [webhook, null, "body"],
    [status, { last_response_code: "200" }, "last_response_code"],
    [status, { last_response_code: 200.5 }, "last_response_code"],
    [status, { last_attempt_at: 1_700_000_000 }, "last_attempt_at"],
    [status, { last_attempt_at: "yesterday" }, "last_attempt_at"],
    [status, { last_attempt_at: "2026-02-30T00:00:00Z" }, "last_attempt_at"],
    [status, { webhook_status: { state: "active" } }, "webhook_status"],
    [job, { start_at: "soon" }, "start_at"],
    [keys, {}, "keys"],
    [keys, { keys: null }, "keys"],
    [keys, { keys: [{ kid: "a" }] }, "keys.0.kty"],
    [binding, { audit_log_destination_id: 7 }, "audit_log_destination_id"],
    [binding, { audit_log_destination_id: "\u001b[31mid\n::error::x" }, "audit_log_destination_id"],
    [destination, { id: "", name: "n", endpoint: "https://x.example" }, "id"],
    [destination, { id: "../../v2/x", name: "n", endpoint: "https://x.example" }, "id"],
    [destination, { id: "d1", endpoint: "https://x.example" }, "name"],
    [destination, { id: "d1", name: "n", endpoint: null }, "endpoint"],
    [destination, { id: "d1", name: "n\u001b[31m", endpoint: "https://x.example" }, "name"],
    [destination, { id: "d1", name: "n\u202e", endpoint: "https://x.example" }, "name"],
    [webhook, { endpoint: "https://x.example/\u009b31m" }, "endpoint"],
    [webhook, { endpoint: "https://x.example/\u0000" }, "endpoint"],
    [webhook, { endpoint: `https://x.example/${"a".repeat(10_000)}` }, "endpoint"],
  ])("of another form are refused by name (%#)", async (call, body, field) => {
    await expect(call(body)).rejects.toThrow(unreadable(field));
  });

  test("that would steer a terminal are refused, and it is said whose text that is", async () => {
    await using server = await startScriptedServer(
      answers.json(200, { endpoint: "https://siem.example.com/\u001b[31m" }),
    );
    const client = createKonnectClient({ token: "kpat_x", serverUrl: `${server.url}/{region}` });
    await expect(client.getWebhook("eu")).rejects.toMatchObject({
      code: "KONNECT_UNREADABLE_ANSWER",
      message: expect.stringContaining("endpoint holds control or bidirectional characters"),
      remedy: expect.stringContaining("Set the name or the endpoint anew"),
    });
    await client.close();
  });

  test("behind a byte order mark are read", async () => {
    await using server = await startScriptedServer(
      answers.text(200, '\ufeff{"enabled":true}', "application/json"),
    );
    const client = createKonnectClient({ token: "kpat_x", serverUrl: `${server.url}/{region}` });
    expect((await client.getWebhook("eu")).body.enabled).toBe(true);
    await client.close();
  });
});

describe("the time of an answer", () => {
  test.each(["", "yesterday", "1", "-1", "2026-11-22T12:00:00Z", "x".repeat(10_000)])(
    "is unknown when the Date header is %j",
    async (date) => {
      await using server = await startScriptedServer(answers.json(200, {}, { date }));
      const client = createKonnectClient({ token: "kpat_x", serverUrl: `${server.url}/{region}` });
      expect((await client.getWebhook("eu")).date).toBeUndefined();
      await client.close();
    },
  );
});
