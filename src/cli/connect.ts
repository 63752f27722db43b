import type { Dispatcher } from "undici";
import { environmentSecrets } from "../core/environment-secrets.js";
import type { Cleaner } from "../core/foreign-text.js";
import type { KonnectClient, KonnectClientOptions } from "../konnect/client.js";
import type { CliIo } from "./io.js";

/** A command's way to Konnect. */
export interface Connection {
  client: KonnectClient;
  /** For calls of other hosts by the same proxy settings. */
  dispatcher: Dispatcher;
  /** Cleans foreign text for showing: without the token and every other secret of the environment. */
  clean: Cleaner;
  close(): Promise<void>;
}

/**
 * Connects to the organisation that the environment names: KONNECT_TOKEN or KONNECT_SPAT, and KONNECT_SERVER_URL.
 *
 * @param userAgent what the calls' audit events show
 * @param limits how long and how often calls are tried, where it is not the client's own way
 * @throws KonnectError when the environment names none, or two
 */
export async function connect(
  io: CliIo,
  userAgent: string,
  limits: Pick<KonnectClientOptions, "retry" | "requestTimeout"> = {},
): Promise<Connection> {
  const { createKonnectClient, createDispatcher } = await import("../konnect/index.js");
  const { resolveCredential } = await import("../konnect/credentials.js");
  const { chooseServerUrl } = await import("../konnect/server-url.js");
  const { token } = resolveCredential({ env: io.env });
  const dispatcher = createDispatcher(io.env);
  const client = createKonnectClient({
    token,
    userAgent,
    dispatcher,
    ...limits,
    secrets: environmentSecrets(io.env),
    serverUrl: chooseServerUrl(null, io.env.KONNECT_SERVER_URL),
    clock: io.clock,
    random: io.random,
  });
  return {
    client,
    dispatcher,
    clean: client.clean,
    async close() {
      await client.close();
      // Not close(): that would wait for a connection that is still being made.
      await dispatcher.destroy();
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
