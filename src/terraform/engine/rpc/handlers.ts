import type { Decoded, Encodable } from "../../wire/message.js";
import type { RpcName, rpcs } from "../../wire/tfplugin6.js";

/** The request of an RPC. */
export type Request<Name extends RpcName> = Decoded<(typeof rpcs)[Name]["request"]>;
/** The response of an RPC. */
export type Response<Name extends RpcName> = Encodable<(typeof rpcs)[Name]["response"]>;

/** One function for each RPC. They answer diagnostics and never reject. */
export type RpcHandlers = {
  readonly [Name in RpcName]: (request: Request<Name>) => Promise<Response<Name>>;
};
