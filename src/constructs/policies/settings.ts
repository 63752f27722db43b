import type { TerraformResource } from "../cdktf.js";

/**
 * The arguments of a resource as they will be synthesized: a policy has to see what an escape hatch such as
 * `addOverride` has put in place of what the construct was given.
 *
 * @returns values by Terraform's names; tokens as they are
 */
export function settingsOf(resource: TerraformResource): Readonly<Record<string, unknown>> {
  const { terraformResourceType: type, friendlyUniqueId: id } = resource;
  return resource.toTerraform().resource[type][id];
}
