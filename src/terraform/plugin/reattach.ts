import type { PluginAddress } from "./address.js";
import { protocolVersion } from "./negotiation.js";

/**
 * What a developer sets so that Terraform uses a provider that runs already, under a debugger say.
 *
 * @param source the provider's full source address, such as `local/example/null`
 */
export function reattachInstructions(
  source: string,
  pid: number,
  { network, address }: Pick<PluginAddress, "network" | "address">,
): string {
  const config = {
    [source]: {
      Protocol: "grpc",
      ProtocolVersion: protocolVersion,
      Pid: pid,
      Test: true,
      Addr: { Network: network, String: address },
    },
  };
  return `Provider ${source} started. Attach Terraform to it by setting:

export TF_REATTACH_PROVIDERS='${JSON.stringify(config)}'

It serves until it gets an interrupt (Ctrl-C).
`;
}
