import { describe, expect, test } from "vitest";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

const clientOf = (url: string) =>
  createKonnectClient({ token: "kpat_x", serverUrl: `${url}/{region}`, clock: createFakeClock() });

const record = (user_agent: string | null) => ({
  ...{ type: "gateway_access", ts: "2026-11-22T12:00:00Z", user_agent, status_code: 200 },
});

async function userAgents(records: AsyncIterable<{ user_agent: string | null }>) {
  const found: (string | null)[] = [];
  for await (const { user_agent } of records) found.push(user_agent);
  return found;
}

describe("recorded audit logs", () => {
  test("are read page by page, within bounds, until there is no cursor", async () => {
    const next = "/audit-logs?page[after]=c2&page[size]=1000";
    await using server = await startScriptedServer(
      answers.json(200, { data: [record("a"), record(null)], meta: { page: { next } } }),
      answers.json(200, { data: [record("b")], meta: { page: { next: null } } }),
    );
    const filter = {
      from: Date.parse("2026-11-22T11:59:00Z"),
      until: Date.parse("2026-11-22T12:01:00Z"),
      type: "gateway_access",
    } as const;
    const records = clientOf(server.url).getAuditLogs("eu", filter);
    expect(await userAgents(records)).toEqual(["a", null, "b"]);
    const [first, second] = server.requests.map(({ url }) => new URL(url, server.url));
    expect(first?.pathname).toBe("/eu/v3/audit-logs");
    expect(Object.fromEntries(first?.searchParams ?? [])).toEqual({
      "filter[ts][gte]": "2026-11-22T11:59:00.000Z",
      "filter[ts][lte]": "2026-11-22T12:01:00.000Z",
      "filter[type]": "gateway_access",
      "page[size]": "1000",
    });
    expect(second?.searchParams.get("page[after]")).toBe("c2");
    expect(second?.searchParams.get("filter[type]")).toBe("gateway_access");
  });

  test("are not read further than they are wanted", async () => {
    const next = "/audit-logs?page[after]=c2";
    await using server = await startScriptedServer(
      answers.json(200, { data: [record("a")], meta: { page: { next } } }),
    );
    for await (const { user_agent } of clientOf(server.url).getAuditLogs("eu")) {
      expect(user_agent).toBe("a");
      break;
    }
    expect(server.requests).toHaveLength(1);
  });

  test("hold the calls that Konnect audited", async () => {
    const emulator = await startEmulator();
    const client = createKonnectClient({ token: "kpat_x", serverUrl: emulator.serverUrl });
    try {
      await client.getWebhook("eu", { userAgent: "marked/1" });
      expect(await userAgents(client.getAuditLogs("eu"))).toContain("marked/1");
      expect(await userAgents(client.getAuditLogs("us"))).not.toContain("marked/1");
    } finally {
      await client.close();
      await emulator.close();
    }
  });
});
