import {
  bool,
  bytes,
  embedded,
  integer,
  mapOf,
  message,
  optional,
  repeated,
  string,
} from "./message.js";

/**
 * The messages of plugin protocol 6 that resources and data sources need. Fields that this server
 * has no use for (provider_meta, deferred, legacy_type_system, …) are left out: when Terraform sends
 * them they are skipped as unknown.
 */

export const severity = { error: 1, warning: 2 } as const;
export const stringKind = { plain: 0, markdown: 1 } as const;
export const nestingMode = { single: 1, list: 2, set: 3, map: 4 } as const;

/** A value: always written as msgpack; read as JSON too. */
export const DynamicValue = message({ msgpack: bytes(1), json: bytes(2) });

export const AttributePathStep = message({
  attribute_name: optional(string(1)),
  element_key_string: optional(string(2)),
  element_key_int: optional(integer(3)),
});
export const AttributePath = message({ steps: repeated(embedded(1, AttributePathStep)) });

export const Diagnostic = message({
  severity: integer(1),
  summary: string(2),
  detail: string(3),
  attribute: embedded(4, AttributePath),
});
const diagnostics = (no: number) => repeated(embedded(no, Diagnostic));

export const ClientCapabilities = message({
  deferral_allowed: bool(1),
  write_only_attributes_allowed: bool(2),
});

// Attributes and blocks nest: what is nested is encoded by hand to break the circle of types.
export const SchemaAttribute = message({
  name: string(1),
  type: bytes(2),
  /** An encoded {@link SchemaObject}. */
  nested_type: optional(bytes(10)),
  description: string(3),
  required: bool(4),
  optional: bool(5),
  computed: bool(6),
  sensitive: bool(7),
  description_kind: integer(8),
  deprecated: bool(9),
  write_only: bool(11),
});
export const SchemaObject = message({
  attributes: repeated(embedded(1, SchemaAttribute)),
  nesting: integer(3),
});
export const SchemaBlock = message({
  version: integer(1),
  attributes: repeated(embedded(2, SchemaAttribute)),
  /** Encoded {@link SchemaNestedBlock}s. */
  block_types: repeated(bytes(3)),
  description: string(4),
  description_kind: integer(5),
  deprecated: bool(6),
});
export const SchemaNestedBlock = message({
  type_name: string(1),
  block: embedded(2, SchemaBlock),
  nesting: integer(3),
  min_items: integer(4),
  max_items: integer(5),
});
export const Schema = message({ version: integer(1), block: embedded(2, SchemaBlock) });

export const ServerCapabilities = message({
  plan_destroy: bool(1),
  get_provider_schema_optional: bool(2),
  move_resource_state: bool(3),
});

const value = (no: number) => embedded(no, DynamicValue);
const RawState = message({ json: bytes(1), flatmap: mapOf(string(2)) });
const Empty = message({});
const DiagnosticsOnly = message({ diagnostics: diagnostics(1) });

/** Request and response of every RPC that the server answers. */
export const rpcs = {
  GetProviderSchema: {
    request: Empty,
    response: message({
      provider: embedded(1, Schema),
      resource_schemas: mapOf(embedded(2, Schema)),
      data_source_schemas: mapOf(embedded(3, Schema)),
      diagnostics: diagnostics(4),
      server_capabilities: embedded(6, ServerCapabilities),
    }),
  },
  ValidateProviderConfig: {
    request: message({ config: value(1) }),
    response: message({ diagnostics: diagnostics(2) }),
  },
  ConfigureProvider: {
    request: message({ terraform_version: string(1), config: value(2) }),
    response: DiagnosticsOnly,
  },
  StopProvider: { request: Empty, response: message({ Error: string(1) }) },
  ValidateResourceConfig: {
    request: message({
      type_name: string(1),
      config: value(2),
      client_capabilities: embedded(3, ClientCapabilities),
    }),
    response: DiagnosticsOnly,
  },
  ValidateDataResourceConfig: {
    request: message({ type_name: string(1), config: value(2) }),
    response: DiagnosticsOnly,
  },
  UpgradeResourceState: {
    request: message({
      type_name: string(1),
      version: integer(2),
      raw_state: embedded(3, RawState),
    }),
    response: message({ upgraded_state: value(1), diagnostics: diagnostics(2) }),
  },
  ReadResource: {
    request: message({ type_name: string(1), current_state: value(2), private: bytes(3) }),
    response: message({ new_state: value(1), diagnostics: diagnostics(2), private: bytes(3) }),
  },
  PlanResourceChange: {
    request: message({
      type_name: string(1),
      prior_state: value(2),
      proposed_new_state: value(3),
      config: value(4),
      prior_private: bytes(5),
    }),
    response: message({
      planned_state: value(1),
      requires_replace: repeated(embedded(2, AttributePath)),
      planned_private: bytes(3),
      diagnostics: diagnostics(4),
    }),
  },
  ApplyResourceChange: {
    request: message({
      type_name: string(1),
      prior_state: value(2),
      planned_state: value(3),
      config: value(4),
      planned_private: bytes(5),
    }),
    response: message({ new_state: value(1), private: bytes(2), diagnostics: diagnostics(3) }),
  },
  ImportResourceState: {
    request: message({ type_name: string(1), id: string(2) }),
    response: message({
      imported_resources: repeated(
        embedded(1, message({ type_name: string(1), state: value(2), private: bytes(3) })),
      ),
      diagnostics: diagnostics(2),
    }),
  },
  MoveResourceState: {
    request: message({
      source_provider_address: string(1),
      source_type_name: string(2),
      source_schema_version: integer(3),
      source_state: embedded(4, RawState),
      target_type_name: string(5),
      source_private: bytes(6),
    }),
    response: message({
      target_state: value(1),
      diagnostics: diagnostics(2),
      target_private: bytes(3),
    }),
  },
  ReadDataSource: {
    request: message({ type_name: string(1), config: value(2) }),
    response: message({ state: value(1), diagnostics: diagnostics(2) }),
  },
} as const;

export type RpcName = keyof typeof rpcs;
