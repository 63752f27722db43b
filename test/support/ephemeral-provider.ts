import { createServer } from "node:net";
import { encodeMsgpack } from "../../src/terraform/cty/msgpack.js";
import type { Value } from "../../src/terraform/cty/value.js";
import { decodePresentBlock } from "../../src/terraform/engine/dynamic-value.js";
import { providerRpcMethods, type UnaryRpc } from "../../src/terraform/engine/server.js";
import { createGrpcServer } from "../../src/terraform/grpc/server.js";
import { defineDataSource, defineProvider, type Schema } from "../../src/terraform/index.js";
import { listen } from "../../src/terraform/plugin/address.js";
import { createLogger } from "../../src/terraform/plugin/logger.js";
import { pluginMethods } from "../../src/terraform/plugin/methods.js";
import { createTransport } from "../../src/terraform/plugin/transport.js";
import { objectTypeOf } from "../../src/terraform/schema/object-type.js";
import { encodeProviderSchema } from "../../src/terraform/schema/schema-answer.js";
import {
  bytes,
  decode,
  embedded,
  encode,
  mapOf,
  message,
  optional,
  string,
} from "../../src/terraform/wire/message.js";
import { DynamicValue, rpcs, Schema as SchemaMessage } from "../../src/terraform/wire/tfplugin6.js";
import { terraformHost } from "./terraform-host.js";

/** An ephemeral resource of a provider that can't be downloaded here, as its documentation describes it. */
export interface EphemeralResource {
  /** `hashicorp/vault`, at the registry of the host that runs */
  source: string;
  /** `vault_kv_secret_v2` */
  type: string;
  attributes: Schema["attributes"];
  /** What the service answers; called whenever Terraform opens the resource. */
  open: (config: Readonly<Record<string, unknown>>) => Readonly<Record<string, Value>>;
}

// The messages of protocol 6 that our own server has no use for.
const schemaAnswer = message({
  provider: embedded(1, SchemaMessage),
  ephemeral_resource_schemas: mapOf(embedded(8, SchemaMessage)),
});
const openRequest = message({ type_name: string(1), config: embedded(2, DynamicValue) });
const openAnswer = message({ result: embedded(3, DynamicValue), private: optional(bytes(4)) });
const nothing: UnaryRpc = async () => new Uint8Array();

/**
 * Serves a stand-in that Terraform attaches to instead of starting the real provider.
 *
 * @returns what TF_REATTACH_PROVIDERS has to say
 */
export async function serveEphemeralResource({
  source,
  type,
  attributes,
  open,
}: EphemeralResource) {
  const schema: Schema = { version: 0, attributes };
  const provider = defineProvider({
    type: type.split("_")[0] ?? type,
    version: "0.0.0",
    schema: { version: 0, attributes: {} },
    configure: () => undefined,
    resources: [],
    // Only to have its schema encoded, which is the same for both.
    dataSources: [defineDataSource({ type, schema, read: ({ config }) => config })],
  });
  const log = createLogger(
    "stand-in",
    () => undefined,
    () => new Date(),
  );
  const { methods, stop } = providerRpcMethods(provider, { log });
  const own: Record<string, UnaryRpc> = {
    async GetProviderSchema() {
      const answer = decode(rpcs.GetProviderSchema.response, encodeProviderSchema(provider));
      const { provider: providerSchema, data_source_schemas: ephemeral } = answer;
      return encode(schemaAnswer, {
        provider: providerSchema,
        ephemeral_resource_schemas: ephemeral,
      });
    },
    ValidateEphemeralResourceConfig: nothing,
    async OpenEphemeralResource(request) {
      const { config } = decode(openRequest, request);
      const given = decodePresentBlock(config, schema);
      const value = { ...given, ...open(given) };
      const msgpack = encodeMsgpack(value, objectTypeOf(attributes));
      return encode(openAnswer, { result: { msgpack, json: new Uint8Array() } });
    },
    CloseEphemeralResource: nothing,
  };
  const grpc = createGrpcServer(
    pluginMethods({ ...methods, ...own }, () => undefined),
    log,
  );
  const server = createServer(createTransport(grpc, undefined, () => undefined));
  const { network, address } = await listen(server, { platform: process.platform });
  const attach = { Protocol: "grpc", ProtocolVersion: 6, Pid: process.pid, Test: true };
  return {
    reattach: JSON.stringify({
      [`${terraformHost().registryHost}/${source}`]: {
        ...attach,
        Addr: { Network: network, String: address },
      },
    }),
    async [Symbol.asyncDispose]() {
      stop();
      await new Promise((closed) => server.close(closed));
    },
  };
}
