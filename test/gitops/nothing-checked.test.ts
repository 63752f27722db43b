import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";
import { createProject } from "./drift-stage.js";
import { samplePlanJson, sampleUpdate } from "./sample-plan.js";

/** A stack whose plan is given, by a stand-in for Terraform that shows it. */
async function createPlannedProject(plans: Readonly<Record<string, string>>) {
  const project = await createProject(
    Object.fromEntries(Object.keys(plans).map((name) => [name, name])),
  );
  for (const [name, plan] of Object.entries(plans)) {
    const folder = join(project.cwd, "cdktf.out", name);
    await mkdir(join(folder, ".terraform"), { recursive: true });
    await writeFile(join(folder, "plan.json"), plan);
  }
  const script = '#!/bin/sh\nif [ "$1" = show ]; then cat plan.json; fi\n';
  await writeFile(join(project.cwd, "terraform"), script, { mode: 0o755 });
  const env = {
    PATH: process.env.PATH ?? "",
    TERRAFORM_BINARY_NAME: join(project.cwd, "terraform"),
  };
  return { ...project, env };
}

const network = samplePlanJson([
  { type: "other_network", actions: ["no-op"], before: {}, after: {} },
]);
const paused = samplePlanJson([sampleUpdate({ enabled: false })]);

describe("a drift check of nothing", () => {
  test("is inconclusive for an app without stacks", async () => {
    await using project = await createPlannedProject({});
    const run = await commandLine(["drift", "--no-synth"], project);
    expect(run).toMatchObject({ exitCode: 1, stdout: "" });
    expect(run.stderr).toMatch(/no synthesized stacks: .* lists none.*GITOPS_NO_STACKS/);
  });

  test("is inconclusive for a stack without webhooks, in every format", async () => {
    await using project = await createPlannedProject({ network });
    const { cwd } = project;
    const reports = ["--markdown", "d.md", "--junit", "d.xml", "--html", "d.html"];
    const run = await commandLine(["drift", "--no-synth", ...reports], project);
    expect(run.exitCode).toBe(1);
    const files = await Promise.all(
      ["d.md", "d.xml", "d.html"].map((name) => readFile(join(cwd, name), "utf8")),
    );
    for (const text of [run.stdout, ...files]) {
      expect(text).toMatch(/network has no audit-log webhook, so there was nothing to check/);
    }
    const json = await commandLine(["drift", "--no-synth", "--json"], project);
    expect(JSON.parse(json.stdout)).toMatchObject({
      verdict: "error",
      stacks: [{ verdict: "error", error: { code: "GITOPS_NOTHING_WATCHED" } }],
    });
  });

  test("is in sync only where that is asked for by name", async () => {
    await using project = await createPlannedProject({ network, audit: paused });
    const all = await commandLine(["drift", "--no-synth"], project);
    expect(all.exitCode).toBe(1);
    const some = await commandLine(["drift", "--no-synth", "--stack", "audit"], project);
    expect(some.exitCode).toBe(2);
    const accepted = await commandLine(["drift", "--no-synth", "--allow-empty"], project);
    expect(accepted.exitCode).toBe(2);
    const empty = ["drift", "--no-synth", "--allow-empty", "--stack", "network"];
    expect((await commandLine(empty, project)).exitCode).toBe(0);
  });

  test("is inconclusive for a plan of a part of the stack", async () => {
    const part = samplePlanJson([], { complete: false });
    await using project = await createPlannedProject({ part });
    const run = await commandLine(["drift", "--no-synth"], project);
    expect(run.exitCode).toBe(1);
    expect(run.stdout).toMatch(/covers only a part .*\n.*GITOPS_PLAN_INCOMPLETE/);
  });
});

describe("a review of nothing", () => {
  test("ends with 1 when no plan has a webhook, and says which has none otherwise", async () => {
    await using project = await createPlannedProject({});
    await writeFile(join(project.cwd, "network.json"), network);
    await writeFile(join(project.cwd, "audit.json"), paused);
    const alone = await commandLine(["review", "network.json"], project);
    expect(alone.exitCode).toBe(1);
    expect(alone.stdout).toContain("**⚠️ Nothing to review**");
    expect(alone.stderr).toContain("GITOPS_NOTHING_WATCHED");
    await writeFile(join(project.cwd, "bare.json"), '{"format_version":"1.2"}');
    expect((await commandLine(["review", "bare.json"], project)).exitCode).toBe(1);
    const both = await commandLine(["review", "network.json", "audit.json"], project);
    expect(both.exitCode).toBe(0);
    expect(both.stdout).toContain("**⚠️ Nothing to review** in network");
  });
});

describe("the time limit of a command", () => {
  test.each(["0s", "-1s", "1", "soon", "1ms", "400d", "1e9s"])("refuses %s", async (limit) => {
    for (const command of ["drift", "review"]) {
      const run = await commandLine([command, "x.json", `--timeout=${limit}`].slice(0, 3));
      expect(run.exitCode).toBe(1);
      expect(run.stderr).toMatch(
        /--timeout.* (is no duration|is out of range: it must be a duration from 100ms to 1d)/,
      );
    }
  });
});
