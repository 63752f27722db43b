import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { startGitHubApi } from "../gitops/github-api.js";
import {
  gitHubExamples,
  gitLabScript,
  readWorkflow,
  stepOf,
  type Workflow,
} from "../gitops/pipelines.js";
import { parseXml } from "../gitops/xml.js";
import { createCdktfProject } from "../support/cdktf-project.js";
import { findSecrets } from "../support/search-secrets.js";
import { createStage } from "../support/stage.js";
import { finished } from "../support/terraform.js";
import { hostEnvironment, terraformHost } from "../support/terraform-host.js";

const credential = "Bearer planted-pipeline-credential";
const gitHubToken = "ghs_planted_pipeline";
const root = fileURLToPath(new URL("../..", import.meta.url));

const appOf = (endpoint: string) => `
  import { App, Aspects, TerraformStack } from "cdktf";
  import {
    AuditLogWebhook, KonnectAuditProvider, requireTlsVerification, Secret,
  } from "konnect-audit";
  const app = new App();
  const stack = new TerraformStack(app, "audit");
  Aspects.of(stack).add(requireTlsVerification());
  new KonnectAuditProvider(stack, "konnect");
  new AuditLogWebhook(stack, "eu", {
    region: "eu",
    endpoint: "${endpoint}",
    authorization: Secret.fromEnvironment("SIEM_AUTHORIZATION"),
  });
  app.synth();`;

/** A checked-out project, and a runner that takes scripts as CI does. */
async function createPipelineStage() {
  const stage = await createStage();
  const project = await createCdktfProject({ app: appOf(stage.endpoint), env: {} });
  await installCommands(project.dir);
  const elsewhere = await mkdtemp(join(tmpdir(), "konnect-audit-runner-"));
  const host = hostEnvironment();
  // The examples call terraform; who has OpenTofu writes tofu there.
  const bin = join(project.home, "bin");
  await mkdir(bin);
  const terraform = `#!/bin/sh\nexec "${terraformHost().binary}" "$@"\n`;
  if (host.TERRAFORM_BINARY_NAME) {
    await writeFile(join(bin, "terraform"), terraform, { mode: 0o755 });
  }
  const base = {
    ...host,
    PATH: `${bin}:${host.PATH}`,
    HOME: project.home,
    TF_CLI_CONFIG_FILE: "/dev/null",
    CHECKPOINT_DISABLE: "1",
    CI: "true",
    KONNECT_SERVER_URL: stage.emulator.serverUrl,
  };
  return {
    ...stage,
    project,
    /** Where another job of the pipeline runs: nothing of the project is there. */
    elsewhere,
    async run(script: string, env: Record<string, string | undefined> = {}, cwd = project.dir) {
      const args = ["--noprofile", "--norc", "-eo", "pipefail", "-c", script];
      const child = spawn("bash", args, { cwd, env: { ...base, ...env } as NodeJS.ProcessEnv });
      const result = await finished(child);
      expect(findSecrets(result.stdout + result.stderr, [credential, gitHubToken])).toEqual([]);
      return result;
    },
    async [Symbol.asyncDispose]() {
      await rm(elsewhere, { recursive: true, force: true });
      await project[Symbol.asyncDispose]();
      await stage[Symbol.asyncDispose]();
    },
  };
}

/** What `npm ci` would put there, and the helper that the examples tell to copy. */
async function installCommands(dir: string): Promise<void> {
  const commands = {
    cdktf: join(root, "node_modules/cdktf-cli/bundle/bin/cdktf"),
    "konnect-audit": join(root, "dist/cli/main.js"),
  };
  const bin = join(dir, "node_modules/.bin");
  await mkdir(bin, { recursive: true });
  for (const [name, target] of Object.entries(commands)) {
    const script = `#!/bin/sh\nexec "${process.execPath}" ${target} "$@"\n`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
  const helper = join(dir, ".github/konnect-audit/github.mjs");
  await mkdir(dirname(helper), { recursive: true });
  await cp(join(gitHubExamples, "github.mjs"), helper);
}

type PipelineStage = Awaited<ReturnType<typeof createPipelineStage>>;

/** Values of the expressions that the examples use; another one fails the test. */
const expressions: Readonly<Record<string, string>> = {
  "secrets.KONNECT_READ_TOKEN": "kpat_planted_read",
  "secrets.KONNECT_TOKEN": "kpat_planted_write",
  "secrets.SIEM_AUTHORIZATION": credential,
  "github.token": gitHubToken,
  "github.event.pull_request.number": "7",
  "vars.KONNECT_AUDIT_FAIL_ON": "",
};

function gitHubRunner(stage: PipelineStage, api: { url: string }) {
  const summary = join(stage.project.dir, "summary.md");
  const output = join(stage.project.dir, "output.txt");
  return {
    summary,
    output,
    async step(
      workflow: Workflow,
      job: string,
      name: string,
      { cwd, values = {} }: { cwd?: string; values?: Record<string, string> } = {},
    ) {
      const { run, env = {} } = stepOf(workflow, job, name);
      const known = { ...expressions, ...values };
      const given = Object.entries(env).map(([variable, expression]) => {
        const value = known[/^\$\{\{ (.*) \}\}$/.exec(expression)?.[1] ?? ""];
        if (value === undefined) throw new Error(`${expression} is not known here.`);
        return [variable, value];
      });
      const gitHub = {
        GITHUB_ACTIONS: "true",
        GITHUB_API_URL: api.url,
        GITHUB_OUTPUT: output,
        GITHUB_REPOSITORY: "o/r",
        GITHUB_RUN_ID: "42",
        GITHUB_SERVER_URL: "https://github.example.com",
        GITHUB_STEP_SUMMARY: summary,
      };
      return stage.run(run, { ...gitHub, ...Object.fromEntries(given) }, cwd);
    },
    async status() {
      const lines = (await readFile(output, "utf8")).trim().split("\n");
      return lines.at(-1)?.replace("status=", "") ?? "";
    },
  };
}

describe("the GitHub Actions examples", { timeout: 300_000 }, () => {
  test("plan with one comment, move the plan to another job, apply it, and keep one issue while there is drift", async () => {
    await using stage = await createPipelineStage();
    await using api = await startGitHubApi(gitHubToken);
    const runner = gitHubRunner(stage, api);
    const succeed = async (...args: Parameters<typeof runner.step>) => {
      const result = await runner.step(...args);
      expect(result.exitCode, `${args[2]}: ${result.text}`).toBe(0);
    };
    const [plan, deploy, drift] = await Promise.all(
      ["plan", "deploy", "drift"].map((name) => readWorkflow(`audit-log-${name}.yml`)),
    );
    if (!plan || !deploy || !drift) throw new Error("A workflow is missing.");

    // A person's comment that quotes the marker is left alone, and the bot's own is found behind it.
    const quote = api.human({ body: "<!-- konnect-audit review -->\nlook" });
    api.comments.push(quote);
    for (const name of ["Synthesize", "Plan", "Review", "Comment", "Comment"]) {
      await succeed(plan, "plan", name);
    }
    expect(api.comments).toHaveLength(2);
    expect(quote.body).toMatch(/look$/);
    expect(api.comments[1]?.body).toMatch(
      /^<!-- konnect-audit review -->\n## Audit-log webhooks: 1 change/,
    );
    expect(api.comments[1]?.body).toContain("Policies: requireTlsVerification holds.");
    expect(api.comments[1]?.body).toContain("https://github.example.com/o/r/actions/runs/42");
    expect(await readFile(runner.summary, "utf8")).toBe(api.comments[1]?.body);

    for (const name of ["Plan", "Review", "Pack"]) await succeed(deploy, "plan", name);
    await cp(join(stage.project.dir, "plan.tar.gz"), join(stage.elsewhere, "plan.tar.gz"));
    for (const name of ["Unpack", "Credentials", "Apply"])
      await succeed(deploy, "apply", name, { cwd: stage.elsewhere });
    expect(await stage.deliveredAuthorization("eu")).toBe(credential);

    const nightly = async () => {
      await succeed(drift, "drift", "Check");
      const status = await runner.status();
      const values = { "steps.check.outputs.status": status };
      // The step's own condition.
      if (status === "0" || status === "2") await succeed(drift, "drift", "Issue", { values });
      return (await runner.step(drift, "drift", "Verdict", { values })).exitCode;
    };
    api.issues.push(api.human({ body: "<!-- konnect-audit drift -->" }));
    expect(await nightly()).toBe(0);
    expect(api.issues).toHaveLength(1);
    await stage.somebody.updateWebhook("eu", { log_format: "json" });
    expect(await nightly()).toBe(2);
    expect(await nightly()).toBe(2);
    expect(api.issues).toHaveLength(2);
    expect(api.issues[1]).toMatchObject({
      title: "Audit-log webhooks differ from the code",
      state: "open",
      body: expect.stringContaining(
        "| audit | eu | drift | log\\_format:<br>expected cef<br>found json |",
      ),
    });
    const fault = {
      path: "/v2/audit-log-webhook",
      effect: { kind: "status", status: 401 },
    } as const;
    const unauthorized = stage.emulator.faults.add(fault);
    expect(await nightly()).toBe(1);
    expect(api.issues[1]?.state).toBe("open");
    stage.emulator.faults.remove(unauthorized);
    await stage.somebody.updateWebhook("eu", { log_format: "cef" });
    expect(await nightly()).toBe(0);
    expect(api.issues[1]).toMatchObject({ state: "closed", state_reason: "completed" });
    expect(api.issues[0]?.state).toBe("open");
  });

  test("the helper says what GitHub refused, and refuses a report without a marker", async () => {
    await using stage = await createPipelineStage();
    await using api = await startGitHubApi("another token");
    const { dir } = stage.project;
    const env = {
      GITHUB_API_URL: api.url,
      GITHUB_REPOSITORY: "o/r",
      GITHUB_TOKEN: gitHubToken,
      PULL_REQUEST: "7",
    };
    await writeFile(join(dir, "a.md"), "<!-- konnect-audit review -->\n");
    const helper = "node .github/konnect-audit/github.mjs";
    const refused = await stage.run(`${helper} comment a.md`, env);
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringMatching(/^GitHub answered 401 to GET \/repos\/o\/r/),
    });
    await writeFile(join(dir, "b.md"), "no marker\n");
    const unmarked = await stage.run(`${helper} close-issue b.md`, env);
    expect(unmarked).toMatchObject({ exitCode: 1, stderr: "b.md has no marker.\n" });
  });
});

describe("the GitLab CI example", { timeout: 300_000 }, () => {
  test("plans, deploys in another job, and reports drift as test results", async () => {
    await using stage = await createPipelineStage();
    const variables = {
      CI_JOB_URL: "https://gitlab.example.com/o/r/-/jobs/42",
      KONNECT_TOKEN: "kpat_planted_gitlab",
      TF_VAR_SIEM_AUTHORIZATION: credential,
    };
    const job = async (name: string, cwd?: string) => {
      // There is no registry here: what npm ci installs is in place already.
      const lines = (await gitLabScript(name)).filter((line) => !line.startsWith("npm ci"));
      return stage.run(lines.join("\n"), variables, cwd);
    };
    const planned = await job("plan");
    expect(planned.exitCode, planned.text).toBe(0);
    expect(await readFile(join(stage.project.dir, "review.md"), "utf8")).toContain(
      variables.CI_JOB_URL,
    );
    await cp(join(stage.project.dir, "plan.tar.gz"), join(stage.elsewhere, "plan.tar.gz"));
    const deployed = await job("deploy", stage.elsewhere);
    expect(deployed.exitCode, deployed.text).toBe(0);
    expect(await stage.deliveredAuthorization("eu")).toBe(credential);

    const junit = async () =>
      parseXml(await readFile(join(stage.project.dir, "drift.xml"), "utf8"));
    expect((await job("drift")).exitCode).toBe(0);
    expect((await junit()).children[0]?.attributes).toMatchObject({ failures: "0", errors: "0" });
    await stage.somebody.updateWebhook("eu", { enabled: false });
    expect((await job("drift")).exitCode).toBe(2);
    expect((await junit()).children[0]?.attributes).toMatchObject({ failures: "1" });
  });
});
