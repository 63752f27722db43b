import { describe, expect, test } from "vitest";
import { type Emulator, startEmulator } from "../../src/emulator/index.js";
import { startSiem } from "../emulator/siem.js";
import { createFakeClock } from "../support/fake-clock.js";
import { type ClientOperation, clientOperations, refusals } from "./go-client.js";

const organization = "00000000-0000-4000-8000-000000000000";
const portalId = "3e551b39-227d-4297-b911-e68fd5d77c17";
const absentId = "00000000-0000-4000-8000-00000000dead";
const now = "2026-11-22T12:00:00Z";
const principal = { id: organization, name: "Somebody" };

interface Request {
  token?: string;
  id?: string;
  portal?: string;
  body?: unknown;
}

/** An emulator, and calls to it as the generated clients make them: the region in the path, and their headers. */
async function startStage() {
  const siem = await startSiem();
  const emulator: Emulator = await startEmulator({
    clock: createFakeClock(),
    tokens: [
      { token: "kpat_admin", organization, principal, state: "active", permissions: "admin" },
      { token: "kpat_reader", organization, principal, state: "active", permissions: "none" },
    ],
  });
  const send = async (method: string, path: string, token: string, body?: unknown) => {
    const answer = await fetch(`${emulator.url}/eu${path}`, {
      method,
      headers: {
        accept: "application/json;q=1, application/problem+json;q=0",
        authorization: `Bearer ${token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const contentType = answer.headers.get("content-type");
    return { status: answer.status, contentType, body: await answer.text() };
  };
  const created = await send("POST", "/v2/audit-log-destinations", "kpat_admin", {
    ...{ name: "siem", endpoint: siem.url, authorization: "Bearer x", log_format: "cef" },
    skip_ssl_verification: false,
  });
  const destinationId = String((JSON.parse(created.body) as { id: unknown }).id);
  return {
    emulator,
    destinationId,
    send,
    call: ({ name, method, path }: ClientOperation, request: Request = {}) => {
      const { token = "kpat_admin", id = destinationId, portal = portalId } = request;
      const target = path.replace("{id}", id).replace("{portalId}", portal);
      const body = "body" in request ? request.body : bodies(destinationId, siem.url)[name];
      return send(method, target, token, body);
    },
    async [Symbol.asyncDispose]() {
      await emulator.close();
      await siem[Symbol.asyncDispose]();
    },
  };
}

/** Generated clients send every member: an explicit null, or the default, where none was set. */
const bodies = (id: string, endpoint: string): Readonly<Record<string, object>> => ({
  UpdateAuditLogWebhook: {
    ...{ endpoint, authorization: "Bearer x", enabled: true, log_format: "json" },
    skip_ssl_verification: false,
  },
  DeleteAuditLogWebhook: {
    ...{ endpoint: null, authorization: null, enabled: false, log_format: "cef" },
    skip_ssl_verification: false,
  },
  CreateAuditLogDestination: {
    ...{ name: "another", endpoint, authorization: "Bearer x", log_format: "cef" },
    skip_ssl_verification: false,
  },
  UpdateAuditLogDestination: {
    ...{ name: "renamed", endpoint: null, authorization: null, log_format: "cef" },
    skip_ssl_verification: false,
  },
  UpdatePortalAuditLogWebhook: { enabled: true, audit_log_destination_id: id },
  UpdatePortalAuditLogReplayJob: { start_at: now, end_at: now },
});

type Stage = Awaited<ReturnType<typeof startStage>>;

/** How each error is brought about. */
const provocations: Readonly<
  Record<number, (stage: Stage, operation: ClientOperation) => ReturnType<Stage["call"]>>
> = {
  400: (stage, operation) => stage.call(operation, { body: { enabled: "yes", name: 1 } }),
  401: (stage, operation) => stage.call(operation, { token: "kpat_stranger" }),
  403: (stage, operation) => stage.call(operation, { token: "kpat_reader" }),
  404: (stage, operation) => stage.call(operation, { id: absentId, portal: "no-portal" }),
  409: async (stage, operation) => {
    stage.emulator.faults.add({ count: 1, effect: { kind: "status", status: 409 } });
    return stage.call(operation);
  },
};

const cases = clientOperations.flatMap((operation) =>
  [...Object.keys(operation.answers).map(Number), ...operation.errors].map((status) => ({
    ...operation,
    operation,
    status,
  })),
);

describe("an answer that Kong's Go clients decode", () => {
  test.each(cases)("$client $name: $status", async ({ operation, status }) => {
    await using stage = await startStage();
    const answer = operation.errors.includes(status)
      ? await provocations[status]?.(stage, operation)
      : await stage.call(operation);
    expect(answer?.status).toBe(status);
    expect(answer && refusals(operation, answer)).toEqual([]);
  });

  test.each(
    clientOperations.filter(({ method, path }) => method === "GET" && !path.includes("{id}")),
  )("$client $name: before anything was configured", async (operation) => {
    await using stage = await startStage();
    expect(refusals(operation, await stage.call(operation))).toEqual([]);
  });

  test("has dates and numbers as Go reads them in a status after an attempt", async () => {
    await using stage = await startStage();
    const named = (name: string) =>
      clientOperations.find((operation) => operation.name === name) ?? expect.fail(name);
    await stage.call(named("UpdatePortalAuditLogWebhook"));
    stage.emulator.makeEvents({ kind: "portal-login", region: "eu", portalId, organization });
    await stage.emulator.idle();
    const operation = named("GetPortalAuditLogWebhookStatus");
    const answer = await stage.call(operation);
    expect(refusals(operation, answer)).toEqual([]);
    expect(JSON.parse(answer.body)).toMatchObject({
      webhook_status: "active",
      last_attempt_at: "2026-11-22T12:00:00.2Z",
      last_response_code: 202,
    });
  });

  test.each([
    [{ status: 201 }, "unknown status code returned: 201"],
    [{ contentType: "application/problem+json" }, "unknown content-type received"],
    [{ body: '{"updated_at":"2026-11-22 12:00"}' }, "updated_at: Invalid ISO datetime"],
    [{ body: '{"updated_at":"0001-01-01T00:00:0Z"}' }, "updated_at: Invalid ISO datetime"],
    [{ body: '{"log_format":"xml"}' }, "log_format: Invalid option"],
    [{ body: "" }, "Invalid input"],
    [
      { status: 403, contentType: "application/problem+json", body: '{"status":403,"title":""}' },
      "instance: is missing",
    ],
  ])("would be refused were it %j", (spoilt, reason) => {
    const [operation] = clientOperations;
    const answer = { status: 200, contentType: "application/json", body: "{}", ...spoilt };
    expect(operation && refusals(operation, answer).join("\n")).toContain(reason);
  });
});

describe("kongctl", () => {
  test("follows the pull API's pages: nanoseconds in, a list and a link with page[after] out", async () => {
    await using stage = await startStage();
    stage.emulator.makeEvents({ kind: "permission-check", region: "eu", organization, count: 5 });
    const read = async (after?: string) => {
      const query = new URLSearchParams({
        "page[size]": "3", // each look is two events itself, by the same clock
        "filter[ts][gte]": "2026-11-22T11:59:59.123456789Z",
        ...(after ? { "page[after]": after } : {}),
      });
      const { status, body } = await stage.send("GET", `/v3/audit-logs?${query}`, "kpat_admin");
      expect(status).toBe(200);
      const page = JSON.parse(body) as { data: unknown[]; meta: { page: { next: string | null } } };
      const { next } = page.meta.page;
      const cursor = next && new URL(next, "http://x").searchParams.get("page[after]");
      return { count: page.data.length, cursor };
    };
    const counts: number[] = [];
    let cursor: string | null | undefined;
    do {
      const page = await read(cursor ?? undefined);
      counts.push(page.count);
      cursor = page.cursor;
    } while (cursor && counts.length < 20);
    expect(cursor).toBeNull();
    expect(counts.slice(0, -1).every((count) => count === 3)).toBe(true);
  });
});
