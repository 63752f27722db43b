import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromZod } from "../../src/terraform/schema/from-zod.js";
import { catalogue } from "./catalogue.js";
import { renderConstructTypes } from "./construct-types.js";
import { generatedGuides } from "./guides.js";
import { renderReferencePage } from "./reference.js";
import { renderSchemaModule } from "./schemas.js";

/** Everything that is generated from the schemas: contents by path. A test compares them with what is committed. */
export async function generatedFiles(root: string): Promise<Record<string, string>> {
  const files: Record<string, string> = {};
  for (const entry of catalogue) {
    const { kind, type, constant, values, page } = entry;
    const schema = fromZod(type, entry.object);
    files[`src/provider/generated/${moduleOf(constant)}.ts`] = renderSchemaModule({
      ...{ name: constant, valuesType: values, schema },
    });
    files[`src/constructs/generated/${moduleOf(constant)}.ts`] = renderConstructTypes(entry);
    files[`docs/${page}.md`] = renderReferencePage({
      ...{ kind, type, schema },
      example: await readFile(join(root, "examples", `${page}.tf`), "utf8"),
      appendix: await appendixOf(root, page),
    });
  }
  return { ...files, ...(await generatedGuides(root)) };
}

/** `webhookStatusSchema` → `webhook-status`, as the zod object's own module is called. */
function moduleOf(constant: string): string {
  return constant
    .replace(/Schema$/, "")
    .replace(/[A-Z]/g, (capital) => `-${capital.toLowerCase()}`);
}

/** Hand-written sections, where a page has some. */
async function appendixOf(root: string, page: string): Promise<string[]> {
  try {
    return [await readFile(join(root, "examples", `${page}.appendix.md`), "utf8")];
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw error;
  }
}
