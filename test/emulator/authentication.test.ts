import { describe, expect, test } from "vitest";
import { parseLine } from "../../src/events/parse.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const path = "/eu/v2/audit-log-webhook";
const organization = "00000000-0000-4000-8000-000000000001";
const portalId = "3e551b39-227d-4297-b911-e68fd5d77c17";
const principal = { id: "10000000-0000-4000-8000-000000000000", name: "Ada (ada@example.com)" };

const known = (token: string, state: "active" | "expired" | "locked" | "disabled") => ({
  token,
  organization,
  principal,
  state,
  permissions: token.endsWith("reader") ? ("none" as const) : ("admin" as const),
});

const tokens = [
  known("kpat_admin", "active"),
  known("spat_admin", "active"),
  known("kpat_reader", "active"),
  known("kpat_expired", "expired"),
  known("kpat_locked", "locked"),
  known("kpat_disabled", "disabled"),
];

/** A stage whose webhook delivers, and what a piece of work adds to what was delivered. */
async function startDelivering() {
  const siem = await startSiem();
  const stage = await startStage({ tokens });
  const as = { authorization: "Bearer kpat_admin" };
  const { body } = await stage.call(
    "POST",
    "/global/v3/audit-log-destinations",
    { name: "siem", endpoint: siem.url, authorization: "x", log_format: "json" },
    as,
  );
  const binding = { audit_log_destination_id: body.id, enabled: true };
  await stage.call("PATCH", "/eu/v3/audit-log-webhook", binding, as);
  await stage.call("PATCH", `/eu/v3/portals/${portalId}/audit-log-webhook`, binding, as);
  await stage.emulator.idle();
  return {
    stage,
    async eventsOf(work: () => unknown) {
      const before = siem.lines().length;
      await work();
      await stage.emulator.idle();
      return siem
        .lines()
        .slice(before)
        .map((line) => Object.fromEntries(parseLine(line).fields));
    },
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      await siem[Symbol.asyncDispose]();
    },
  };
}

describe("a call's token", () => {
  test.each([
    ["kpat_admin", 200, "PAT", "SUCCESS", "0", "true"],
    ["spat_admin", 200, "SPAT", "SUCCESS", "0", "true"],
    ["kpat_stranger", 401, "PAT", "NOT_FOUND", "1", "false"],
    ["kpat_expired", 401, "PAT", "TOKEN_EXPIRED", "1", "false"],
    ["kpat_locked", 401, "PAT", "LOCKED", "6", "false"],
    ["kpat_disabled", 401, "PAT", "DISABLED", "6", "false"],
    ["nonsense", 401, "PAT", "INVALID", "7", "false"],
  ])("%s gets %i and leaves %s %s", async (token, status, type, outcome, severity, success) => {
    await using delivering = await startDelivering();
    const { stage } = delivering;
    const [authentication, ...others] = await delivering.eventsOf(async () => {
      const authorization = `Bearer ${token}`;
      expect((await stage.call("GET", path, undefined, { authorization })).status).toBe(status);
    });
    expect(authentication).toMatchObject({
      event_class_id: `AUTHENTICATION_TYPE_${type}`,
      name: `AUTHENTICATION_OUTCOME_${outcome}`,
      event_product: "Konnect",
      org_id: organization,
      severity,
      success,
    });
    expect(others.map(({ name }) => name)).toEqual(success === "true" ? ["Authz.webhook"] : []);
  });

  test("without permission gets 403 and leaves a check that was not granted", async () => {
    await using delivering = await startDelivering();
    const { stage } = delivering;
    const authorization = "Bearer kpat_reader";
    const events = await delivering.eventsOf(() =>
      stage.call("PATCH", path, { enabled: false }, { authorization }),
    );
    expect(events).toMatchObject([
      { name: "AUTHENTICATION_OUTCOME_SUCCESS", severity: "0" },
      { name: "Authz.webhook", severity: "6", granted: "false", action: "edit" },
      { name: "Ingress", severity: "6", act: "PATCH", status: "403" },
    ]);
    expect(new Set(events.map(({ trace_id }) => trace_id)).size).toBe(1);
  });
});

describe("a developer's login to a Dev Portal", () => {
  test.each([
    ["SUCCESS", "0", "true"],
    ["NOT_FOUND", "1", "false"],
    ["INVALID_PASSWORD", "1", "false"],
    ["LOCKED", "6", "false"],
    ["DISABLED", "6", "false"],
    ["INVALID", "7", "false"],
  ] as const)("that ends with %s has severity %s", async (outcome, severity, success) => {
    await using delivering = await startDelivering();
    const { stage } = delivering;
    const events = await delivering.eventsOf(() =>
      stage.emulator.makeEvents({
        kind: "portal-login",
        region: "eu",
        organization,
        portalId,
        outcome,
      }),
    );
    expect(events).toEqual([
      expect.objectContaining({
        event_product: "Dev-Portal",
        event_class_id: "AUTHENTICATION_TYPE_BASIC",
        name: `AUTHENTICATION_OUTCOME_${outcome}`,
        request: "/api/v2/developer/authenticate",
        portal_id: portalId,
        severity,
        success,
      }),
    ]);
  });
});
