import { canonicalUuid } from "../ids.js";
import type { Webhook } from "../organization.js";
import { problems } from "../problem.js";
import type { World } from "../world.js";
import { patchBinding, showBinding } from "./binding.js";
import { BodyReader } from "./body.js";
import { type Answer, type Call, type Operation, writeStatus } from "./operation.js";
import { putJob, showJob } from "./replay.js";
import { showStatus } from "./status.js";

const webhook = "/portals/{portalId}/audit-log-webhook";
const job = "/portals/{portalId}/audit-log-replay-job";
const versions = ["v2", "v3"] as const;
// Changes by administrators show in the organisation's audit log, as checks on the portal.
const check = (action: string) => ({ resource: "portals/{portalId}", action });

/** The webhook of a Dev Portal: always by destination, and the same in v2 and v3. */
export const portalOperations: readonly Operation[] = [
  {
    method: "GET",
    versions,
    path: webhook,
    check: check("read"),
    handle: ofPortal((call, world) => show(world.channel(call).webhook)),
    handleStale: ofPortal((call, world) => show(world.channel(call).previousWebhook)),
  },
  {
    method: "PATCH",
    versions,
    path: webhook,
    check: check("edit"),
    handle: ofPortal(patchPortalBinding),
  },
  {
    method: "DELETE",
    versions,
    path: webhook,
    check: check("edit"),
    handle: ofPortal((call, world) => {
      world.configure(call, { enabled: false });
      return { status: 204 };
    }),
  },
  {
    method: "GET",
    versions,
    path: `${webhook}/status`,
    check: check("read"),
    handle: ofPortal((call, world) => showStatus(call, world.channel(call), world)),
  },
  {
    method: "GET",
    versions,
    path: job,
    check: check("read"),
    handle: ofPortal((call, world) => showJob(200, world.channel(call).replayJob)),
  },
  {
    method: "PUT",
    versions,
    path: job,
    check: check("edit"),
    handle: ofPortal((call, world) => putJob(call, world.channel(call), world)),
  },
];

/** Unlike in the region's view, the id is not required: without destination there is none. */
function show(webhook: Webhook): Answer {
  const { status, body } = showBinding(webhook);
  const { audit_log_destination_id, ...others } = body;
  const { includePrincipalName } = webhook;
  return {
    status,
    body: {
      ...(audit_log_destination_id === "" ? {} : { audit_log_destination_id }),
      ...others,
      ...(includePrincipalName === undefined
        ? {}
        : { include_principal_name: includePrincipalName }),
    },
  };
}

function patchPortalBinding(call: Call, world: World): Answer {
  // Of Kong's beta provider; no document describes it.
  const isNamed = new BodyReader(call.body).boolean("include_principal_name");
  const { includePrincipalName } = world.channel(call).webhook;
  patchBinding(call, world, isNamed ?? includePrincipalName);
  return { ...show(world.channel(call).webhook), status: writeStatus(world, 200) };
}

/** Every id of a portal's form is a portal here: portals themselves are not emulated. */
function ofPortal(handle: Operation["handle"]): Operation["handle"] {
  return (call: Call, world: World): Answer => {
    if (canonicalUuid(call.params.portalId ?? "") === undefined) throw problems.notFound();
    return handle(call, world);
  };
}
