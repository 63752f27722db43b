import { type Construct, ImportableResource, type TerraformProvider } from "../cdktf.js";
import type { GenerateConfigForImport } from "./class-types.js";

/** The static method `generateConfigForImport` of a class. @param type Terraform's name of what it makes */
export function importer(type: string): GenerateConfigForImport {
  return (
    scope: Construct,
    importToId: string,
    importFromId: string,
    provider?: TerraformProvider,
  ) =>
    new ImportableResource(scope, importToId, {
      terraformResourceType: type,
      importId: importFromId,
      ...(provider ? { provider } : {}),
    });
}
