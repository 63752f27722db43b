import { dirname } from "node:path";
import { fileURLToPath } from "node:url";
import type * as Parser from "@actions/workflow-parser";
import { build } from "esbuild";

/** GitHub's own parser; bundled, as it imports JSON in a way that Node no longer takes. */
async function loadParser(): Promise<typeof Parser> {
  const { outputFiles } = await build({
    stdin: {
      contents: 'export * from "@actions/workflow-parser";',
      resolveDir: dirname(fileURLToPath(import.meta.url)),
    },
    ...{ bundle: true, write: false, platform: "node", format: "esm", logLevel: "error" },
    banner: {
      js: `import { createRequire } from "node:module"; const require = createRequire(${JSON.stringify(import.meta.url)});`,
    },
  });
  const [bundle] = outputFiles ?? [];
  if (!bundle) throw new Error("The parser could not be bundled.");
  const module = Buffer.from(bundle.contents).toString("base64");
  return import(`data:text/javascript;base64,${module}`);
}

let parser: Promise<typeof Parser> | undefined;

/** What GitHub would say against a workflow: its schema's errors and those of its expressions. */
export async function problemsOfWorkflow(name: string, content: string): Promise<string[]> {
  parser ??= loadParser();
  const { parseWorkflow, convertWorkflowTemplate, NoOperationTraceWriter } = await parser;
  const { context, value } = parseWorkflow({ name, content }, new NoOperationTraceWriter());
  const problems = context.errors.getErrors().map(({ message }) => message);
  if (!value || problems.length > 0) return problems;
  const { errors = [] } = await convertWorkflowTemplate(context, value);
  return errors.map(({ Message }) => Message);
}
