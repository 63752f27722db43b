import { resolve } from "node:path";
import type { KeySource } from "../receiver/key-source.js";
import type { CliIo } from "./io.js";

/**
 * Where a command takes the keys from that events are signed with: a file, or Konnect's published ones.
 *
 * @param flags.region regions that deliver @default every region that Konnect documents
 */
export async function verificationKeys(
  flags: { jwks?: string | undefined; region?: readonly string[] | undefined },
  io: CliIo,
): Promise<KeySource> {
  const { fileKeys, konnectKeys } = await import("../receiver/key-source.js");
  if (flags.jwks) return fileKeys(resolve(io.cwd, flags.jwks));
  const { knownRegions } = await import("../konnect/regions.js");
  const { defaultServerUrl } = await import("../konnect/server-url.js");
  const { createDispatcher } = await import("../konnect/dispatcher.js");
  return konnectKeys({
    regions: flags.region ?? knownRegions,
    serverUrl: io.env.KONNECT_SERVER_URL || defaultServerUrl,
    dispatcher: createDispatcher(io.env),
    signal: io.signal,
  });
}
