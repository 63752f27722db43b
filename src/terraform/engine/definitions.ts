import { DefinitionError } from "../schema/errors.js";
import { isNested, type Rule, type Schema } from "../schema/schema.js";
import { verifySchema } from "../schema/verify.js";
import type {
  ConfigureContext,
  CreateContext,
  DataSourceReadContext,
  DeleteContext,
  ImportContext,
  MoveContext,
  PlanContext,
  ReadContext,
  UpdateContext,
  ValidateContext,
} from "./contexts.js";

type Awaitable<T> = T | Promise<T>;

/** A managed resource: its schema and what happens in each phase of its life. */
export interface ResourceDefinition<Values, Client> {
  /** The full type name, such as `null_resource`. */
  readonly type: string;
  readonly schema: Schema<Values>;
  /** Rules over several attributes; single values are checked by the schema's `checks`. */
  validate?(context: ValidateContext<Values>): void;
  /** Refines the engine's plan. Must be deterministic and must not write to the API. */
  plan?(context: PlanContext<Values, Client>): Awaitable<void>;
  /** Creates the object and answers its full state. A failed create must throw. */
  create(context: CreateContext<Values, Client>): Awaitable<Values>;
  /** Answers the object as it is now, or null when it is gone. Any failure must throw. */
  read(context: ReadContext<Values, Client>): Awaitable<Values | null>;
  /** Changes the object and answers its full state; absent when every change replaces. */
  update?(context: UpdateContext<Values, Client>): Awaitable<Values>;
  delete(context: DeleteContext<Values, Client>): Awaitable<void>;
  /**
   * The attribute that an import id fills, or several, joined by `/` in the id. Absent, with no
   * `importState` either, an import is refused.
   */
  readonly importId?: (keyof Values & string) | readonly (keyof Values & string)[];
  /** For import ids of any other shape. Answers what `read` needs; defaults are filled in. */
  importState?(context: ImportContext): Awaitable<Partial<Values>>;
  /** From each older schema version to the next one: state as JSON in, state as JSON out. */
  readonly upgrades?: Readonly<Record<number, (state: JsonObject) => JsonObject>>;
  /** Takes over the state of a resource of another type (`moved` block). Absent: refused. */
  moveState?(context: MoveContext): Awaitable<Partial<Values>>;
}

/** A JSON object. Numbers that a JavaScript number cannot hold are bigint or Decimal. */
export type JsonObject = Record<string, unknown>;

/** A data source. */
export interface DataSourceDefinition<Values, Client> {
  readonly type: string;
  readonly schema: Schema<Values>;
  validate?(context: ValidateContext<Values>): void;
  /** Answers the full value; configured attributes must come back unchanged. */
  read(context: DataSourceReadContext<Values, Client>): Awaitable<Values>;
}

/** A provider: its configuration and what it offers. */
export interface ProviderDefinition<Config, Client> {
  /** The type name that Terraform derives resource prefixes from, such as `null`. */
  readonly type: string;
  readonly version: string;
  /** The provider block. */
  readonly schema: Schema<Config>;
  /** Named rules that `checks` of any schema may refer to. */
  readonly rules?: Readonly<Record<string, Rule>>;
  validate?(context: ValidateContext<Config>): void;
  /** Makes what handlers get as `client`. Called once a process, and not with unknown values. */
  configure(context: ConfigureContext<Config>): Awaitable<Client>;
  readonly resources: readonly Resource<Client>[];
  readonly dataSources?: readonly DataSource<Client>[];
}

/** A resource whose value type only its own handlers know. */
export type Resource<Client> = ResourceDefinition<ErasedValues, Client>;
/** A data source whose value type only its own handlers know. */
export type DataSource<Client> = DataSourceDefinition<ErasedValues, Client>;
/** A provider as the server sees it. */
export type Provider = ProviderDefinition<ErasedValues, unknown>;

export type ErasedValues = Record<string, unknown>;

/**
 * Defines a resource.
 *
 * @throws DefinitionError when the schema or the definition contradicts itself
 */
export function defineResource<Values, Client = unknown>(
  definition: ResourceDefinition<Values, Client>,
): Resource<Client> {
  const { type, schema, importId, importState } = definition;
  verifySchema(type, schema);
  if (importId !== undefined && importState) {
    throw new DefinitionError(type, "importId and importState exclude each other");
  }
  for (const name of importId === undefined ? [] : [importId].flat()) {
    if (schema.attributes[String(name)]?.type !== "string") {
      throw new DefinitionError(type, `importId names "${String(name)}", which is no string`);
    }
  }
  // The engine hands each handler values of its own schema only; that is what `Values` stands for.
  return definition as unknown as Resource<Client>;
}

/**
 * Defines a data source.
 *
 * @throws DefinitionError when the schema contradicts itself
 */
export function defineDataSource<Values, Client = unknown>(
  definition: DataSourceDefinition<Values, Client>,
): DataSource<Client> {
  verifySchema(definition.type, definition.schema);
  return definition as unknown as DataSource<Client>;
}

/**
 * Defines a provider.
 *
 * @throws DefinitionError when two resources or data sources share a type, a type lacks the provider's
 *   prefix, or a check names an unknown rule
 */
export function defineProvider<Config, Client = unknown>(
  definition: ProviderDefinition<Config, Client>,
): Provider {
  const provider = definition as unknown as Provider;
  const { type, resources, dataSources = [], rules = {} } = provider;
  verifySchema("provider", provider.schema);
  for (const definitions of [resources, dataSources]) {
    const types = definitions.map((each) => each.type);
    const foreign = types.find((each) => each !== type && !each.startsWith(`${type}_`));
    if (foreign !== undefined) {
      throw new DefinitionError(foreign, `the type must begin with "${type}_"`);
    }
    const twice = types.find((each, index) => types.indexOf(each) !== index);
    if (twice !== undefined) throw new DefinitionError(twice, "is defined twice");
  }
  for (const { schema } of [provider, ...resources, ...dataSources]) {
    for (const rule of ruleNames(schema.attributes)) {
      if (!Object.hasOwn(rules, rule)) {
        throw new DefinitionError(
          "provider",
          `a check names the rule "${rule}", which is not there`,
        );
      }
    }
  }
  return provider;
}

function ruleNames(attributes: Schema["attributes"]): string[] {
  return Object.values(attributes).flatMap(({ checks = [], elementChecks = [], type: inner }) => [
    ...[...checks, ...elementChecks].flatMap((check) => (check.kind === "rule" ? check.rule : [])),
    ...(isNested(inner) ? ruleNames(inner.attributes) : []),
  ]);
}
