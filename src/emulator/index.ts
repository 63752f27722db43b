/**
 * An emulator of Konnect's audit-log API and delivery engine, for tests and for trying things out.
 *
 * @module
 */
export { type Emulator, type EmulatorOptions, startEmulator } from "./emulator.js";
export type { ActiveFault, Fault, Faults } from "./faults.js";
export type { LoggedRequest } from "./http/requests.js";
export type { Knobs } from "./knobs.js";
export type { EventsToMake } from "./made-events.js";
export type { KnownToken } from "./tokens.js";
