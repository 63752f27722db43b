import type { WithUnknowns } from "../cty/value.js";
import type { Logger } from "../plugin/logger.js";
import type { JsonValue } from "../schema/schema.js";
import type { DiagnosticSink } from "./diagnostics.js";
import type { PrivateState } from "./private-state.js";

/** What every handler gets. */
export interface CallContext {
  readonly diagnostics: DiagnosticSink;
  readonly log: Logger;
  /** Aborted when the user interrupts Terraform (StopProvider) and when the provider shuts down. */
  readonly signal: AbortSignal;
}

/** The configuration as written: null where nothing is written and for computed attributes. */
export type ConfigOf<Values> = { [Name in keyof Values]: Values[Name] | null };

/** Values that may be unknown at any depth, and null where nothing is written. */
export type PartialConfigOf<Values> = WithUnknowns<ConfigOf<Values>>;

export interface ConfigureContext<Config> extends CallContext {
  /** Known throughout: with unknown values in the provider block, `configure` is not called. */
  readonly config: ConfigOf<Config>;
  readonly terraformVersion: string;
}

export interface ValidateContext<Values> extends Pick<CallContext, "diagnostics" | "log"> {
  /** Write-only values are here; anything may be unknown. */
  readonly config: PartialConfigOf<Values>;
}

/**
 * A plan after the engine's own rules. The handler may change computed attributes of `planned` in
 * place where the configuration is null, in nested attributes and blocks too unless they are a set;
 * Terraform allows no other change.
 */
export interface PlanContext<Values, Client> extends CallContext {
  readonly action: "create" | "update" | "delete";
  /** Null on create. A replacement is planned twice: as an update, then as a create. */
  readonly prior: Values | null;
  /** The configuration with its write-only values. Null on delete. */
  readonly config: PartialConfigOf<Values> | null;
  /** Null on delete. */
  readonly planned: PartialConfigOf<Values> | null;
  /** Empty on create. What is written here reaches create or update. */
  readonly private: PrivateState;
  /** Undefined while the provider block holds unknown values. */
  readonly client: Client | undefined;
  /** Whether this plan creates, deletes or changes something, by the engine's own comparison. */
  readonly hasChanges: boolean;
  /**
   * Plans computed attributes as "(known after apply)", but for those that `ignore_changes` names: they keep their value,
   * and apply has to answer it.
   *
   * @throws for an attribute that is not computed or is configured
   */
  markUnknown(...names: (keyof Values & string)[]): void;
  /** Plans a replacement because of these attributes. Terraform ignores those that did not change. */
  requireReplace(...names: (keyof Values & string)[]): void;
}

export interface CreateContext<Values, Client> extends CallContext {
  /** The configuration, known throughout; the only place where write-only values are. */
  readonly config: ConfigOf<Values>;
  /**
   * What was planned, defaults included. A computed attribute without a planned value holds
   * `UNKNOWN` here (test with `isUnknown`); the answer must have a known value in its place and
   * every other planned value unchanged. The engine checks both.
   */
  readonly planned: Values;
  readonly private: PrivateState;
  readonly client: Client;
}

export interface UpdateContext<Values, Client> extends CreateContext<Values, Client> {
  readonly prior: Values;
}

export interface ReadContext<Values, Client> extends CallContext {
  /** The last known state; after an import only what `importState` gave, the rest null. */
  readonly state: Values;
  readonly private: PrivateState;
  readonly client: Client;
}

export interface DeleteContext<Values, Client> extends CallContext {
  readonly state: Values;
  readonly private: PrivateState;
  readonly client: Client;
}

export interface ImportContext extends Pick<CallContext, "diagnostics" | "log"> {
  /** What the user gave to `terraform import` or wrote into an import block. */
  readonly id: string;
}

/** A `moved` block from a resource of another type or provider. */
export interface MoveContext extends Pick<CallContext, "diagnostics" | "log"> {
  readonly sourceProviderAddress: string;
  readonly sourceTypeName: string;
  readonly sourceSchemaVersion: number;
  /** The source's state as JSON. */
  readonly sourceState: JsonValue;
}

export interface DataSourceReadContext<Values, Client> extends CallContext {
  readonly config: ConfigOf<Values>;
  readonly client: Client;
}
