/**
 * A Terraform provider server in TypeScript (plugin protocol 6), with no run-time dependency.
 * Describe a provider with `defineProvider`, `defineResource` and `defineDataSource`, and `serve` it.
 *
 * @module
 */
export { Decimal } from "./cty/decimal.js";
export type { CtyType } from "./cty/type.js";
export {
  hasUnknown,
  isUnknown,
  type NumberValue,
  TypedValue,
  UNKNOWN,
  type Unknown,
  type Value,
  type WithUnknowns,
} from "./cty/value.js";
export type * from "./engine/contexts.js";
export {
  type DataSource,
  type DataSourceDefinition,
  defineDataSource,
  defineProvider,
  defineResource,
  type JsonObject,
  type Provider,
  type ProviderDefinition,
  type Resource,
  type ResourceDefinition,
} from "./engine/definitions.js";
export {
  type AttributePath,
  type Diagnostic,
  DiagnosticError,
  type DiagnosticSink,
} from "./engine/diagnostics.js";
export type { PrivateState } from "./engine/private-state.js";
export type { HostProcess } from "./plugin/host-process.js";
export type { LogFields, Logger, LogLevel } from "./plugin/logger.js";
export type {
  Attribute,
  Check,
  JsonValue,
  NestedType,
  Rule,
  RuleFinding,
  Schema,
} from "./schema/schema.js";
export { encodeProviderSchema } from "./schema/schema-answer.js";
export { type ServeOptions, serve } from "./serve.js";
