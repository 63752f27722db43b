import * as z from "zod";
import { attribute } from "../../provider/schemas/attribute.js";
import type { AttributeObject } from "./schema-table.js";

/** What a provider's class takes: the provider's own arguments, and the alias that Terraform gives to any of them. */
export function providerArguments(schema: AttributeObject): AttributeObject {
  return schema.extend({
    alias: attribute(z.string().optional(), {
      description: "Tells several providers in a stack apart: one organisation each.",
    }),
  });
}
