import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const collection = "/global/v3/audit-log-destinations";
const settings = (name: string, more: object = {}) => ({
  name,
  endpoint: "https://127.0.0.1:1/in",
  authorization: "Splunk x",
  log_format: "json",
  ...more,
});

describe("a destination", () => {
  test("lives through create, read, change and delete on every host and version", async () => {
    await using stage = await startStage();
    const created = await stage.call("POST", collection, settings("siem"));
    expect(created.status).toBe(201);
    const { id } = created.body;
    expect(created.body).toEqual({
      id: expect.stringMatching(
        /^[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
      ),
      name: "siem",
      endpoint: "https://127.0.0.1:1/in",
      log_format: "json",
      skip_ssl_verification: false,
      created_at: "2026-11-22T12:00:00Z",
      updated_at: "2026-11-22T12:00:00Z",
    });
    await stage.clock.sleep(1000);
    const changed = await stage.call("PATCH", `/eu/v2/audit-log-destinations/${id}`, {
      name: null,
      log_format: "cps",
      authorization: null,
    });
    expect(changed.body).toEqual({
      ...created.body,
      log_format: "cps",
      updated_at: "2026-11-22T12:00:01Z",
    });
    const read = await stage.call("GET", `/us/v3/audit-log-destinations/${id}`);
    expect(read.body).toEqual(changed.body);
    expect((await stage.call("DELETE", `/eu/v2/audit-log-destinations/${id}`)).status).toBe(204);
    for (const method of ["GET", "PATCH", "DELETE"]) {
      expect((await stage.call(method, `${collection}/${id}`, undefined)).status).toBe(404);
    }
  });

  test.each(["name", "endpoint", "log_format", "authorization"])(
    "can't be created without %s",
    async (field) => {
      await using stage = await startStage();
      const { status, body } = await stage.call("POST", collection, {
        ...settings("siem"),
        [field]: undefined,
      });
      expect(status).toBe(400);
      expect(body).toMatchObject({
        detail: "Required field missing",
        invalid_parameters: [{ field, reason: "cannot be blank" }],
      });
    },
  );

  test("has a name of its own", async () => {
    await using stage = await startStage();
    await stage.call("POST", collection, settings("one"));
    const two = await stage.call("POST", collection, settings("two"));
    const taken = { status: 409, body: { title: "Resource Conflict" } };
    expect(await stage.call("POST", collection, settings("one"))).toMatchObject(taken);
    expect(
      await stage.call("PATCH", `${collection}/${two.body.id}`, { name: "one" }),
    ).toMatchObject(taken);
    expect(
      (await stage.call("PATCH", `${collection}/${two.body.id}`, { name: "two" })).status,
    ).toBe(200);
  });

  test("can't be deleted while a webhook uses it, in any region", async () => {
    await using stage = await startStage();
    const { id } = (await stage.call("POST", collection, settings("siem"))).body;
    await stage.call("PATCH", "/eu/v3/audit-log-webhook", { audit_log_destination_id: id });
    const refused = await stage.call("DELETE", `${collection}/${id}`);
    expect(refused).toMatchObject({ status: 409, body: { detail: "Destination is in use" } });
    // The order that Kong's CLI releases a webhook in.
    await stage.call("PATCH", "/eu/v2/audit-log-webhook", { enabled: false });
    expect((await stage.call("DELETE", "/eu/v3/audit-log-webhook")).status).toBe(204);
    expect((await stage.call("DELETE", `${collection}/${id}`)).status).toBe(204);
  });
});

describe("the list of destinations", () => {
  async function startFilledStage(names: readonly string[]) {
    const stage = await startStage();
    for (const name of names) {
      await stage.call("POST", collection, settings(name));
      await stage.clock.sleep(1); // the order is that of creation
    }
    return stage;
  }

  test("can be walked in pages of any size, forth and back, without loss or repetition", async () => {
    const names = ["a", "b", "c", "d", "e", "f", "g"];
    await using stage = await startFilledStage(names);
    const walk = async (size: number, direction: "next" | "previous", start: string) => {
      const pages: string[][] = [];
      let path: string | null = start;
      while (path !== null) {
        const { body } = await stage.call("GET", path);
        expect(body.meta.size).toBe(size);
        pages.push(body.data.map(({ name }: { name: string }) => name));
        const link: string | null = body.meta[direction];
        path = link?.replace("/api/", "/global/") ?? null;
        if (!path) return { pages, last: body.meta };
      }
      return { pages, last: null };
    };
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 1, max: 9 }), async (size) => {
        const forth = await walk(size, "next", `${collection}?page[size]=${size}`);
        expect(forth.pages.flat()).toEqual(names);
        if (!forth.last.previous) return;
        const start = forth.last.previous.replace("/api/", "/global/");
        const back = await walk(size, "previous", start);
        expect(back.pages.reverse().flat()).toEqual(names.slice(0, back.pages.flat().length));
      }),
      { numRuns: 9 },
    );
  });

  test("has its cursors directly under meta, as paths of the API", async () => {
    await using stage = await startFilledStage(["a", "b"]);
    const { body } = await stage.call("GET", `${collection}?page[size]=1`);
    expect(body.meta).toEqual({
      next: expect.stringMatching(
        /^\/api\/v3\/audit-log-destinations\?page%5Bafter%5D=[\w-]+&page%5Bsize%5D=1$/,
      ),
      previous: null,
      size: 1,
    });
  });

  test.each([
    ["filter[name]=siem", ["siem"]],
    ["filter[name][eq]=siem", ["siem"]],
    ["filter[name][contains]=siem", ["siem", "siem-eu"]],
    ["filter[name][eq]=none", []],
    ["", ["siem", "siem-eu", "other"]],
  ])("filters by %s", async (query, expected) => {
    await using stage = await startFilledStage(["siem", "siem-eu", "other"]);
    const { body } = await stage.call("GET", `${collection}?${query}`);
    expect(body.data.map(({ name }: { name: string }) => name)).toEqual(expected);
  });

  test.each([
    "page[size]=0",
    "page[size]=x",
    "page[after]=x",
    "page[before]=e30",
    // Kong's own example, and the form of a cursor of the other list.
    "page[after]=ewogICJpZCI6ICJoZWxsbyB3b3JsZCIKfQ",
    `page[after]=${Buffer.from('{"at":"0000000000000001"}').toString("base64url")}`,
    "page[offset]=1",
    "filter[name][foo]=x",
    "filter[name]=",
    "filter[name][contains]=",
    "filter[endpoint]=x",
  ])("refuses %s", async (query) => {
    await using stage = await startStage();
    const { status, body } = await stage.call("GET", `${collection}?${query}`);
    expect(status).toBe(400);
    expect(body.invalid_parameters[0].field).toBe(query.split("=")[0]);
  });

  test.each([
    "filter[name][eq]=siem&filter[name][contains]=s",
    "filter[name]=siem&filter[name][eq]=siem",
  ])("refuses two conditions: %s", async (query) => {
    await using stage = await startFilledStage(["siem"]);
    const { status, body } = await stage.call("GET", `${collection}?${query}`);
    expect(status).toBe(400);
    expect(body.invalid_parameters[0].field).toBe("filter[name]");
  });

  test("takes a size beyond 1000 for 1000: its document knows no limit and no 400", async () => {
    await using stage = await startFilledStage(["siem"]);
    const { status, body } = await stage.call("GET", `${collection}?page[size]=5000`);
    expect(status).toBe(200);
    expect(body.meta.size).toBe(1000);
  });
});

describe("v2 and v3", () => {
  test("are two views on one webhook", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    const { id } = (await stage.call("POST", collection, settings("siem", { endpoint: siem.url })))
      .body;
    expect((await stage.call("GET", "/eu/v3/audit-log-webhook")).body).toEqual({
      audit_log_destination_id: "",
      enabled: false,
    });
    const bound = await stage.call("PATCH", "/eu/v3/audit-log-webhook", {
      audit_log_destination_id: id,
      enabled: true,
    });
    expect(bound.body).toEqual({ audit_log_destination_id: id, enabled: true });
    expect((await stage.call("GET", "/eu/v2/audit-log-webhook")).body).toMatchObject({
      endpoint: siem.url,
      enabled: true,
      log_format: "json",
    });
    await stage.emulator.idle();
    expect(siem.batches[0]?.headers.authorization).toBe("Splunk x");
    await stage.call("PATCH", "/eu/v2/audit-log-webhook", { enabled: false });
    expect((await stage.call("GET", "/eu/v3/audit-log-webhook")).body).toEqual({
      audit_log_destination_id: id,
      enabled: false,
    });
    // A v2 connection takes the destination's place, and leaves the destination alone.
    await stage.call("PATCH", "/eu/v2/audit-log-webhook", { endpoint: "https://127.0.0.1:2/" });
    expect(
      (await stage.call("GET", "/eu/v3/audit-log-webhook")).body.audit_log_destination_id,
    ).toBe("");
    expect((await stage.call("GET", `${collection}/${id}`)).body.endpoint).toBe(siem.url);
  });

  test("share the delivery status", async () => {
    await using stage = await startStage();
    const v2 = await stage.call("GET", "/eu/v2/audit-log-webhook/status");
    expect((await stage.call("GET", "/eu/v3/audit-log-webhook/status")).body).toEqual(v2.body);
  });

  test("a changed destination is delivered to at once", async () => {
    await using siem = await startSiem();
    await using stage = await startStage();
    const { id } = (await stage.call("POST", collection, settings("siem"))).body;
    await stage.call("PATCH", "/eu/v3/audit-log-webhook", {
      audit_log_destination_id: id,
      enabled: true,
    });
    await stage.call("PATCH", `${collection}/${id}`, { endpoint: siem.url });
    await stage.call("GET", "/eu/v3/audit-log-webhook");
    await stage.emulator.idle();
    expect(siem.lines().length).toBeGreaterThan(0);
  });

  test.each([
    [{ audit_log_destination_id: "x" }, "Could not parse destination id"],
    [{ audit_log_destination_id: "00000000-0000-4000-8000-000000000000" }, "Invalid destination"],
    [{ enabled: true }, "Required field missing"],
  ])("a binding of %j is refused", async (body, detail) => {
    await using stage = await startStage();
    const refused = await stage.call("PATCH", "/eu/v3/audit-log-webhook", body);
    expect(refused).toMatchObject({
      status: 400,
      body: { detail, invalid_parameters: [{ field: "audit_log_destination_id" }] },
    });
  });

  test.each([
    ["clears", "unconfigured"],
    ["keeps-connection", "https://127.0.0.1:1/in"],
  ] as const)("the v3 DELETE of a v2 webhook %s", async (v3Delete, endpoint) => {
    await using stage = await startStage({ knobs: { v3Delete } });
    const { name: _, ...connection } = settings("");
    await stage.call("PATCH", "/eu/v2/audit-log-webhook", { ...connection, enabled: true });
    expect(await stage.call("DELETE", "/eu/v3/audit-log-webhook")).toMatchObject({
      status: 204,
      body: "",
    });
    expect((await stage.call("GET", "/eu/v2/audit-log-webhook")).body).toMatchObject({
      enabled: false,
      endpoint,
    });
  });

  test("name a destination however its id is written", async () => {
    await using stage = await startStage();
    const { id } = (await stage.call("POST", collection, settings("siem"))).body;
    const upper = id.toUpperCase();
    expect((await stage.call("GET", `${collection}/${upper}`)).body.id).toBe(id);
    const bound = await stage.call("PATCH", "/eu/v3/audit-log-webhook", {
      audit_log_destination_id: upper,
    });
    expect(bound.body.audit_log_destination_id).toBe(id);
    expect((await stage.call("DELETE", `${collection}/${upper}`)).status).toBe(409);
  });

  test("a webhook without destination is a 404 when the knob says so", async () => {
    await using stage = await startStage({ knobs: { unconfiguredBinding: "not-found" } });
    for (const body of [{}, { enabled: false }]) {
      expect((await stage.call("PATCH", "/eu/v3/audit-log-webhook", body)).status).toBe(404);
    }
    expect((await stage.call("GET", "/eu/v3/audit-log-webhook")).status).toBe(404);
    expect((await stage.call("DELETE", "/eu/v3/audit-log-webhook")).status).toBe(404);
  });
});
