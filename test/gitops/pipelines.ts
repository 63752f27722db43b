import { readFile } from "node:fs/promises";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { parse } from "yaml";

const examples = resolve(dirname(fileURLToPath(import.meta.url)), "../../examples/ci");

/** Where the examples for GitHub are. */
export const gitHubExamples = join(examples, "github");

export interface Step {
  name?: string;
  uses?: string;
  run?: string;
  env?: Record<string, string>;
  with?: Record<string, unknown>;
}

export interface Workflow {
  on: Record<string, unknown>;
  permissions?: Record<string, string>;
  concurrency?: Record<string, unknown>;
  jobs: Record<
    string,
    { permissions?: Record<string, string>; steps: Step[]; environment?: string }
  >;
}

/** A GitHub Actions workflow of the examples. */
export async function readWorkflow(name: string): Promise<Workflow> {
  return parse(await readFile(join(gitHubExamples, name), "utf8")) as Workflow;
}

/** The script of a workflow's step, and the names of the variables it is given. */
export function stepOf(workflow: Workflow, job: string, name: string): Step & { run: string } {
  const step = workflow.jobs[job]?.steps.find((candidate) => candidate.name === name);
  if (step?.run === undefined) throw new Error(`There is no step "${name}" with a script.`);
  return { ...step, run: step.run };
}

/** The GitLab CI pipeline of the examples, as it is written. */
export function gitLabPipeline(): Promise<string> {
  return readFile(join(examples, "gitlab/.gitlab-ci.yml"), "utf8");
}

/** The lines that GitLab runs for a job of the examples; nested lists are flattened, as GitLab does. */
export async function gitLabScript(job: string): Promise<string[]> {
  const pipeline = parse(await gitLabPipeline()) as Record<
    string,
    { script?: (string | string[])[] }
  >;
  const script = pipeline[job]?.script;
  if (!script) throw new Error(`There is no job "${job}" with a script.`);
  return script.flat();
}
