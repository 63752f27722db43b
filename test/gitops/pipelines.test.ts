import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { expandPipeline } from "./gitlab-ci.js";
import { gitHubExamples, gitLabPipeline, gitLabScript, readWorkflow, stepOf } from "./pipelines.js";
import { problemsOfWorkflow } from "./workflow-parser.js";

const workflows = ["audit-log-plan.yml", "audit-log-deploy.yml", "audit-log-drift.yml"] as const;

describe("the GitHub Actions examples", () => {
  const source = (name: string) => readFile(join(gitHubExamples, name), "utf8");

  test.each(workflows)("%s is valid by GitHub's own schema and parser", async (name) => {
    await expect(problemsOfWorkflow(name, await source(name))).resolves.toEqual([]);
  });

  test("so is the project's own workflow", async () => {
    const own = join(gitHubExamples, "../../../.github/workflows/test.yml");
    await expect(problemsOfWorkflow("test.yml", await readFile(own, "utf8"))).resolves.toEqual([]);
  });

  test.each([
    ["an unknown key", "timeout-minutes:", "timeout:", /Unexpected value 'timeout'/],
    ["an unknown permission", "contents: read", "contents: raed", /Unexpected value 'raed'/],
    ["an unknown context", "github.token", "gihub.token", /Unrecognized named-value: 'gihub'/],
    ["a step without anything to do", /run: npm ci/, "shell: bash", /Required property is missing/],
  ])("%s would be found", async (_, good, bad, problem) => {
    const spoilt = (await source("audit-log-plan.yml")).replace(good, bad);
    const problems = await problemsOfWorkflow("audit-log-plan.yml", spoilt);
    expect(problems.join("\n")).toMatch(problem);
  });

  test("are pinned by commit, may do no more than they need, and put no expression into a script", async () => {
    const needs: Record<string, Record<string, string>> = {
      "audit-log-plan.yml plan": { contents: "read", "pull-requests": "write" },
      "audit-log-deploy.yml plan": { contents: "read" },
      "audit-log-deploy.yml apply": {},
      "audit-log-drift.yml drift": { contents: "read", issues: "write" },
    };
    const seen: string[] = [];
    for (const name of workflows) {
      const workflow = await readWorkflow(name);
      expect(workflow.permissions).toEqual({});
      expect(workflow.on).not.toHaveProperty("pull_request_target");
      for (const [job, { permissions, steps }] of Object.entries(workflow.jobs)) {
        seen.push(`${name} ${job}`);
        expect(permissions, `${name} ${job}`).toEqual(needs[`${name} ${job}`]);
        for (const { uses, run, with: inputs } of steps) {
          if (uses) expect(uses).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
          if (uses?.startsWith("actions/checkout"))
            expect(inputs?.["persist-credentials"]).toBe(false);
          if (uses?.startsWith("hashicorp/")) expect(inputs?.terraform_wrapper).toBe(false);
          expect(run ?? "").not.toContain("${{");
        }
      }
    }
    expect(seen).toEqual(Object.keys(needs));
  });

  test("hand the SIEM's credential to the jobs that write it or plan its write, in an environment of their own, and to no other", async () => {
    const given: string[] = [];
    for (const name of workflows) {
      const workflow = await readWorkflow(name);
      for (const [job, { steps, environment }] of Object.entries(workflow.jobs)) {
        const secret = steps.filter((step) => JSON.stringify(step).includes("SIEM_AUTHORIZATION"));
        for (const step of secret) given.push(`${name} ${job} ${environment}: ${step.name}`);
      }
    }
    expect(given).toEqual([
      "audit-log-deploy.yml plan konnect-audit-plan: Plan",
      "audit-log-deploy.yml apply konnect-audit: Credentials",
      "audit-log-deploy.yml apply konnect-audit: Apply",
    ]);
  });

  test("pin each action to one commit, with its version beside it", async () => {
    const pins = (await Promise.all(workflows.map(source))).flatMap((text) =>
      [...text.matchAll(/uses: (\S+)@([0-9a-f]{40}) # (v\d+\.\d+\.\d+)$/gm)].map(
        ([, action, commit, version]) => `${action} ${commit} ${version}`,
      ),
    );
    const actions = new Set(pins.map((pin) => pin.split(" ")[0]));
    expect(pins.length).toBeGreaterThan(actions.size);
    expect(new Set(pins).size).toBe(actions.size);
    const uses = (await Promise.all(workflows.map(readWorkflow))).flatMap(({ jobs }) =>
      Object.values(jobs).flatMap(({ steps }) => steps.filter((step) => step.uses)),
    );
    expect(pins).toHaveLength(uses.length);
  });
});

describe("the check of credentials before an apply", () => {
  async function scriptsOf(): Promise<string[]> {
    const gitHub = stepOf(await readWorkflow("audit-log-deploy.yml"), "apply", "Credentials").run;
    const gitLab = (await gitLabScript("deploy")).filter((line) => line.includes("TF_VAR_"));
    return [gitHub, ...gitLab];
  }

  async function check(env: Record<string, string>) {
    const folder = await mkdtemp(join(tmpdir(), "konnect-audit-credentials-"));
    try {
      await mkdir(join(folder, "stacks/audit"), { recursive: true });
      const variable = { SIEM: { ephemeral: true, default: null }, endpoint: { type: "string" } };
      await writeFile(join(folder, "stacks/audit/cdk.tf.json"), JSON.stringify({ variable }));
      const results = (await scriptsOf()).map((script) =>
        spawnSync("bash", ["--noprofile", "--norc", "-eo", "pipefail", "-c", script], {
          cwd: folder,
          env: { PATH: process.env.PATH, ...env },
          encoding: "utf8",
        }),
      );
      expect(results).toHaveLength(2);
      return results.map(({ status, stderr }) => [status, stderr]);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  }

  test("passes when each variable of a secret is set, and names those that are not", async () => {
    expect(await check({ TF_VAR_SIEM: "Bearer x" })).toEqual([
      [0, ""],
      [0, ""],
    ]);
    const missing = [1, "TF_VAR_SIEM is not set, or empty.\n"];
    expect(await check({})).toEqual([missing, missing]);
    expect(await check({ TF_VAR_SIEM: " " })).toEqual([missing, missing]);
  });
});

describe("the GitLab CI example", { timeout: 60_000 }, () => {
  const branch = { CI_COMMIT_BRANCH: "main", CI_DEFAULT_BRANCH: "main" };

  test.each([
    ["a merge request", { CI_PIPELINE_SOURCE: "merge_request_event" }, { review: "on_success" }],
    [
      "a merge",
      { CI_PIPELINE_SOURCE: "push", ...branch },
      { plan: "on_success", deploy: "manual" },
    ],
    [
      "a push to another branch",
      { CI_PIPELINE_SOURCE: "push", ...branch, CI_COMMIT_BRANCH: "x" },
      {},
    ],
    ["the schedule", { CI_PIPELINE_SOURCE: "schedule", ...branch }, { drift: "on_success" }],
  ])(
    "is valid by GitLab's own schema, and for %s runs what it should",
    async (_, variables, jobs) => {
      const expanded = await expandPipeline(await gitLabPipeline(), variables);
      expect(expanded.exitCode, expanded.said).toBe(0);
      expect(expanded.jobs).toEqual(jobs);
    },
  );

  test.each([
    ["an unknown report", "junit: drift.xml", "junitt: drift.xml", /junitt/],
    ["a stage that is not there", "stage: deploy", "stage: deplo", /stage:deplo not found/],
    ["a need of a job that is not there", "needs: [plan]", "needs: [plann]", /plann/],
  ])("%s would be found", async (_, good, bad, problem) => {
    const { exitCode, said } = await expandPipeline((await gitLabPipeline()).replace(good, bad));
    expect(exitCode).toBe(1);
    expect(said).toMatch(problem);
  });
});
