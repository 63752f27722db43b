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
    handle: patchBinding,
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

/** Both members are required in answers: an empty id stands for "none". */
export function showBinding({ destinationId, enabled }: Webhook): Answer {
  return { status: 200, body: { audit_log_destination_id: destinationId ?? "", enabled } };
}

/** Changes destination or `enabled`; what the body leaves out stays. */
export function patchBinding(call: Call, world: World): Answer {
  const body = new BodyReader(call.body);
  const id = body.string("audit_log_destination_id");
  if (id !== undefined) checkDestination(call, id);
  const { webhook } = world.channel(call);
  const enabled = body.boolean("enabled") ?? webhook.enabled;
  const bound: Webhook =
    id === undefined ? { ...webhook, enabled } : { destinationId: id, enabled };
  if (enabled && !call.organization.connectionOf(bound)) {
    throw problems.blank("audit_log_destination_id");
  }
  world.configure(call, bound);
  return { ...showBinding(world.channel(call).webhook), status: writeStatus(world, 200) };
}

function checkDestination({ organization }: Call, id: string): void {
  if (!isUuid(id)) throw problems.destinationIdInvalid();
  if (!organization.destinations.has(id)) throw problems.destinationUnknown();
}

/** Says whether a text has a UUID's form. */
export function isUuid(text: string): boolean {
  return /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
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
