import { type Emulator, startEmulator } from "../src/emulator/index.js";

const day = 24 * 3600 * 1000;

/** Made-up regions: well-formed, and as many as wanted. */
export const madeUpRegions = (count: number) =>
  Array.from({ length: count }, (_, index) => `r${index}x`);

const mostRegions = 1000;

/**
 * A Konnect that answers and delivers nothing: really it delivers audit events from elsewhere, and not from the
 * processor that Terraform runs on.
 */
export function startAnsweringKonnect(): Promise<Emulator> {
  return startEmulator({
    knobs: { flushIntervalMs: day },
    regions: madeUpRegions(mostRegions),
  });
}
