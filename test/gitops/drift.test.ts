import { readFile, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { driftReportSchema } from "../../src/gitops/drift-report.js";
import { commandLine } from "../cli/command-line.js";
import { searchSecrets } from "../support/search-secrets.js";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import { realisticReport } from "../verifier/realistic-report.js";
import { createAppliedStage, createProject, drift, jobEnvironment } from "./drift-stage.js";
import { parseXml } from "./xml.js";

const path = "/v2/audit-log-webhook";

describe("konnect-audit drift", { timeout: 120_000 }, () => {
  test("answers 0 in sync, names what can't be checked, and only reads", async () => {
    await using stage = await createAppliedStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    const writes = () => stage.emulator.requests.filter(({ method }) => method !== "GET").length;
    const before = writes();
    const { exitCode, report } = await drift(stage, project.cwd);
    expect(exitCode).toBe(0);
    expect(report).toMatchObject({ verdict: "in sync" });
    expect(report?.stacks[0]?.unverifiable).toEqual([
      expect.objectContaining({ region: "eu", reason: expect.stringContaining("authorization") }),
    ]);
    expect(writes()).toBe(before);
    const text = await commandLine(["drift", "--no-synth"], {
      cwd: project.cwd,
      env: jobEnvironment(stage, project.cwd),
    });
    expect(text.stdout).toMatch(
      /✓ audit: in sync[\s\S]*Not checkable: authorization \(eu\)\. Konnect never returns/,
    );
  });

  test("tells drift from code that is not applied yet", async () => {
    await using stage = await createAppliedStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    await stage.somebody.updateWebhook("eu", { enabled: false });
    await stage.workspace.write(
      secretVariable + webhookHcl("eu", stage.endpoint, 'log_format = "json"'),
    );
    const { exitCode, findings } = await drift(stage, project.cwd);
    expect(exitCode).toBe(2);
    expect(
      findings.map(({ kind, field, expected, actual }) => ({ kind, field, expected, actual })),
    ).toEqual([
      { kind: "drift", field: "enabled", expected: "true", actual: "false" },
      { kind: "pending", field: "log_format", expected: "json", actual: "cef" },
    ]);
  });

  test("finds webhooks that the next apply would create and remove", async () => {
    await using stage = await createAppliedStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    await stage.workspace.write(secretVariable + webhookHcl("us", stage.endpoint));
    const { exitCode, findings } = await drift(stage, project.cwd);
    expect(exitCode).toBe(2);
    expect(findings.map(({ kind, region, expected }) => ({ kind, region, expected }))).toEqual([
      { kind: "pending", region: "eu", expected: "removed by the next apply" },
      { kind: "pending", region: "us", expected: "created by the next apply" },
    ]);
  });

  test("answers 1 when health is asked for and can't be read, and the rest without it", async () => {
    const data = 'data "konnectaudit_webhook_status" "eu" { region = "eu" }\n';
    await using stage = await createAppliedStage((endpoint) => webhookHcl("eu", endpoint) + data);
    await using project = await createProject({ audit: stage.workspace.dir });
    stage.emulator.faults.add({ path: `${path}/status`, effect: { kind: "status", status: 403 } });
    const asked = await drift(stage, project.cwd);
    expect(asked.exitCode).toBe(1);
    expect(asked.report?.stacks[0]?.error?.code).toBe("GITOPS_HEALTH_UNREADABLE");
    expect((await drift(stage, project.cwd, ["--health=off"])).exitCode).toBe(0);
  });

  test("lets an error of one stack beat the drift of another, and reports both", async () => {
    await using drifted = await createAppliedStage();
    await using broken = await createAppliedStage();
    await drifted.somebody.updateWebhook("eu", { enabled: false });
    await broken.workspace.write("this is no configuration");
    await using project = await createProject({
      drifted: drifted.workspace.dir,
      broken: broken.workspace.dir,
    });
    const { exitCode, report } = await drift(drifted, project.cwd);
    expect(exitCode).toBe(1);
    expect(report?.stacks.map(({ stack, verdict }) => [stack, verdict])).toEqual([
      ["drifted", "out of sync"],
      ["broken", "error"],
    ]);
    const one = await drift(drifted, project.cwd, ["--stack", "drifted"]);
    expect(one.exitCode).toBe(2);
  });

  test("counts no finding that a rule covers, but lists it; names rules that are stale or expired", async () => {
    await using stage = await createAppliedStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    await stage.somebody.updateWebhook("eu", { enabled: false });
    const rule = { region: "eu", field: "enabled", reason: "maintenance", expires: "9999-12-31" };
    const write = (rules: unknown) =>
      writeFile(join(project.cwd, "ignore.json"), JSON.stringify({ rules }));
    await write([rule, { ...rule, field: "log_format" }]);
    const ignored = await drift(stage, project.cwd, ["--ignore", "ignore.json"]);
    expect(ignored.exitCode).toBe(0);
    expect(ignored.findings).toEqual([]);
    expect(ignored.report?.stacks[0]?.ignored).toMatchObject([
      { kind: "drift", field: "enabled", actual: "false", reason: "maintenance" },
    ]);
    expect(ignored.report?.ignoreRules).toMatchObject({
      expired: [],
      stale: [{ field: "log_format" }],
    });
    await write([{ ...rule, expires: "2020-01-01" }]);
    const expired = await drift(stage, project.cwd, ["--ignore", "ignore.json"]);
    expect(expired.exitCode).toBe(2);
    expect(expired.report?.ignoreRules.expired).toMatchObject([{ field: "enabled" }]);
    const missing = await drift(stage, project.cwd, ["--ignore", "none.json"]);
    expect(missing.exitCode).toBe(1);
    expect(missing.stderr).toMatch(/GITOPS_IGNORE_FILE/);
  });

  test("writes Markdown, JUnit, a page, annotations and the step's summary beside the JSON, and no secret into any", async () => {
    await using stage = await createAppliedStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    const endpoint = "https://theirs.example.com/in?key=planted-query";
    await stage.somebody.updateWebhook("eu", { log_format: "cps", endpoint });
    const verification = realisticReport();
    await writeFile(join(project.cwd, "verify.json"), JSON.stringify(verification));
    const summary = join(project.cwd, "summary.md");
    await writeFile(summary, "# Before\n");
    const run = await drift(
      stage,
      project.cwd,
      [
        ...["--markdown", "drift.md", "--junit", "drift.xml"],
        ...["--html", "drift.html", "--verification", "verify.json"],
      ],
      { GITHUB_ACTIONS: "true", GITHUB_STEP_SUMMARY: summary },
    );
    expect(run.exitCode).toBe(2);
    expect(driftReportSchema.parse(run.report)).toEqual(run.report);
    const markdown = await readFile(join(project.cwd, "drift.md"), "utf8");
    expect(markdown).toContain(
      "| audit | eu | drift | log\\_format:<br>expected cef<br>found cps |",
    );
    expect(await readFile(summary, "utf8")).toBe(`# Before\n${markdown}`);
    const junit = parseXml(await readFile(join(project.cwd, "drift.xml"), "utf8"));
    expect(junit.children[0]?.attributes).toMatchObject({ failures: "1", tests: "4" });
    const page = await readFile(join(project.cwd, "drift.html"), "utf8");
    expect(page).toContain("0 of 1 stack in sync, 1 out of sync.");
    expect(page).toContain(`>${verification.regions[0]?.region}</th>`);
    expect(
      searchSecrets(project.cwd, ["planted-query", "kpat_planted_drift", "Bearer first"]),
    ).toEqual([]);
    expect(run.stderr).toContain("::error title=audit::drift: eu, log_format: expected cef");

    const printed = await commandLine(["drift", "--no-synth", "--markdown", "-", "--json"]);
    expect(printed.exitCode).toBe(1);
    expect(printed.stderr).toMatch(/Only one report can go to standard output/);
    const nowhere = await drift(stage, project.cwd, ["--junit", "no-such-folder/drift.xml"]);
    expect(nowhere.exitCode).toBe(1);
    expect(nowhere.stderr).toMatch(/can't be written to .*no-such-folder/);
  });

  test.each([
    ["that is not there", undefined, /can't be read/],
    ["that is not JSON", "verified", /is not JSON/],
    ["that is another report", "{}", /has another shape \(schema_version\)/],
  ])("answers 1 for a verification %s, before anything is planned", async (_, content, problem) => {
    await using stage = await createStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    if (content) await writeFile(join(project.cwd, "verify.json"), content);
    const args = ["--html", "drift.html", "--verification", "verify.json"];
    const { exitCode, stderr } = await drift(stage, project.cwd, args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(problem);
    expect(stderr).toMatch(/GITOPS_VERIFICATION_FILE/);
    expect(stderr).not.toContain("Planned");
    const alone = await drift(stage, project.cwd, args.slice(2));
    expect(alone.stderr).toMatch(/--html writes: give both/);
  });

  test("answers 1 for a stack that is not there, and for a folder without stacks", async () => {
    await using stage = await createStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    const unknown = await drift(stage, project.cwd, ["--stack", "adit"]);
    expect(unknown.exitCode).toBe(1);
    expect(unknown.stderr).toMatch(/no stack "adit"[\s\S]*Known stacks: audit/);
    const nowhere = await drift(stage, tmpdir(), ["--output", "no-such-folder"]);
    expect(nowhere.exitCode).toBe(1);
    expect(nowhere.stderr).toMatch(/There are no synthesized stacks/);
  });
});
