import type * as z from "zod";
import type {
  ComplexList,
  ComplexObject,
  Construct,
  ImportableResource,
  IResolvable,
  TerraformDataSource,
  TerraformMetaArguments,
  TerraformProvider,
  TerraformResource,
} from "../cdktf.js";
import type { CamelCase } from "./camel-case.js";
import type { AttributeObject } from "./schema-table.js";

/** A value as a user may write it: literally, or as a token (numbers and strings are encoded as such). */
type Tokenable<Value> = Value extends boolean
  ? boolean | IResolvable
  : Value extends string
    ? Value | (string & {})
    : Value;

/** A reference to an attribute. */
type Reference<Value> = Value extends boolean
  ? IResolvable
  : Value extends string
    ? string
    : Value extends readonly (infer Item)[]
      ? ObjectList<Item>
      : Value;

/** A list of objects that the provider answers; `get(0)` refers to the first, whether there is one or not. */
export interface ObjectList<Item> extends ComplexList {
  get(index: number): ComplexObject & {
    readonly [Key in keyof Item as Name<Key>]-?: Reference<Exclude<Item[Key], undefined>>;
  };
}

type Name<Key> = Key extends string ? CamelCase<Key> : never;

/** The arguments of a schema, with the names of TypeScript, each taking a token as well. */
export type Arguments<Schema extends AttributeObject> = {
  readonly [Key in keyof z.input<Schema> as Name<Key>]: Tokenable<z.input<Schema>[Key]>;
};

/** A getter and setter for every argument of a schema: what may be assigned is what can be read. */
type Accessors<Schema extends AttributeObject> = {
  [Key in keyof z.output<Schema> as Name<Key>]-?: Tokenable<
    Exclude<z.output<Schema>[Key], undefined>
  >;
};

/** A getter for every computed attribute of a schema. */
type References<Schema extends AttributeObject> = {
  readonly [Key in keyof z.output<Schema> as Name<Key>]-?: Reference<
    Exclude<z.output<Schema>[Key], undefined>
  >;
};

/** What was given for each argument: `logFormatInput`. */
type Inputs<Schema extends AttributeObject> = {
  readonly [Key in keyof z.input<Schema> as `${Name<Key>}Input`]-?:
    | Tokenable<z.input<Schema>[Key]>
    | undefined;
};

type Optional<Schema extends AttributeObject> = {
  [Key in keyof z.input<Schema>]-?: undefined extends z.input<Schema>[Key] ? Key : never;
}[keyof z.input<Schema>];

/** Takes an optional argument back: `resetLogFormat()`. */
type Resets<Schema extends AttributeObject> = {
  [Key in Optional<Schema> as `reset${Capitalize<Name<Key>>}`]: () => void;
};

type Members<Given extends AttributeObject, Computed extends AttributeObject> = Accessors<Given> &
  References<Computed> &
  Inputs<Given> &
  Resets<Given>;

/** What cdktf's command line needs to write a resource that exists already. */
type GenerateConfigForImport = (
  scope: Construct,
  importToId: string,
  importFromId: string,
  provider?: TerraformProvider,
) => ImportableResource;

/** A resource class of the shape that cdktf generates for providers. */
export interface ResourceClass<Given extends AttributeObject, Computed extends AttributeObject> {
  readonly tfResourceType: string;
  readonly generateConfigForImport: GenerateConfigForImport;
  new (
    scope: Construct,
    id: string,
    config: Arguments<Given> & TerraformMetaArguments,
  ): TerraformResource & Members<Given, Computed>;
}

/** A data source class of the shape that cdktf generates for providers. */
export interface DataSourceClass<Given extends AttributeObject, Computed extends AttributeObject> {
  readonly tfResourceType: string;
  readonly generateConfigForImport: GenerateConfigForImport;
  new (
    scope: Construct,
    id: string,
    config: Arguments<Given> & TerraformMetaArguments,
  ): TerraformDataSource & Members<Given, Computed>;
}
