import type { Clock } from "../../src/core/clock.js";
import type { KonnectClient } from "../../src/konnect/client.js";
import { Foreign } from "../../src/provider/foreign.js";
import { createProviderRun } from "../../src/provider/run.js";
import { Diagnostics } from "../../src/terraform/engine/diagnostics.js";
import { PrivateBytes } from "../../src/terraform/engine/private-state.js";

/**
 * What every handler gets, for tests that need a clock of their own or the bodies of requests.
 *
 * @param konnect left out where nothing may call Konnect
 */
export function createCall(konnect: KonnectClient | undefined, clock: Clock) {
  const silent = () => {};
  return {
    client: createProviderRun({
      async loadKonnect() {
        if (!konnect) throw new Error("Konnect was called");
        return konnect;
      },
      clock,
      foreign: new Foreign(),
      serverUrl: "https://{region}.api.konghq.com",
      mintRevision: () => "minted",
    }),
    diagnostics: new Diagnostics(),
    log: { trace: silent, debug: silent, info: silent, warn: silent, error: silent },
    private: new PrivateBytes(),
    signal: new AbortController().signal,
  };
}
