import { type Channel, laggingStatus } from "../organization.js";
import type { World } from "../world.js";
import { type Answer, apiTime, type Call, type Operation } from "./operation.js";

/** How the deliveries of a region's webhook fare; the same in v2 and v3. */
export const statusOperations: readonly Operation[] = [
  {
    method: "GET",
    versions: ["v2", "v3"],
    path: "/audit-log-webhook/status",
    check: { resource: "webhook", action: "read" },
    handle: (call, world) => showStatus(call, world.channel(call), world),
  },
];

/** The documented pair of `webhook_enabled` and `webhook_status`, with the last attempt once there was one. */
export function showStatus({ organization }: Call, channel: Channel, world: World): Answer {
  const status = laggingStatus(channel, world.now(), world.knobs.statusLagMs);
  const configured = organization.connectionOf(channel.webhook) !== undefined;
  // The documentation has that word for regions only, and Kong's Go client for Dev Portals refuses to decode it.
  const mayBeUnconfigured = world.knobs.statusWords === "documented" && !channel.portalId;
  const unconfigured = mayBeUnconfigured ? "unconfigured" : "inactive";
  return {
    status: 200,
    body: {
      webhook_enabled: channel.webhook.enabled,
      webhook_status: configured ? status.state : unconfigured,
      ...(status.lastAttemptAt === undefined
        ? {}
        : { last_attempt_at: apiTime(status.lastAttemptAt) }),
      ...(status.lastResponseCode === undefined
        ? {}
        : { last_response_code: status.lastResponseCode }),
      ...(status.lastResponseMessage === undefined
        ? {}
        : { last_response_message: status.lastResponseMessage }),
    },
  };
}
