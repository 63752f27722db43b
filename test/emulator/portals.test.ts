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
      expect(await stage.call("GET", `${portal(version)}/audit-log-webhook`)).toMatchObject({
        status: 200,
        body: { audit_log_destination_id: "", enabled: false },
      });
    }
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
