import * as z from "zod";
import type { Construct } from "./cdktf.js";
import { ConstructError, findings } from "./errors.js";
import { isToken, refuseUnknownNames } from "./from-schema/attribute-values.js";
import { problemsOf } from "./from-schema/problems.js";

/** How each option of a construct is checked: by a type, or by what the construct hands it on to. */
export type OptionTypes<Config> = Readonly<Record<keyof Config, z.ZodType | "elsewhere">>;

/**
 * Refuses options that the construct does not have, or that say nothing to it. TypeScript does so too, but not in a cast, in
 * JavaScript, or for a name too many in an object that was made before; and a gate that a typing error left out is not
 * noticed before events are missing.
 *
 * @throws ConstructError `ATTRIBUTE_UNKNOWN`, `ATTRIBUTE_INVALID`
 */
export function checkOptions<Config extends object>(
  scope: Construct,
  config: Config,
  types: OptionTypes<Config>,
): void {
  refuseUnknownNames(scope, config, Object.keys(types));
  for (const [name, value] of Object.entries(config)) {
    const type = types[name as keyof Config];
    if (type === "elsewhere" || value === undefined || isToken(value)) continue;
    const [problem] = problemsOf(type, value);
    if (problem === undefined) continue;
    const finding = findings.attributeInvalid(name, problem, JSON.stringify(value));
    throw new ConstructError(finding, scope.node.path);
  }
}

/** Options that several constructs have. */
export const optionTypes = {
  existing: z.enum(["refuse", "adopt", "import"]),
  flag: z.boolean(),
  /** The gate itself checks its options. */
  gate: z.custom(
    (value) => typeof value === "boolean" || (typeof value === "object" && value !== null),
    "must be true, false or the options of a DeliveryGate",
  ),
} as const;

/** Arguments that go to the resource as they are, which checks them. */
export const handedOn = {
  provider: "elsewhere",
  dependsOn: "elsewhere",
  lifecycle: "elsewhere",
} as const;
