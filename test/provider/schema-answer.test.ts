import { once } from "node:events";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import protobuf from "protobufjs";
import { describe, expect, test } from "vitest";
import { executableName, readPackageVersion } from "../../src/package/index.js";
import { konnectAuditProvider } from "../../src/provider/provider.js";
import {
  type Attribute,
  isNested,
  type NestedType,
  type Schema,
} from "../../src/terraform/schema/schema.js";
import {
  call,
  clientIdentity,
  connect,
  pluginEnvironment,
  startPlugin,
} from "../terraform/plugin/plugin-process.js";

const dist = resolve(dirname(fileURLToPath(import.meta.url)), "../../dist");

// The part of plugin protocol 6 that the answer uses, as the oracle knows it.
const Answer = protobuf
  .parse(
    `syntax = "proto3";
     message Attribute {
       string name = 1; bytes type = 2; string description = 3; bool required = 4; bool optional = 5;
       bool computed = 6; bool sensitive = 7; int64 description_kind = 8; bool deprecated = 9;
       Object nested_type = 10; bool write_only = 11;
     }
     message Object { repeated Attribute attributes = 1; int64 nesting = 3; }
     message Block {
       int64 version = 1; repeated Attribute attributes = 2; string description = 4;
       int64 description_kind = 5; bool deprecated = 6;
     }
     message Schema { int64 version = 1; Block block = 2; }
     message Capabilities {
       bool plan_destroy = 1; bool get_provider_schema_optional = 2; bool move_resource_state = 3;
     }
     message Answer {
       Schema provider = 1; map<string, Schema> resource_schemas = 2;
       map<string, Schema> data_source_schemas = 3; repeated bytes diagnostics = 4;
       Capabilities server_capabilities = 6; map<string, bytes> functions = 7;
       map<string, bytes> ephemeral_resource_schemas = 8;
     }`,
    { keepCase: true },
  )
  .root.lookupType("Answer");

const markdown = 1;
const nestings: Record<NestedType["nesting"], number> = { single: 1, list: 2, set: 3, map: 4 };

/** What the oracle has to read for a schema. */
function expectedSchema({ version, description = "", ...schema }: Schema) {
  const block = {
    ...{ version, description, description_kind: markdown },
    attributes: expectedAttributes(schema.attributes),
    deprecated: schema.deprecationMessage !== undefined,
  };
  return { version, block };
}

function expectedAttributes(attributes: Schema["attributes"]): object[] {
  return Object.entries(attributes).map(([name, attribute]) => expectedAttribute(name, attribute));
}

function expectedAttribute(name: string, attribute: Attribute): object {
  const { type, description = "" } = attribute;
  return {
    ...{ name, description, description_kind: markdown },
    required: attribute.required ?? false,
    optional: attribute.optional ?? false,
    computed: attribute.computed ?? false,
    sensitive: attribute.sensitive ?? false,
    write_only: attribute.writeOnly ?? false,
    deprecated: attribute.deprecationMessage !== undefined,
    type: Buffer.from(isNested(type) ? "" : JSON.stringify(type)).toString("base64"),
    nested_type: isNested(type)
      ? { attributes: expectedAttributes(type.attributes), nesting: nestings[type.nesting] }
      : null,
  };
}

function byType(definitions: readonly { type: string; schema: Schema }[]): object {
  return Object.fromEntries(definitions.map(({ type, schema }) => [type, expectedSchema(schema)]));
}

/** What the built package answers to Terraform. */
async function askBuiltPackage(): Promise<unknown> {
  const identity = await clientIdentity();
  const executable = join(dist, "provider", executableName(readPackageVersion(dist)));
  const plugin = await startPlugin(executable, {
    ...pluginEnvironment,
    PLUGIN_CLIENT_CERT: identity.cert,
  });
  const session = await connect(plugin, identity);
  try {
    const { status, body } = await call(session, "/tfplugin6.Provider/GetProviderSchema");
    expect(status).toBe(0);
    return Answer.toObject(Answer.decode(body), { longs: Number, bytes: String, defaults: true });
  } finally {
    session.close();
    plugin.child.kill();
    if (plugin.child.exitCode === null) await once(plugin.child, "exit");
  }
}

describe("the schema answer that the build prepared", () => {
  test("is the schema of every resource and data source, with its descriptions", async () => {
    const provider = konnectAuditProvider({ version: "1", env: {}, mintRevision: () => "" });
    expect(await askBuiltPackage()).toEqual({
      provider: expectedSchema(provider.schema),
      resource_schemas: byType(provider.resources),
      data_source_schemas: byType(provider.dataSources ?? []),
      server_capabilities: {
        plan_destroy: true,
        get_provider_schema_optional: true,
        move_resource_state: true,
      },
      diagnostics: [],
      functions: {},
      ephemeral_resource_schemas: {},
    });
  });
});
