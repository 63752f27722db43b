import type { Clock } from "../../src/core/clock.js";
import { type Emulator, type EmulatorOptions, startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient, type KonnectClient } from "../../src/konnect/client.js";
import { konnectKeys } from "../../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../../src/receiver/server.js";
import { scaledClock } from "../support/scaled-clock.js";
import { type Siem, startSiem } from "./siem.js";

export const authorization = "Bearer siem-credential";

export interface VerifierStage {
  clock: Clock;
  emulator: Emulator;
  client: KonnectClient;
  receiver: Receiver;
  /** Stands between Konnect and the receiver; hands everything on until told otherwise. */
  siem: Siem;
  /** Points a region's webhook at the SIEM, and waits until the events of that have been delivered. */
  configure(region: string, changes?: { enabled?: boolean; endpoint?: string }): Promise<void>;
  [Symbol.asyncDispose](): Promise<void>;
}

/** Konnect, a SIEM and a receiver behind it, all real but for the speed of time. */
export async function createVerifierStage(
  regions: readonly string[],
  { knobs = {}, tls = false }: { knobs?: EmulatorOptions["knobs"]; tls?: boolean } = {},
): Promise<VerifierStage> {
  const clock = scaledClock(25);
  const emulator = await startEmulator({ clock, knobs, regions });
  const receiver = await startReceiver({
    authorization,
    keys: konnectKeys({ regions, serverUrl: emulator.serverUrl }),
  });
  const siem = await startSiem([{ kind: "forward", to: receiver.url }], { tls });
  const client = createKonnectClient({ token: "kpat_test", serverUrl: emulator.serverUrl, clock });
  return {
    clock,
    emulator,
    client,
    receiver,
    siem,
    async configure(region, changes) {
      const webhook = { endpoint: siem.url, authorization, enabled: true, ...changes };
      await client.updateWebhook(region, webhook);
      await emulator.idle();
    },
    async [Symbol.asyncDispose]() {
      await client.close();
      await emulator.close();
      await siem.close();
      await receiver.close();
    },
  };
}
