import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { fromZod } from "../../src/terraform/schema/from-zod.js";
import { catalogue } from "./catalogue.js";
import { constructPages } from "./constructs/pages.js";
import { renderConstructTypes } from "./constructs/types.js";
import { generatedGuides } from "./guides.js";
import { renderReferencePage } from "./reference.js";
import { renderSchemaModule } from "./schemas.js";

/**
 * Everything that is generated, path and content by turns. A test compares it with what is committed.
 *
 * The pages of constructs come last, because they are read from the sources: whoever writes what is yielded finds the types
 * that were generated before in them.
 */
export async function* generatedFiles(root: string): AsyncGenerator<readonly [string, string]> {
  for (const entry of catalogue) {
    const { kind, type, constant, values, page } = entry;
    const schema = fromZod(type, entry.object);
    const module = moduleOf(constant);
    const named = { name: constant, valuesType: values, schema };
    yield [`src/provider/generated/${module}.ts`, renderSchemaModule(named)];
    yield [`src/constructs/generated/${module}.ts`, renderConstructTypes(entry)];
    const example = await readFile(join(root, "examples", `${page}.tf`), "utf8");
    const appendix = await appendixOf(root, page);
    yield [`docs/${page}.md`, renderReferencePage({ kind, type, schema, example, appendix })];
  }
  yield* Object.entries(await generatedGuides(root));
  yield* Object.entries(await constructPages(root));
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
