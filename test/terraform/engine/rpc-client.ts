import { decodeMsgpack, encodeMsgpack } from "../../../src/terraform/cty/msgpack.js";
import type { ObjectValue } from "../../../src/terraform/cty/value.js";
import type { Request } from "../../../src/terraform/engine/rpc/handlers.js";
import { providerRpcMethods } from "../../../src/terraform/engine/server.js";
import {
  type DataSource,
  defineProvider,
  type Provider,
  type Resource,
  type Schema,
} from "../../../src/terraform/index.js";
import { createLogger } from "../../../src/terraform/plugin/logger.js";
import { objectTypeOf } from "../../../src/terraform/schema/object-type.js";
import {
  type AnyMessage,
  type Decoded,
  decode,
  encode,
} from "../../../src/terraform/wire/message.js";
import { type RpcName, rpcs } from "../../../src/terraform/wire/tfplugin6.js";

type Answer<Name extends RpcName> = Decoded<(typeof rpcs)[Name]["response"]>;

/** Calls a provider's RPCs as Terraform does, bytes in and bytes out. */
export function rpcClient(provider: Provider) {
  const log: string[] = [];
  const { methods, stop } = providerRpcMethods(provider, {
    log: createLogger(
      "test",
      (line) => log.push(line),
      () => new Date(0),
    ),
  });
  return {
    log,
    stop,
    async call<Name extends RpcName>(
      name: Name,
      request: Partial<Request<Name>>,
    ): Promise<Answer<Name>> {
      const { request: asked, response }: { request: AnyMessage; response: AnyMessage } =
        rpcs[name];
      const method = methods[name];
      if (!method) throw new Error(`no RPC ${name}`);
      return decode(response, await method(encode(asked, request))) as Answer<Name>;
    },
  };
}

/** A provider block without arguments, with one resource or data source. */
export function providerOf(parts: {
  resources?: Resource<undefined>[];
  dataSources?: DataSource<undefined>[];
}): Provider {
  return defineProvider<object, undefined>({
    type: "test",
    version: "1.0.0",
    schema: { version: 0, attributes: {} },
    configure: () => undefined,
    resources: parts.resources ?? [],
    dataSources: parts.dataSources ?? [],
  });
}

/** A block as Terraform sends it. */
export function block(schema: Schema, value: ObjectValue | null) {
  return {
    msgpack: encodeMsgpack(value, objectTypeOf(schema.attributes)),
    json: new Uint8Array(),
  };
}

/** A block as Terraform reads it; null when it is absent or null. */
export function unblock(
  schema: Schema,
  value: { msgpack?: Uint8Array | undefined } | undefined,
): ObjectValue | null {
  if (!value?.msgpack?.length) return null;
  return decodeMsgpack(value.msgpack, objectTypeOf(schema.attributes)) as ObjectValue | null;
}

/** Configures a provider that has no arguments. */
export async function configured(provider: Provider) {
  const client = rpcClient(provider);
  await client.call("ConfigureProvider", {
    terraform_version: "1.11.4",
    config: block({ version: 0, attributes: {} }, {}),
  });
  return client;
}
