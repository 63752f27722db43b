import { type Emulator, startEmulator } from "../src/emulator/index.js";

const day = 24 * 3600 * 1000;

/**
 * A Konnect that answers and delivers nothing: really it delivers audit events from elsewhere, and not from the
 * processor that Terraform runs on.
 */
export function startAnsweringKonnect(): Promise<Emulator> {
  return startEmulator({ knobs: { flushIntervalMs: day } });
}
