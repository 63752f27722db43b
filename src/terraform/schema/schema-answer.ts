import type { Provider } from "../engine/definitions.js";
import { type Encodable, encode } from "../wire/message.js";
import {
  nestingMode,
  rpcs,
  type SchemaAttribute,
  type Schema as SchemaMessage,
  SchemaObject,
  stringKind,
} from "../wire/tfplugin6.js";
import { type Attribute, isNested, type NestedType, type Schema } from "./schema.js";

/**
 * The answer to GetProviderSchema as it goes over the wire. It depends on the definition only, so a
 * build may prepare it and hand it to `serve`.
 */
export function encodeProviderSchema(provider: Provider): Buffer {
  return encode(rpcs.GetProviderSchema.response, {
    provider: schemaMessage(provider.schema),
    resource_schemas: byType(provider.resources),
    data_source_schemas: byType(provider.dataSources ?? []),
    server_capabilities: {
      // Without it Terraform would not ask us to plan a destroy, and `plan` handlers not see it.
      plan_destroy: true,
      // The schema is asked for once per command, not once per process.
      get_provider_schema_optional: true,
      move_resource_state: true,
    },
  });
}

function byType(
  definitions: readonly { readonly type: string; readonly schema: Schema }[],
): Record<string, Encodable<typeof SchemaMessage>> {
  return Object.fromEntries(definitions.map(({ type, schema }) => [type, schemaMessage(schema)]));
}

function schemaMessage(schema: Schema): Encodable<typeof SchemaMessage> {
  const { version, description = "", deprecationMessage } = schema;
  return {
    version,
    block: {
      version,
      attributes: attributeMessages(schema.attributes),
      description,
      description_kind: stringKind.markdown,
      deprecated: deprecationMessage !== undefined,
    },
  };
}

function attributeMessages(attributes: Schema["attributes"]): Encodable<typeof SchemaAttribute>[] {
  return Object.entries(attributes).map(([name, attribute]) => attributeMessage(name, attribute));
}

function attributeMessage(
  name: string,
  { type, description = "", ...attribute }: Attribute,
): Encodable<typeof SchemaAttribute> {
  return {
    name,
    ...(isNested(type)
      ? { nested_type: nestedType(type) }
      : { type: Buffer.from(JSON.stringify(type)) }),
    description,
    description_kind: stringKind.markdown,
    required: attribute.required,
    optional: attribute.optional,
    computed: attribute.computed,
    sensitive: attribute.sensitive,
    write_only: attribute.writeOnly,
    deprecated: attribute.deprecationMessage !== undefined,
  };
}

function nestedType({ nesting, attributes }: NestedType): Uint8Array {
  return encode(SchemaObject, {
    attributes: attributeMessages(attributes),
    nesting: nestingMode[nesting],
  });
}
