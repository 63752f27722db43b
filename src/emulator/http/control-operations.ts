import { maskEndpoint } from "../../konnect/endpoint.js";
import { emulatorErrors } from "../errors.js";
import type { Fault } from "../faults.js";
import { knobsSchema } from "../knobs.js";
import { makeEvents } from "../made-events.js";
import { type Channel, currentStatus } from "../organization.js";
import type { ExchangeContext } from "./context.js";

/** A call to `/_emulator/{collection}/{id}/{action}`. */
export interface ControlCall {
  id: string | undefined;
  action: string | undefined;
  query: URLSearchParams;
  body: unknown;
}

type ControlAnswer = { status: number; body?: unknown };
type ControlOperation = (
  call: ControlCall,
  context: ExchangeContext,
) => ControlAnswer | Promise<ControlAnswer>;

/** The control API by method and collection. */
export const controlOperations: Readonly<Record<string, ControlOperation>> = {
  /** The faults in force, with how often each struck. */
  "GET faults": (_, { world }) => ok(world.faults.list()),
  /** Puts a fault in force, see `faultSchema`. */
  "POST faults": ({ body }, { world }) => ({
    status: 201,
    body: { id: world.faults.add(body as Fault) }, // add() checks it
  }),
  /** Removes one fault, or all of them. */
  "DELETE faults": ({ id }, { world }) => {
    if (id === undefined) world.faults.clear();
    else if (!world.faults.remove(id)) return { status: 404, body: { error: `no fault ${id}` } };
    return { status: 204 };
  },
  /** The knobs with their values and what they mean. */
  "GET knobs": (_, { world }) =>
    ok(
      Object.entries(world.knobs).map(([name, value]) => ({
        name,
        value,
        description: knobsSchema.shape[name as keyof typeof world.knobs].description,
      })),
    ),
  /** Sets the knobs that are named. */
  "PATCH knobs": ({ body }, { world }) => {
    setKnobs(world.knobs, body);
    return ok(world.knobs);
  },
  /** The calls that the API got, without tokens. */
  "GET requests": (_, { requests }) => ok(requests.list()),
  "DELETE requests": (_, { requests }) => {
    requests.clear();
    return { status: 204 };
  },
  /** Makes audit events that no call to this API caused, see `eventsSchema`. */
  "POST events": ({ body }, context) => {
    const channel = makeEvents(body, context.world, context.regions);
    return { status: 202, body: describeChannel(channel) };
  },
  /** What became of the events of each webhook: nothing is lost without being counted here. */
  "GET webhooks": (_, { world }) => ok(world.channels().map(describeChannel)),
  /** The last delivery attempts. */
  "GET attempts": (_, { world }) =>
    ok(
      world.attempts().map(({ channel, at, events, endpoint, result }) => ({
        at,
        region: channel.region,
        portalId: channel.portalId,
        events,
        endpoint: maskEndpoint(endpoint),
        result,
      })),
    ),
};

/**
 * Changes knobs while the emulator runs.
 *
 * @throws EmulatorError `EMULATOR_SETTINGS_INVALID`; then none is changed
 */
export function setKnobs(knobs: object, changes: unknown): void {
  if (typeof changes !== "object" || changes === null || Array.isArray(changes)) {
    throw emulatorErrors.settingsInvalid("knobs", ["they are no object of names and values"]);
  }
  const read = knobsSchema.safeParse({ ...knobs, ...changes });
  if (!read.success) {
    throw emulatorErrors.settingsInvalid(
      "knobs",
      read.error.issues.map(({ path, message }) => `${path.join(".") || "knobs"}: ${message}`),
    );
  }
  Object.assign(knobs, read.data);
}

function describeChannel(channel: Channel): object {
  const { organizationId, region, portalId, webhook, counts, log } = channel;
  return {
    organizationId,
    region,
    portalId,
    enabled: webhook.enabled,
    status: currentStatus(channel),
    counts: { ...counts },
    waiting: log.waiting,
    retained: log.size,
  };
}

function ok(body: unknown): ControlAnswer {
  return { status: 200, body };
}
