import { auditLogOperations } from "./audit-logs.js";
import { bindingOperations } from "./binding.js";
import { destinationOperations } from "./destinations.js";
import { jwksOperations } from "./jwks.js";
import type { Operation } from "./operation.js";
import { portalOperations } from "./portals.js";
import { replayOperations } from "./replay.js";
import { statusOperations } from "./status.js";
import { webhookOperations } from "./webhook.js";

/** Every operation of Konnect's audit-log API. */
export const operations: readonly Operation[] = [
  ...webhookOperations,
  ...bindingOperations,
  ...statusOperations,
  ...jwksOperations,
  ...destinationOperations,
  ...replayOperations,
  ...portalOperations,
  ...auditLogOperations,
];
