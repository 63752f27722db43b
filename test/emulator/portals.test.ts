import { describe, expect, test } from "vitest";
import { parseLine } from "../../src/events/parse.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const portalId = "3e551b39-227d-4297-b911-e68fd5d77c17";
const portal = (version = "v3", id = portalId) => `/eu/${version}/portals/${id}`;

async function createDestination(
  stage: Awaited<ReturnType<typeof startStage>>,
  endpoint = "https://127.0.0.1:1/",
): Promise<string> {
  const { body } = await stage.call("POST", "/global/v3/audit-log-destinations", {
    name: `siem ${endpoint}`,
    endpoint,
    authorization: "x",
    log_format: "cef",
  });
  return body.id;
}

describe("a Dev Portal's webhook", () => {
  test("starts without destination and is the same in v2 and v3", async () => {
    await using stage = await startStage();
    for (const version of ["v2", "v3"]) {
      const { status, body } = await stage.call("GET", `${portal(version)}/audit-log-webhook`);
      expect([status, body]).toEqual([200, { enabled: false }]); // "" would be no UUID
    }
    const path = `${portal()}/audit-log-webhook`;
    expect((await stage.call("PATCH", path, {})).body).toEqual({ enabled: false });
    const status = await stage.call("GET", `${portal()}/audit-log-webhook/status`);
    expect(status.body).toEqual({ webhook_enabled: false, webhook_status: "inactive" });
  });

  test("keeps enabled when only its destination changes, and is reset by DELETE", async () => {
    await using stage = await startStage();
    const one = await createDestination(stage);
    const two = await createDestination(stage, "https://127.0.0.1:2/");
    const path = `${portal()}/audit-log-webhook`;
    await stage.call("PATCH", path, { audit_log_destination_id: one, enabled: true });
    const switched = await stage.call("PATCH", path, { audit_log_destination_id: two });
    expect(switched.body).toEqual({ audit_log_destination_id: two, enabled: true });
    const destination = `/global/v3/audit-log-destinations/${two}`;
    expect((await stage.call("DELETE", destination)).status).toBe(409);
    expect((await stage.call("DELETE", path)).status).toBe(204);
    expect((await stage.call("GET", path)).body.enabled).toBe(false);
    expect((await stage.call("DELETE", destination)).status).toBe(204);
  });

  test("is one webhook, however its id is written", async () => {
    await using stage = await startStage();
    const id = await createDestination(stage);
    const path = (portalId: string) => `${portal("v3", portalId)}/audit-log-webhook`;
    const binding = { audit_log_destination_id: id.toUpperCase(), enabled: true };
    await stage.call("PATCH", path(portalId.toUpperCase()), binding);
    expect((await stage.call("GET", path(portalId))).body).toEqual({
      audit_log_destination_id: id,
      enabled: true,
    });
    const portal_login = { kind: "portal-login", region: "eu", portalId: portalId.toUpperCase() };
    await stage.call("POST", "/_emulator/events", portal_login);
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    const rows = body.map((row: { portalId?: string }) => row.portalId);
    expect(rows.filter(Boolean)).toEqual([portalId]);
  });

  test("leaves nothing behind when it is only looked at", async () => {
    await using stage = await startStage();
    for (const end of ["audit-log-webhook", "audit-log-webhook/status", "audit-log-replay-job"]) {
      expect((await stage.call("GET", `${portal()}/${end}`)).status).toBe(200);
    }
    const { body } = await stage.call("GET", "/_emulator/webhooks");
    expect(body.map((row: { portalId?: string }) => row.portalId)).toEqual([undefined]);
  });

  test("names who did it when it is asked to, until it is reset", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    const path = `${portal()}/audit-log-webhook`;
    const id = await createDestination(stage, siem.url);
    const binding = { audit_log_destination_id: id, enabled: true };
    const login = async () => {
      stage.emulator.makeEvents({ kind: "portal-login", region: "eu", portalId });
      await stage.emulator.idle();
      return parseLine(siem.lines().at(-1) ?? "").fields.get("principal_name");
    };
    await stage.call("PATCH", path, binding);
    expect(await login()).toBeUndefined();
    const named = await stage.call("PATCH", path, { include_principal_name: true });
    expect(named.body).toEqual({ ...binding, include_principal_name: true });
    expect(await login()).toMatch(/.+ \(.+@.+\)/);
    await stage.call("PATCH", path, { enabled: true });
    expect(await login()).toMatch(/@/);
    await stage.call("DELETE", path);
    await stage.call("PATCH", path, binding);
    expect(await login()).toBeUndefined();
  });

  test("delivers its logins, and its administration goes to the organisation's", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    const id = await createDestination(stage, siem.url);
    await stage.call("PATCH", `${portal()}/audit-log-webhook`, {
      audit_log_destination_id: id,
      enabled: true,
    });
    const made = await stage.call("POST", "/_emulator/events", {
      kind: "portal-login",
      region: "eu",
      portalId,
      outcome: "LOCKED",
    });
    expect(made.status).toBe(202);
    await stage.emulator.idle();
    expect(siem.lines()).toHaveLength(1);
    const { fields, severity } = parseLine(siem.lines()[0] ?? "");
    expect(severity).toBe(6);
    expect(Object.fromEntries(fields)).toMatchObject({
      event_product: "Dev-Portal",
      portal_id: portalId,
      success: "false",
      name: "AUTHENTICATION_OUTCOME_LOCKED",
    });
    const { body } = await stage.call("GET", "/eu/v3/audit-logs?filter[type]=authorization");
    expect(body.data.map(({ resource }: { resource: string }) => resource)).toContain(
      `krn:konnect:audit-logs:portals/${portalId}`,
    );
  });

  test("can replay, apart from the region's job", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    const id = await createDestination(stage, siem.url);
    stage.emulator.makeEvents({ kind: "portal-login", region: "eu", portalId });
    await stage.call("PATCH", `${portal()}/audit-log-webhook`, {
      audit_log_destination_id: id,
      enabled: true,
    });
    const now = "2026-11-22T12:00:00Z";
    const accepted = await stage.call("PUT", `${portal("v2")}/audit-log-replay-job`, {
      start_at: now,
      end_at: now,
    });
    expect(accepted).toMatchObject({ status: 202, body: { status: "accepted" } });
    await stage.emulator.idle();
    expect(siem.lines()).toHaveLength(1);
    const job = await stage.call("GET", `${portal()}/audit-log-replay-job`);
    expect(job.body.status).toBe("completed");
    expect((await stage.call("GET", "/eu/v3/audit-log-replay-job")).body.status).toBe(
      "unconfigured",
    );
  });

  test("of an id that no portal can have is a 404", async () => {
    await using stage = await startStage();
    expect((await stage.call("GET", `${portal("v3", "x")}/audit-log-webhook`)).status).toBe(404);
  });

  test.each([
    [{ kind: "nothing", region: "eu" }, "kind"],
    [{ kind: "permission-check", region: "EU" }, "region"],
    [{ kind: "permission-check", region: "eu", count: 0 }, "count"],
  ])("an order for events like %j is refused by name", async (order, field) => {
    await using stage = await startStage();
    const { status, body } = await stage.call("POST", "/_emulator/events", order);
    expect(status).toBe(400);
    expect(body.error).toContain(field);
  });
});
