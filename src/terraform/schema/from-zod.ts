// Types only: this module walks zod objects but never loads zod.
import type * as z from "zod";
import type { CtyType } from "../cty/type.js";
import { DefinitionError } from "./errors.js";
import { typeOf } from "./object-type.js";
import {
  type Attribute,
  isBlock,
  isNested,
  type JsonValue,
  type NestedType,
  type Schema,
} from "./schema.js";
import { verifySchema } from "./verify.js";
import { zodChecks } from "./zod-checks.js";

/** What `.meta()` may say of a zod type, besides anything else that is kept there. */
export interface AttributeMetadata {
  description?: string;
  deprecationMessage?: string;
  sensitive?: boolean;
  writeOnly?: boolean;
  /** Set by the provider only, whether or not the zod type is optional (then it may be null). */
  computed?: boolean;
  /** Together with `computed`: may also be configured. */
  optional?: boolean;
  requiresReplace?: boolean;
  useStateForUnknown?: boolean;
  /** An object, or an array or record of objects, that is written as blocks. */
  block?: boolean;
  /** An array whose order means nothing and whose elements are unique. */
  collection?: "set";
  /** Named rules of the provider, in place of zod refinements, which are no data. */
  rules?: readonly string[];
}

/** A zod object's values as handlers see them: every attribute is there, null where unset. */
export type ValuesOf<T> = T extends readonly (infer Element)[]
  ? ValuesOf<Element>[]
  : T extends object
    ? { [Name in keyof T]-?: NullFor<T[Name]> }
    : T;

type NullFor<T> = undefined extends T ? ValuesOf<Exclude<T, undefined>> | null : ValuesOf<T>;

/**
 * Compiles a zod object into a schema. For build time: the result is plain JSON.
 *
 * - optional and nullable types are optional attributes, those with a default optional + computed;
 * - objects, and arrays and records of them, are nested attributes, or blocks where metadata say so;
 *   blocks in an array or record are never null, so that these can't be optional;
 * - checks (enum, pattern, length, range, integer) become tables; refinements need named `rules`.
 *
 * @param owner names the schema in errors
 * @throws DefinitionError for what a Terraform schema can't express (transforms, unions, refinements
 *   without a named rule …), so that no validation gets lost
 */
export function fromZod<Object extends z.ZodObject>(
  owner: string,
  object: Object,
  { version = 0 }: { version?: number } = {},
): Schema<ValuesOf<z.output<Object>>> {
  const { description, deprecationMessage } = metadataOf(object);
  const schema: Schema<ValuesOf<z.output<Object>>> = {
    version,
    ...(description !== undefined && { description }),
    ...(deprecationMessage !== undefined && { deprecationMessage }),
    attributes: attributesOf(owner, object, []),
  };
  verifySchema(owner, schema);
  return schema;
}

type Path = readonly string[];

interface Unwrapped {
  readonly type: z.ZodType;
  readonly optional: boolean;
  readonly defaultValue: JsonValue | undefined;
  readonly metadata: AttributeMetadata;
  /** The wrappers and the type, outermost first; checks may sit on each of them. */
  readonly layers: readonly z.ZodType[];
}

function attributesOf(owner: string, object: z.ZodObject, path: Path): Record<string, Attribute> {
  return Object.fromEntries(
    Object.entries(object.shape).map(([name, type]) => [
      name,
      attributeOf(owner, type as z.ZodType, [...path, name]),
    ]),
  );
}

function attributeOf(owner: string, zodType: z.ZodType, path: Path): Attribute {
  const { type, optional, defaultValue, metadata, layers } = unwrap(zodType);
  const fail = (message: string): never => {
    throw new DefinitionError(`${owner}, attribute ${path.join(".")}`, message);
  };
  const attributeType = attributeTypeOf(owner, type, metadata, path, fail);
  const checks = zodChecks(layers, metadata.rules ?? [], fail);
  const element = elementOf(type);
  const elementChecks =
    element && !isNested(attributeType) ? zodChecks(unwrap(element).layers, [], fail) : [];
  if (metadata.block && !isBlock(attributeType)) fail("only objects can be written as blocks");
  const collection = isBlock(attributeType) && attributeType.nesting !== "single";
  if (collection && optional) fail("absent blocks are an empty array or record and never null");
  return {
    type: attributeType,
    ...(collection
      ? metadata.computed && { computed: true }
      : configurability(metadata, optional, defaultValue)),
    ...(defaultValue !== undefined && { default: defaultValue }),
    ...flags(metadata),
    ...(checks.length > 0 && { checks }),
    ...(elementChecks.length > 0 && { elementChecks }),
  };
}

function configurability(
  { computed = false, optional: configurable = false }: AttributeMetadata,
  optional: boolean,
  defaultValue: JsonValue | undefined,
): Pick<Attribute, "required" | "optional" | "computed"> {
  if (defaultValue !== undefined) return { optional: true, computed: true };
  if (computed) return configurable ? { optional: true, computed } : { computed };
  return optional ? { optional } : { required: true };
}

function flags(metadata: AttributeMetadata): Partial<Attribute> {
  const names = [
    "description",
    "deprecationMessage",
    "sensitive",
    "writeOnly",
    "requiresReplace",
    "useStateForUnknown",
  ] as const;
  return Object.fromEntries(
    names.filter((name) => metadata[name]).map((name) => [name, metadata[name]]),
  );
}

function attributeTypeOf(
  owner: string,
  type: z.ZodType,
  metadata: AttributeMetadata,
  path: Path,
  fail: (message: string) => never,
): CtyType | NestedType {
  const { def } = (type as unknown as z.core.$ZodTypes)._zod;
  const block = metadata.block ? { block: true as const } : {};
  if (def.type === "object") {
    return {
      nesting: "single",
      ...block,
      attributes: attributesOf(owner, type as z.ZodObject, path),
    };
  }
  const element = elementOf(type);
  if (!element) return primitiveOf(def.type, type, fail);
  const nesting = def.type === "array" ? (metadata.collection ?? "list") : "map";
  const inner = unwrap(element);
  if (inner.metadata.block) fail("`block` belongs to the array or record, not to its element");
  if (inner.type._zod.def.type === "object") {
    return { nesting, ...block, attributes: attributesOf(owner, inner.type as z.ZodObject, path) };
  }
  const innerType = attributeTypeOf(owner, inner.type, inner.metadata, path, fail);
  return [nesting, isNested(innerType) ? typeOf({ type: innerType }) : innerType];
}

function primitiveOf(kind: string, type: z.ZodType, fail: (message: string) => never): CtyType {
  if (kind === "string") return "string";
  if (kind === "boolean") return "bool";
  if (kind === "number" || kind === "bigint") return "number";
  if (kind === "enum" || kind === "literal") {
    const values = [...((type as z.ZodType & { values?: Set<unknown> })._zod.values ?? [])];
    const kinds = new Set(values.map((value) => typeof value));
    if (kinds.size === 1 && kinds.has("string")) return "string";
    if (kinds.size === 1 && kinds.has("number")) return "number";
    if (kinds.size === 1 && kinds.has("boolean")) return "bool";
  }
  return fail(`Terraform has no type for zod's "${kind}"`);
}

function elementOf(type: z.ZodType): z.ZodType | undefined {
  const { def } = (type as unknown as z.core.$ZodTypes)._zod;
  if (def.type === "array") return def.element as z.ZodType;
  if (def.type === "record") return def.valueType as z.ZodType;
  return undefined;
}

function unwrap(outermost: z.ZodType): Unwrapped {
  const layers: z.ZodType[] = [];
  let type = outermost;
  let optional = false;
  let defaultValue: JsonValue | undefined;
  for (;;) {
    layers.push(type);
    const { def } = (type as unknown as z.core.$ZodTypes)._zod;
    if (def.type === "optional" || def.type === "nullable") optional = true;
    else if (def.type === "default") defaultValue ??= def.defaultValue as JsonValue;
    else if (def.type !== "readonly") break;
    type = def.innerType as z.ZodType;
  }
  const metadata = Object.assign({}, ...layers.toReversed().map(metadataOf)) as AttributeMetadata;
  return { type, optional, defaultValue, metadata, layers };
}

function metadataOf(type: z.ZodType): AttributeMetadata {
  return (type.meta() ?? {}) as AttributeMetadata;
}
