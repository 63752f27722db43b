import type { Provider } from "../engine/definitions.js";
import { type Encodable, encode } from "../wire/message.js";
import {
  nestingMode,
  rpcs,
  type SchemaAttribute,
  type SchemaBlock,
  type Schema as SchemaMessage,
  SchemaNestedBlock,
  SchemaObject,
  stringKind,
} from "../wire/tfplugin6.js";
import { blockBounds } from "./block-bounds.js";
import { type Attribute, isBlock, isNested, type NestedType, type Schema } from "./schema.js";

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
  const { version } = schema;
  return { version, block: { version, ...blockMessage(schema) } };
}

/** What a whole schema and a block in it have in common. */
function blockMessage({
  description = "",
  deprecationMessage,
  attributes,
}: Pick<Schema, "description" | "deprecationMessage" | "attributes">): Encodable<
  typeof SchemaBlock
> {
  return {
    attributes: attributeMessages(attributes),
    block_types: Object.entries(attributes).flatMap(([name, attribute]) => {
      const { type } = attribute;
      return isBlock(type) ? [nestedBlock(name, attribute, type)] : [];
    }),
    description,
    description_kind: stringKind.markdown,
    deprecated: deprecationMessage !== undefined,
  };
}

function attributeMessages(attributes: Schema["attributes"]): Encodable<typeof SchemaAttribute>[] {
  return Object.entries(attributes)
    .filter(([, { type }]) => !isBlock(type))
    .map(([name, attribute]) => attributeMessage(name, attribute));
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

function nestedBlock(name: string, block: Attribute, type: NestedType): Uint8Array {
  const { min, max } = blockBounds(block);
  return encode(SchemaNestedBlock, {
    type_name: name,
    block: blockMessage({ ...block, attributes: type.attributes }),
    nesting: nestingMode[type.nesting],
    min_items: min,
    max_items: max,
  });
}
