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
