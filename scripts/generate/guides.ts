import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { driftReportJsonSchema } from "../../src/gitops/drift-report.js";
import { reportJsonSchema, reportNames } from "../../src/verifier/json-schema.js";
import { faultTables, knobTable } from "./emulator-tables.js";
import { fillSections } from "./markdown.js";
import { faultMatrix, verdictTable } from "./verdict-tables.js";

/** The guides with their generated tables, and the reports' JSON Schema: contents by path. */
export async function generatedGuides(root: string): Promise<Record<string, string>> {
  const sections: Record<string, Record<string, string>> = {
    "docs/guides/emulator.md": { knobs: knobTable(), faults: faultTables() },
    "docs/guides/verify.md": { verdicts: verdictTable(), "fault matrix": faultMatrix() },
  };
  const files: Record<string, string> = {
    "docs/schemas/drift-report.json": `${JSON.stringify(driftReportJsonSchema(), null, 2)}\n`,
  };
  for (const name of reportNames) {
    files[`docs/schemas/${name}-report.json`] =
      `${JSON.stringify(reportJsonSchema(name), null, 2)}\n`;
  }
  for (const [path, content] of Object.entries(sections)) {
    files[path] = fillSections(await readFile(join(root, path), "utf8"), content);
  }
  return files;
}
