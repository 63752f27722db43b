/**
 * Konnect's audit-log API, as the provider loads it at its first call.
 *
 * @module
 */
export { createKonnectClient, type KonnectClient } from "./client.js";
export { createDispatcher } from "./dispatcher.js";
