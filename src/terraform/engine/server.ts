import type { Logger } from "../plugin/logger.js";
import { encodeProviderSchema } from "../schema/schema-answer.js";
import { type AnyMessage, decode, encode } from "../wire/message.js";
import { type RpcName, rpcs } from "../wire/tfplugin6.js";
import type { Provider } from "./definitions.js";
import { adoptRpcs } from "./rpc/adopt.js";
import { applyRpcs } from "./rpc/apply.js";
import { dataSourceRpcs } from "./rpc/data-source.js";
import type { RpcHandlers } from "./rpc/handlers.js";
import { planRpcs } from "./rpc/plan.js";
import { providerRpcs } from "./rpc/provider.js";
import { stateRpcs } from "./rpc/state.js";
import { validateRpcs } from "./rpc/validate.js";
import { ProviderSession } from "./session.js";

/** An RPC as bytes in, bytes out. */
export type UnaryRpc = (request: Uint8Array) => Promise<Uint8Array>;

/** A provider's RPCs by name, and what ends them. */
export interface ProviderRpcs {
  readonly methods: Readonly<Record<string, UnaryRpc>>;
  /** Aborts the calls in flight. */
  stop(): void;
}

/**
 * The RPCs of `tfplugin6.Provider` for a provider.
 *
 * @param schemaAnswer the result of `encodeProviderSchema`, prepared at build time
 */
export function providerRpcMethods(
  provider: Provider,
  { log, schemaAnswer }: { log: Logger; schemaAnswer?: Uint8Array | undefined },
): ProviderRpcs {
  const session = new ProviderSession(provider, log);
  const handlers: Omit<RpcHandlers, "GetProviderSchema"> = {
    ...providerRpcs(session),
    ...validateRpcs(session),
    ...stateRpcs(session),
    ...planRpcs(session),
    ...applyRpcs(session),
    ...adoptRpcs(session),
    ...dataSourceRpcs(session),
  };
  const methods = Object.entries(handlers).map(([name, handle]): [string, UnaryRpc] => [
    name,
    asBytes(name as RpcName, handle as (request: object) => Promise<object>),
  ]);
  return {
    methods: {
      ...Object.fromEntries(methods),
      GetProviderSchema: async () => schemaAnswer ?? encodeProviderSchema(provider),
    },
    stop: () => session.stop(),
  };
}

function asBytes(name: RpcName, handle: (request: object) => Promise<object>): UnaryRpc {
  const { request, response }: { request: AnyMessage; response: AnyMessage } = rpcs[name];
  return async (bytes) => encode(response, await handle(decode(request, bytes)));
}
