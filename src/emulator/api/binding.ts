import { canonicalUuid } from "../ids.js";
import type { Webhook } from "../organization.js";
import { problems } from "../problem.js";
import type { World } from "../world.js";
import { BodyReader } from "./body.js";
import { type Answer, type Call, type Operation, writeStatus } from "./operation.js";

const path = "/audit-log-webhook";

/** The v3 view of a region's webhook: it names a destination. */
export const bindingOperations: readonly Operation[] = [
  {
    method: "GET",
    versions: ["v3"],
    path,
    check: { resource: "webhook", action: "read" },
    handle: (call, world) => showUnlessMissing(call, world),
    handleStale: (call, world) => showBinding(world.channel(call).previousWebhook),
  },
  {
    method: "PATCH",
    versions: ["v3"],
    path,
    check: { resource: "webhook", action: "edit" },
    handle: patchUnlessMissing,
  },
  {
    method: "DELETE",
    versions: ["v3"],
    path,
    check: { resource: "webhook", action: "delete" },
    handle: deleteBinding,
  },
];

function showUnlessMissing(call: Call, world: World): Answer {
  const { webhook } = world.channel(call);
  if (webhook.destinationId === undefined && world.knobs.unconfiguredBinding === "not-found") {
    throw problems.notFound();
  }
  return showBinding(webhook);
}

function patchUnlessMissing(call: Call, world: World): Answer {
  const { webhook } = world.channel(call);
  const id = new BodyReader(call.body).string("audit_log_destination_id");
  const staysUnbound = id === undefined && webhook.destinationId === undefined;
  // The answer would have to show an empty id, which that behaviour does not have.
  if (staysUnbound && world.knobs.unconfiguredBinding === "not-found") throw problems.notFound();
  patchBinding(call, world);
  return { ...showBinding(world.channel(call).webhook), status: writeStatus(world, 200) };
}

/** Both members are required in answers: an empty id stands for "none". */
export function showBinding({ destinationId, enabled }: Webhook) {
  return { status: 200, body: { audit_log_destination_id: destinationId ?? "", enabled } };
}

/** Changes destination or `enabled`; what the body leaves out stays. */
export function patchBinding(call: Call, world: World, includePrincipalName?: boolean): void {
  const body = new BodyReader(call.body);
  const id = readDestinationId(call, body);
  const { connection, destinationId, enabled } = world.channel(call).webhook;
  const bound: Webhook = { enabled: body.boolean("enabled") ?? enabled };
  if (id !== undefined) bound.destinationId = id;
  else if (destinationId !== undefined) bound.destinationId = destinationId;
  else if (connection !== undefined) bound.connection = connection;
  if (includePrincipalName !== undefined) bound.includePrincipalName = includePrincipalName;
  if (bound.enabled && !call.organization.connectionOf(bound)) {
    throw problems.blank("audit_log_destination_id");
  }
  world.configure(call, bound);
}

function readDestinationId({ organization }: Call, body: BodyReader): string | undefined {
  const text = body.string("audit_log_destination_id");
  if (text === undefined) return undefined;
  const id = canonicalUuid(text);
  if (id === undefined) throw problems.destinationIdInvalid();
  if (!organization.destinations.has(id)) throw problems.destinationUnknown();
  return id;
}

function deleteBinding(call: Call, world: World): Answer {
  const { webhook } = world.channel(call);
  const isUnbound = webhook.destinationId === undefined;
  const { connection } = webhook;
  if (isUnbound && !connection && world.knobs.unconfiguredBinding === "not-found") {
    throw problems.notFound();
  }
  const keeps = world.knobs.v3Delete === "keeps-connection" && connection !== undefined;
  world.configure(call, keeps ? { connection, enabled: false } : { enabled: false });
  return { status: 204 };
}
