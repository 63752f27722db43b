import { coerce } from "../cty/coerce.js";
import type { CtyType } from "../cty/type.js";
import { hasUnknown } from "../cty/value.js";
import { DefinitionError, schemaError } from "./errors.js";
import { typeOf } from "./object-type.js";
import { type Attribute, isBlock, isNested, type Schema } from "./schema.js";

interface Position {
  readonly owner: string;
  readonly path: readonly string[];
  /** Nested in a list, set or map; for sets Terraform has rules of its own. */
  readonly within: readonly ("single" | "list" | "set" | "map")[];
  /** Somewhere inside an attribute, as opposed to blocks only. */
  readonly inAttribute: boolean;
}

/** Contradictions that one attribute can have, as Terraform's core defines them. */
const contradictions: readonly {
  readonly message: string;
  readonly applies: (attribute: Attribute, position: Position) => boolean;
}[] = [
  {
    message: "must be required, optional or computed",
    applies: ({ required, optional, computed, type }) =>
      !required && !optional && !computed && !isBlockCollection(type),
  },
  {
    message: "a block in an attribute cannot be written down",
    applies: ({ type }, { inAttribute }) => isBlock(type) && inAttribute,
  },
  {
    message: "a block cannot be computed, sensitive or write-only, nor have a default",
    applies: ({ type, computed, sensitive, writeOnly, default: value }) =>
      isBlock(type) && !!(computed || sensitive || writeOnly || value !== undefined),
  },
  {
    message: "length checks say how many blocks there may be, not required or optional",
    applies: ({ type, required, optional }) => isBlockCollection(type) && !!(required || optional),
  },
  {
    message: "Terraform bounds the number of blocks in lists and sets only",
    applies: ({ type, checks = [] }) =>
      isBlock(type) && type.nesting === "map" && checks.some(({ kind }) => kind === "length"),
  },
  {
    message: "required excludes optional and computed",
    applies: ({ required, optional, computed }) => !!required && !!(optional || computed),
  },
  {
    message: "a default needs optional and computed",
    applies: ({ default: value, optional, computed }) =>
      value !== undefined && !(optional && computed),
  },
  {
    message: "a write-only attribute cannot be computed",
    applies: ({ writeOnly, computed }) => !!writeOnly && !!computed,
  },
  {
    message: "a write-only attribute cannot be in a set",
    applies: ({ writeOnly }, { within }) => !!writeOnly && within.includes("set"),
  },
  {
    // Two configured elements could become one, and Terraform refuses a plan that shrinks a set.
    message: "a default cannot be in a set",
    applies: ({ default: value }, { within }) => value !== undefined && within.includes("set"),
  },
  {
    message: "useStateForUnknown needs computed",
    applies: ({ useStateForUnknown, computed }) => !!useStateForUnknown && !computed,
  },
  {
    message: "elementChecks need a list, set or map of primitive values",
    applies: ({ elementChecks, type }) =>
      elementChecks !== undefined &&
      (isNested(type) || !["list", "set", "map"].includes(type[0] ?? "")),
  },
  {
    message: "a dynamic type cannot be part of a collection",
    applies: ({ type }, { within }) =>
      !isNested(type) &&
      hasDynamic(
        type,
        within.some((nesting) => nesting !== "single"),
      ),
  },
  {
    message: "names are lower-case letters, digits and underscores, and begin with a letter",
    applies: (_, { path }) => !/^[a-z][a-z0-9_]*$/.test(path.at(-1) ?? ""),
  },
];

/**
 * Checks a schema for contradictions, so that they show when the provider is written and not as a
 * strange plan.
 *
 * @throws DefinitionError that names the attribute
 */
export function verifySchema(owner: string, schema: Schema<unknown>): void {
  if (!Number.isSafeInteger(schema.version) || schema.version < 0) {
    throw new DefinitionError(owner, "the schema's version must be a whole number from 0");
  }
  verifyAttributes(schema.attributes, { owner, path: [], within: [], inAttribute: false });
}

function verifyAttributes(attributes: Schema["attributes"], parent: Position): void {
  for (const [name, attribute] of Object.entries(attributes)) {
    const position = { ...parent, path: [...parent.path, name] };
    const found = contradictions.find(({ applies }) => applies(attribute, position));
    if (found) schemaError(position.owner, position.path, found.message);
    verifyDefault(attribute, position);
    if (!isNested(attribute.type)) continue;
    const within = [...position.within, attribute.type.nesting];
    const inAttribute = !isBlock(attribute.type);
    verifyAttributes(attribute.type.attributes, { ...position, within, inAttribute });
  }
}

function isBlockCollection(type: Attribute["type"]): boolean {
  return isBlock(type) && type.nesting !== "single";
}

function verifyDefault(attribute: Attribute, { owner, path }: Position): void {
  if (attribute.default === undefined) return;
  try {
    if (hasUnknown(coerce(attribute.default, typeOf(attribute)))) throw new TypeError();
  } catch {
    schemaError(owner, path, "the default does not fit the type");
  }
}

function hasDynamic(type: CtyType, inCollection: boolean): boolean {
  if (type === "dynamic") return inCollection;
  if (typeof type === "string") return false;
  switch (type[0]) {
    case "list":
    case "set":
    case "map":
      return hasDynamic(type[1], true);
    case "tuple":
      return type[1].some((element) => hasDynamic(element, inCollection));
    case "object":
      return Object.values(type[1]).some((member) => hasDynamic(member, inCollection));
  }
}
