import { join } from "node:path";
import { describe, expect, test } from "vitest";
import { withoutMeaningfulArguments } from "../../src/gitops/terraform-arguments.js";
import { createAppliedStage, createProject, drift } from "./drift-stage.js";

function kept(value: string, name = "TF_CLI_ARGS_plan") {
  const { env, leftOut } = withoutMeaningfulArguments({ [name]: value, OTHER: "-target=x" });
  expect(env.OTHER).toBe("-target=x");
  return [env[name], leftOut];
}

describe("options for Terraform in the environment", () => {
  test.each([
    "",
    "-no-color",
    "-lock=false",
    "-compact-warnings",
    "-out=x",
    "-var-file=missing",
    "-var 'name=a b'",
    '-parallelism=2 -var="refresh=false"',
    "-state=other.tfstate",
    "-var=name=a\u00a0-refresh=false",
  ])("%s stays as it is", (value) => {
    expect(kept(value)).toEqual([value, []]);
  });

  test.each([
    ["-refresh=false", "", "-refresh=false"],
    ["--refresh=false", "", "--refresh=false"],
    ["-refresh-only -no-color", "-no-color", "-refresh-only"],
    ["-no-color -target=konnectaudit_webhook.us", "-no-color", "-target=konnectaudit_webhook.us"],
    ["-target konnectaudit_webhook.us -no-color", "-no-color", "-target konnectaudit_webhook.us"],
    [`'-target=a.b["x y"]' -lock=false`, "-lock=false", '-target=a.b["x y"]'],
    ['"-ref"resh=false', "", "-refresh=false"],
    ["-exclude=a.b -exclude-file=f", "", "-exclude=a.b -exclude-file=f"],
    ["-replace=a.b -destroy", "", "-replace=a.b -destroy"],
    ["-invoke=action.a.b -allow-deferral", "", "-invoke=action.a.b -allow-deferral"],
    ["-detailed-exitcode", "", "-detailed-exitcode"],
    ["-generate-config-out=x.tf", "", "-generate-config-out=x.tf"],
    ["-destroy -var 'a=b c'", "-var 'a=b c'", "-destroy"],
    [`-destroy -var "a=it's"`, `-var 'a=it'\\''s'`, "-destroy"],
  ])("%s is left out of what a plan gets", (value, rest, found) => {
    expect(kept(value)).toEqual([rest, [`TF_CLI_ARGS_plan: ${found}`]]);
  });

  test.each(["TF_CLI_ARGS", "TF_CLI_ARGS_init", "TF_CLI_ARGS_show"])(
    "are looked at in %s too",
    (name) => {
      expect(kept("-migrate-state -target=a", name)).toEqual([
        "",
        [`${name}: -migrate-state -target=a`],
      ]);
    },
  );

  test.each(["-target='a", '-target="a', "-a \\", "-refresh=false; true", "a | b", "`a`"])(
    "%s can't be taken apart: the check is inconclusive and names the variable",
    (value) => {
      expect(() => kept(value)).toThrow(
        expect.objectContaining({
          code: "GITOPS_TERRAFORM_ARGUMENTS",
          message: expect.stringContaining("TF_CLI_ARGS_plan"),
        }),
      );
    },
  );
});

describe("konnect-audit drift", { timeout: 120_000 }, () => {
  test("sees a pause whatever TF_CLI_ARGS would leave out, and says what it did not pass on", async () => {
    await using stage = await createAppliedStage();
    await using project = await createProject({ audit: stage.workspace.dir });
    await stage.somebody.updateWebhook("eu", { enabled: false });
    const hidden: Record<string, string>[] = [
      { TF_CLI_ARGS_plan: "-refresh=false" },
      { TF_CLI_ARGS: "-target=konnectaudit_webhook.us" },
      { TF_CLI_ARGS_plan: "-destroy" },
    ];
    for (const env of hidden) {
      const run = await drift(stage, project.cwd, [], env);
      expect(run.exitCode, run.stderr).toBe(2);
      expect(run.findings).toMatchObject([{ kind: "drift", field: "enabled", actual: "false" }]);
      const [[name, value] = []] = Object.entries(env);
      expect(run.stderr).toContain(`changes what a plan means: ${name}: ${value}`);
    }
    const harmless: Record<string, string>[] = [
      { TF_CLI_ARGS: "-no-color" },
      { TF_CLI_ARGS_plan: "-lock=false -compact-warnings -out=x" },
      { TF_LOG: "trace", TF_LOG_PATH: join(project.cwd, "trace.log") },
      { TF_WORKSPACE: "default" },
    ];
    for (const env of harmless) {
      expect((await drift(stage, project.cwd, [], env)).exitCode).toBe(2);
    }
    const missing = await drift(stage, project.cwd, [], { TF_CLI_ARGS_plan: "-var-file=missing" });
    expect(missing.exitCode).toBe(1);
    for (const TF_LOG of ["json", "trace"]) {
      const logged = { TF_CLI_ARGS_plan: "-var-file=missing", TF_LOG, TF_LOG_CORE: TF_LOG };
      const failed = await drift(stage, project.cwd, [], logged);
      expect(failed.report?.stacks[0]?.error).toEqual(missing.report?.stacks[0]?.error);
    }
    await stage.somebody.updateWebhook("eu", { enabled: true });
    const targeted = { TF_CLI_ARGS_plan: "-target=konnectaudit_webhook.us" };
    expect((await drift(stage, project.cwd, ["--health=off"], targeted)).exitCode).toBe(0);
  });
});
