import type { PluginAddress } from "./address.js";
import { protocolVersion } from "./negotiation.js";

const coreProtocolVersion = 1;

/**
 * The one line that go-plugin reads from a plugin's stdout.
 *
 * @param certificate the server's, as DER; absent without TLS
 * @param multiplexing whether the host asked about connection multiplexing, which is declined
 */
export function handshakeLine(
  { network, address }: Pick<PluginAddress, "network" | "address">,
  certificate: Buffer | undefined,
  multiplexing: boolean,
): string {
  const fields = [
    coreProtocolVersion,
    protocolVersion,
    network,
    address,
    "grpc",
    // go-plugin reads it without padding, and would take a padded one for broken.
    certificate?.toString("base64").replace(/=+$/, "") ?? "",
    ...(multiplexing ? ["false"] : []),
  ];
  return `${fields.join("|")}\n`;
}
