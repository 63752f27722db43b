import type * as z from "zod";
import type { AttributeMeta } from "../../provider/schemas/attribute.js";
import { camelCase } from "./camel-case.js";

/** A zod object whose properties are Terraform attributes. */
export type AttributeObject = z.ZodObject<z.ZodRawShape>;

/** How cdktf stores a value; lists are lists of objects. */
export type StorageClass = "string" | "number" | "boolean" | "list";

/** One attribute as the constructs need it. */
export interface AttributeRow {
  /** Terraform's name: `log_format`. */
  name: string;
  /** The construct's name: `logFormat`. */
  property: string;
  required: boolean;
  /** The value must not stand in the synthesized files. */
  secret: boolean;
  storage: StorageClass;
  type: z.ZodType;
  /** Attributes of a list's objects; empty for everything else. */
  items: readonly AttributeRow[];
}

/** Reads a zod object as a table of attributes. */
export function attributeTable(schema: AttributeObject): AttributeRow[] {
  return Object.entries(schema.shape).map(([name, type]) => {
    const zodType = type as z.ZodType;
    const { writeOnly, sensitive } = (zodType.meta() ?? {}) as Partial<AttributeMeta>;
    return {
      name,
      property: camelCase(name),
      required: !zodType.safeParse(undefined).success,
      secret: writeOnly === true || sensitive === true,
      storage: storageClass(zodType),
      type: zodType,
      items: itemTable(zodType),
    };
  });
}

/** What of zod's definitions is looked at. */
interface Definition {
  type: string;
  innerType?: z.ZodType;
  element?: z.ZodType;
}

const storageClasses: Readonly<Record<string, StorageClass>> = {
  boolean: "boolean",
  number: "number",
  array: "list",
};

function storageClass(type: z.ZodType): StorageClass {
  const { innerType, type: kind } = type.def as Definition;
  return innerType ? storageClass(innerType) : (storageClasses[kind] ?? "string");
}

function itemTable(type: z.ZodType): AttributeRow[] {
  const { element } = type.def as Definition;
  return element && "shape" in element ? attributeTable(element as AttributeObject) : [];
}
