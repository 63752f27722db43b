import type * as z from "zod";
import { type RuleName, rules } from "./rules.js";

/** What Terraform and the documentation need to know of an attribute besides its type. */
export interface AttributeMeta {
  /** Markdown; the first sentence says what it is. */
  description: string;
  /** Hidden in Terraform's output. */
  sensitive?: boolean;
  /** In no plan and no state. */
  writeOnly?: boolean;
  /** Set by the provider; may be combined with a default or an optional argument. */
  computed?: boolean;
  /** A change destroys and creates. */
  requiresReplace?: boolean;
  /** Keeps its prior value in the plan of an update. */
  useStateForUnknown?: boolean;
  /** Named checks, the same for zod and for the provider's tables. */
  rules?: readonly RuleName[];
}

/** Attaches metadata to a zod type, and its named rules as refinements. */
export function attribute<Type extends z.ZodType>(type: Type, meta: AttributeMeta): Type {
  const refined = meta.rules ? withRules(type, meta.rules) : type;
  return refined.meta({ ...meta });
}

function withRules<Type extends z.ZodType>(type: Type, names: readonly RuleName[]): Type {
  return type.superRefine((value, context) => {
    if (typeof value !== "string") return;
    for (const name of names) {
      const message = rules[name](value);
      if (message !== undefined) context.addIssue({ code: "custom", message });
    }
  });
}
