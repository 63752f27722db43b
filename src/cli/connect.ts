import type { Dispatcher } from "undici";
import type { KonnectClient } from "../konnect/client.js";
import type { CliIo } from "./io.js";

/** A command's way to Konnect. */
export interface Connection {
  client: KonnectClient;
  /** For calls of other hosts by the same proxy settings. */
  dispatcher: Dispatcher;
  close(): Promise<void>;
}

/**
 * Connects to the organisation that the environment names: KONNECT_TOKEN or KONNECT_SPAT, and KONNECT_SERVER_URL.
 *
 * @param userAgent what the calls' audit events show
 * @throws KonnectError when the environment names none, or two
 */
export async function connect(io: CliIo, userAgent: string): Promise<Connection> {
  const { createKonnectClient, createDispatcher } = await import("../konnect/index.js");
  const { resolveCredential } = await import("../konnect/credentials.js");
  const { token } = resolveCredential({ env: io.env });
  const dispatcher = createDispatcher(io.env);
  const client = createKonnectClient({
    token,
    userAgent,
    dispatcher,
    serverUrl: io.env.KONNECT_SERVER_URL || undefined,
    clock: io.clock,
    random: io.random,
  });
  return {
    client,
    dispatcher,
    async close() {
      await client.close();
      await dispatcher.close();
    },
  };
}

/**
 * The regions that a command works on.
 *
 * @param named as given: separated by blanks or commas
 */
export async function chooseRegions(named: readonly string[], all: boolean): Promise<string[]> {
  const { knownRegions } = await import("../konnect/regions.js");
  return all ? [...knownRegions] : named.flatMap((names) => names.split(","));
}
