import type { GrpcMethod, GrpcMethods } from "../grpc/server.js";
import { StatusError, statusCode } from "../grpc/status.js";
import { encode, integer, message } from "../wire/message.js";
import { WireError } from "../wire/reader.js";

const nothing = new Uint8Array();
const HealthCheckResponse = message({ status: integer(1) });
const serving = 1;

/**
 * The whole of what a plugin answers: Terraform's own service, and those of go-plugin.
 *
 * @param rpcs of `tfplugin6.Provider`, by name
 * @param shutdown ends the process, once its answer has left
 */
export function pluginMethods(
  rpcs: Readonly<Record<string, (request: Uint8Array) => Promise<Uint8Array>>>,
  shutdown: () => void,
): GrpcMethods {
  return new Map<string, GrpcMethod>([
    ...Object.entries(rpcs).map(([name, rpc]): [string, GrpcMethod] => [
      `/tfplugin6.Provider/${name}`,
      unary(rpc),
    ]),
    // go-plugin waits two seconds for the process to end, so that there is nothing to linger for.
    ["/plugin.GRPCController/Shutdown", async () => ({ message: nothing, afterwards: shutdown })],
    // Called at once by go-plugin; stdout and stderr already go through the pipes.
    ["/plugin.GRPCStdio/StreamStdio", async () => null],
    [
      "/grpc.health.v1.Health/Check",
      async () => ({ message: encode(HealthCheckResponse, { status: serving }) }),
    ],
  ]);
}

function unary(rpc: (request: Uint8Array) => Promise<Uint8Array>): GrpcMethod {
  return async (request) => {
    try {
      return { message: await rpc(request) };
    } catch (error) {
      if (!(error instanceof WireError)) throw error;
      throw new StatusError(statusCode.invalidArgument, error.message);
    }
  };
}
