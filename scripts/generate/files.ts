import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { providerSchema } from "../../src/provider/schemas/provider.js";
import { webhookSchema } from "../../src/provider/schemas/webhook.js";
import { webhookStatusSchema } from "../../src/provider/schemas/webhook-status.js";
import { fromZod } from "../../src/terraform/schema/from-zod.js";
import { type ReferencePage, renderReferencePage } from "./reference.js";
import { renderSchemaModule } from "./schemas.js";

const provider = fromZod("provider konnectaudit", providerSchema);
const webhook = fromZod("konnectaudit_webhook", webhookSchema);
const webhookStatus = fromZod("konnectaudit_webhook_status", webhookStatusSchema);

/** Everything that is generated from the schemas: contents by path. A test compares them with what is committed. */
export async function generatedFiles(root: string): Promise<Record<string, string>> {
  const pages: Record<string, Pick<ReferencePage, "kind" | "type" | "schema">> = {
    "index.md": { kind: "provider", type: "konnectaudit", schema: provider },
    "resources/webhook.md": { kind: "resource", type: "konnectaudit_webhook", schema: webhook },
    "data-sources/webhook_status.md": {
      kind: "data source",
      type: "konnectaudit_webhook_status",
      schema: webhookStatus,
    },
  };
  const files: Record<string, string> = {
    "src/provider/generated/schemas.ts": renderSchemaModule([
      { name: "providerSchema", valuesType: "ProviderValues", schema: provider },
      { name: "webhookSchema", valuesType: "WebhookValues", schema: webhook },
      { name: "webhookStatusSchema", valuesType: "WebhookStatusValues", schema: webhookStatus },
    ]),
  };
  for (const [path, page] of Object.entries(pages)) {
    const name = path.replace(/\.md$/, "");
    files[`docs/${path}`] = renderReferencePage({
      ...page,
      example: await readFile(join(root, "examples", `${name}.tf`), "utf8"),
      appendix: await appendixOf(root, name),
    });
  }
  return files;
}

/** Hand-written sections, where a page has some. */
async function appendixOf(root: string, name: string): Promise<string[]> {
  try {
    return [await readFile(join(root, "examples", `${name}.appendix.md`), "utf8")];
  } catch {
    return [];
  }
}
