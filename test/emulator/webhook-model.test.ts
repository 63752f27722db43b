import fc from "fast-check";
import { expect, test } from "vitest";
import { startStage } from "./stage.js";

type Stage = Awaited<ReturnType<typeof startStage>>;

/** What a region's webhook must be: one thing that v2 and v3 are views on. */
interface Model {
  endpoint: string | undefined;
  /** Place in `destinations`. */
  destination: number | undefined;
  enabled: boolean;
  /** Endpoints of the destinations that there are. */
  destinations: Map<number, string>;
}

interface Real {
  stage: Stage;
  ids: Map<number, string>;
}

const v2 = "/eu/v2/audit-log-webhook";
const v3 = "/eu/v3/audit-log-webhook";
const collection = "/global/v3/audit-log-destinations";
const url = (n: number) => `https://127.0.0.1:${n}/`;

const endpointOf = ({ endpoint, destination, destinations }: Model) =>
  destination === undefined ? endpoint : destinations.get(destination);

/** Does one thing to both, and compares what can be seen of them. */
class Step implements fc.AsyncCommand<Model, Real> {
  constructor(
    private readonly label: string,
    private readonly act: (model: Model, real: Real) => Promise<void>,
  ) {}

  check = () => true;

  async run(model: Model, real: Real): Promise<void> {
    await this.act(model, real);
    const { call } = real.stage;
    const seen = { v2: (await call("GET", v2)).body, v3: (await call("GET", v3)).body };
    const destination = model.destination === undefined ? "" : real.ids.get(model.destination);
    expect(seen).toMatchObject({
      v2: { enabled: model.enabled, endpoint: endpointOf(model) ?? "unconfigured" },
      v3: { enabled: model.enabled, audit_log_destination_id: destination },
    });
    const status = (await call("GET", `${v2}/status`)).body;
    expect(status.webhook_enabled).toBe(model.enabled);
    expect(status.webhook_status === "unconfigured").toBe(endpointOf(model) === undefined);
  }

  toString = () => this.label;
}

const enabled = fc.constantFrom(true, false, null);
const place = fc.integer({ min: 1, max: 3 });

const patchV2 = fc.tuple(fc.option(place), enabled).map(
  ([n, on]) =>
    new Step(`PATCH v2 endpoint ${n} enabled ${on}`, async (model, { stage }) => {
      const body = { endpoint: n === null ? null : url(100 + n), enabled: on };
      const { status } = await stage.call("PATCH", v2, body);
      const becomes = on ?? model.enabled;
      const configured = endpointOf(model) !== undefined || n !== null;
      expect(status).toBe(configured || !becomes ? 200 : 400);
      if (!configured) return;
      model.enabled = becomes;
      if (n !== null) Object.assign(model, { endpoint: url(100 + n), destination: undefined });
    }),
);

const patchV3 = fc.tuple(fc.option(place), enabled).map(
  ([n, on]) =>
    new Step(`PATCH v3 destination ${n} enabled ${on}`, async (model, { stage, ids }) => {
      const id = n === null ? null : (ids.get(n) ?? "00000000-0000-4000-8000-000000000000");
      const { status } = await stage.call("PATCH", v3, {
        audit_log_destination_id: id,
        enabled: on,
      });
      const known = n === null || model.destinations.has(n);
      const becomes = on ?? model.enabled;
      const configured = n === null ? endpointOf(model) !== undefined : known;
      expect(status).toBe(known && (configured || !becomes) ? 200 : 400);
      if (status !== 200) return;
      model.enabled = becomes;
      if (n !== null) Object.assign(model, { endpoint: undefined, destination: n });
    }),
);

const deleteV3 = fc.constant(
  new Step("DELETE v3", async (model, { stage }) => {
    expect((await stage.call("DELETE", v3)).status).toBe(204);
    Object.assign(model, { endpoint: undefined, destination: undefined, enabled: false });
  }),
);

const createDestination = place.map(
  (n) =>
    new Step(`POST destination ${n}`, async (model, { stage, ids }) => {
      const { status, body } = await stage.call("POST", collection, {
        name: `siem-${n}`,
        endpoint: url(n),
        authorization: "x",
        log_format: "cef",
      });
      expect(status).toBe(model.destinations.has(n) ? 409 : 201);
      if (status !== 201) return;
      ids.set(n, body.id);
      model.destinations.set(n, url(n));
    }),
);

const changeDestination = place.map(
  (n) =>
    new Step(`PATCH destination ${n}`, async (model, { stage, ids }) => {
      const endpoint = url(200 + n);
      const path = `${collection}/${ids.get(n) ?? "none"}`;
      const { status } = await stage.call("PATCH", path, { endpoint });
      expect(status).toBe(model.destinations.has(n) ? 200 : 404);
      if (status === 200) model.destinations.set(n, endpoint);
    }),
);

const deleteDestination = place.map(
  (n) =>
    new Step(`DELETE destination ${n}`, async (model, { stage, ids }) => {
      const { status } = await stage.call("DELETE", `${collection}/${ids.get(n) ?? "none"}`);
      const absent = model.destinations.has(n) ? 204 : 404;
      expect(status).toBe(model.destination === n ? 409 : absent);
      if (status === 204) model.destinations.delete(n);
    }),
);

test("v2, v3, status and destinations agree after any sequence of calls", async () => {
  const commands = fc.commands(
    [patchV2, patchV3, deleteV3, createDestination, changeDestination, deleteDestination],
    { maxCommands: 20 },
  );
  await fc.assert(
    fc.asyncProperty(commands, async (sequence) => {
      await using stage = await startStage();
      // Where events go is not the matter here, and nobody listens there.
      stage.emulator.faults.add({ delivery: { kind: "drop" } });
      await fc.asyncModelRun(
        () => ({
          model: {
            endpoint: undefined,
            destination: undefined,
            enabled: false,
            destinations: new Map(),
          },
          real: { stage, ids: new Map() },
        }),
        sequence,
      );
    }),
    { numRuns: 25 },
  );
});
