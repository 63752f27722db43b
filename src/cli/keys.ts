import { resolve } from "node:path";
import type { KeySource } from "../receiver/key-source.js";
import type { CliIo } from "./io.js";

/** Where a command takes the keys from that events are signed with. */
export interface VerificationKeys {
  source: KeySource;
  /** Ends the connections that the keys came over. */
  close(): Promise<void>;
}

/**
 * The keys that events are signed with: those of a file, or Konnect's published ones.
 *
 * @param flags.region regions that deliver @default every region that Konnect documents
 */
export async function verificationKeys(
  flags: { jwks?: string | undefined; region?: readonly string[] | undefined },
  io: CliIo,
): Promise<VerificationKeys> {
  const { fileKeys, konnectKeys } = await import("../receiver/key-source.js");
  if (flags.jwks) return { source: fileKeys(resolve(io.cwd, flags.jwks)), close: async () => {} };
  const { knownRegions } = await import("../konnect/regions.js");
  const { chooseServerUrl } = await import("../konnect/server-url.js");
  const { createDispatcher } = await import("../konnect/dispatcher.js");
  const dispatcher = createDispatcher(io.env);
  const source = konnectKeys({
    regions: flags.region ?? knownRegions,
    serverUrl: chooseServerUrl(null, io.env.KONNECT_SERVER_URL),
    dispatcher,
    signal: io.signal,
  });
  // Not close(): that would wait for a connection that is still being made.
  return { source, close: () => dispatcher.destroy() };
}
