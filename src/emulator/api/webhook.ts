import { isDeepStrictEqual } from "node:util";
import type { Connection, Webhook } from "../organization.js";
import { problems } from "../problem.js";
import type { World } from "../world.js";
import { BodyReader, readConnectionPatch } from "./body.js";
import {
  type Answer,
  apiTime,
  type Call,
  type Operation,
  visibleConnection,
  writeStatus,
} from "./operation.js";

const path = "/audit-log-webhook";

/** The v2 view of a region's webhook: it holds the connection itself. */
export const webhookOperations: readonly Operation[] = [
  {
    method: "GET",
    versions: ["v2"],
    path,
    check: { resource: "webhook", action: "read" },
    handle: (call, world) => show(call, world.channel(call).webhook),
    handleStale: (call, world) => show(call, world.channel(call).previousWebhook),
  },
  {
    method: "PATCH",
    versions: ["v2"],
    path,
    check: { resource: "webhook", action: "edit" },
    handle: patchWebhook,
  },
];

function show({ organization }: Call, webhook: Webhook): Answer {
  const connection = organization.connectionOf(webhook);
  if (!connection) {
    return { status: 200, body: { enabled: webhook.enabled, endpoint: "unconfigured" } };
  }
  const { enabled, updatedAt } = webhook;
  return {
    status: 200,
    body: { ...visibleConnection(connection), enabled, updated_at: apiTime(updatedAt) },
  };
}

function patchWebhook(call: Call, world: World): Answer {
  const body = new BodyReader(call.body);
  const changes = readConnectionPatch(body, world.knobs);
  const { webhook } = world.channel(call);
  const enabled = body.boolean("enabled") ?? webhook.enabled;
  const before = call.organization.connectionOf(webhook);
  const changesConnection = Object.keys(changes).length > 0;
  if (!before && !changes.endpoint) {
    if (enabled || !isUnset(changes)) throw problems.blank("endpoint");
    return patched(call, webhook, world);
  }
  if (!before?.authorization && !changes.authorization) refuseMissingAuthorization(changes, world);
  // A connection of its own takes a destination's place; the destination itself stays as it is.
  const connection = { ...(before ?? unsetConnection), ...changes };
  world.configure(call, changesConnection ? { connection, enabled } : { ...webhook, enabled });
  return patched(call, world.channel(call).webhook, world);
}

function refuseMissingAuthorization(
  { endpoint, authorization }: Partial<Connection>,
  { knobs }: World,
) {
  const isBlank = authorization !== undefined; // judged by another knob
  if (endpoint !== undefined && !isBlank && knobs.missingAuthorization === "refuse") {
    throw problems.blank("authorization");
  }
}

function patched(call: Call, webhook: Webhook, world: World): Answer {
  return { ...show(call, webhook), status: writeStatus(world, 200) };
}

/** Turning off what was never on is harmless: Kong's own provider does so on destroy, with all fields' defaults. */
function isUnset(changes: Partial<Connection>): boolean {
  return isDeepStrictEqual({ ...unsetConnection, ...changes }, unsetConnection);
}

const unsetConnection: Connection = {
  endpoint: "",
  authorization: undefined,
  log_format: "cef",
  skip_ssl_verification: false,
};
