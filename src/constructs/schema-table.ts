import type * as z from "zod";
import type { AttributeMeta } from "../provider/schemas/attribute.js";
import { camelCase } from "./camel-case.js";

/** A zod object whose properties are Terraform attributes. */
export type AttributeObject = z.ZodObject<z.ZodRawShape>;

/** How cdktf stores a value. */
export type StorageClass = "string" | "number" | "boolean";

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
    };
  });
}

function storageClass(type: z.ZodType): StorageClass {
  const definition = type.def as { type: string; innerType?: z.ZodType };
  if (definition.innerType) return storageClass(definition.innerType);
  if (definition.type === "boolean" || definition.type === "number") return definition.type;
  return "string";
}
