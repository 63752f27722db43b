/**
 * A Terraform (cty) type in the JSON form that the plugin protocol, state files and
 * `terraform providers schema -json` all use.
 */
export type CtyType =
  | "string"
  | "bool"
  | "number"
  | "dynamic"
  | readonly ["list", CtyType]
  | readonly ["set", CtyType]
  | readonly ["map", CtyType]
  | readonly ["tuple", readonly CtyType[]]
  | readonly ["object", Readonly<Record<string, CtyType>>]
  | readonly ["object", Readonly<Record<string, CtyType>>, readonly string[]];

/** The type of an element of a list, set, map or tuple, or of an attribute of an object. */
export function innerType(type: CtyType, step: string | number): CtyType {
  if (typeof type === "string") return "dynamic";
  switch (type[0]) {
    case "list":
    case "set":
    case "map":
      return type[1];
    case "tuple":
      return type[1][Number(step)] ?? "dynamic";
    case "object":
      return type[1][step] ?? "dynamic";
  }
}
