import { bindingOperations } from "./binding.js";
import { jwksOperations } from "./jwks.js";
import type { Operation } from "./operation.js";
import { statusOperations } from "./status.js";
import { webhookOperations } from "./webhook.js";

/** Every operation of Konnect's audit-log API. */
export const operations: readonly Operation[] = [
  ...webhookOperations,
  ...bindingOperations,
  ...statusOperations,
  ...jwksOperations,
];
