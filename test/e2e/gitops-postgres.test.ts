import { describe, expect, test } from "vitest";
import { gitopsErrors } from "../../src/gitops/errors.js";
import { createProject, drift } from "../gitops/drift-stage.js";
import { postgresInstalled, startPostgres } from "../gitops/postgres.js";
import { createRemoteStage, printed } from "../gitops/remote-state.js";
import { finished } from "../support/terraform.js";

const installed = await postgresInstalled();
const lack = installed ? "" : " (SKIPPED: needs PostgreSQL)";
const apply = "apply -input=false -auto-approve";

async function createPostgresStage() {
  const postgres = await startPostgres();
  return createRemoteStage("pg", {
    ...postgres,
    env: { PG_CONN_STR: postgres.connection("postgres") },
  });
}

/** What the drift check's job has: a role that may only read, which Terraform must be told. */
const readOnly = {
  PG_SKIP_SCHEMA_CREATION: "true",
  PG_SKIP_TABLE_CREATION: "true",
  PG_SKIP_INDEX_CREATION: "true",
};

describe.skipIf(!installed)(`state in PostgreSQL${lack}`, { timeout: 120_000 }, () => {
  test("a deploy that may wait for the lock waits for the one that has it, and both end right", async () => {
    await using stage = await createPostgresStage();
    const first = await stage.holdLock();
    const waiting = stage.workspace.start([...apply.split(" "), "-lock-timeout=60s"]);
    const second = finished(waiting);
    await printed(waiting, "Acquiring state lock");
    for (const { exitCode, text } of [await first.approve(), await second]) {
      expect(exitCode, text).toBe(0);
    }
    expect((await second).text).toContain("0 added, 0 changed, 0 destroyed");
    await stage.workspace.succeed("plan -input=false -detailed-exitcode");
  });

  test("one that may not wait fails with an explanation; a killed one leaves no lock", async () => {
    await using stage = await createPostgresStage();
    const holder = await stage.holdLock();
    const refused = await stage.workspace.terraform(apply);
    expect(refused.exitCode).toBe(1);
    expect(gitopsErrors.terraformFailed("apply", 1, refused.stderr)).toMatchObject({
      message: expect.stringMatching(
        /^terraform apply failed: somebody else holds the state's lock\.\n/,
      ),
      remedy: expect.stringContaining("-lock-timeout=5m"),
    });
    await holder.end("SIGKILL");
    await stage.workspace.succeed(`${apply} -lock-timeout=30s`);
    expect((await stage.somebody.getWebhook("eu")).body.endpoint).toBe(stage.endpoint);
  });

  test("a drift check needs a role that may only read, minds no lock, and changes nothing", async () => {
    await using stage = await createPostgresStage();
    await stage.workspace.succeed(apply);
    await stage.somebody.updateWebhook("eu", { log_format: "json" });
    await stage.backend.sql(
      `CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA terraform_remote_state TO reader;
       GRANT SELECT ON ALL TABLES IN SCHEMA terraform_remote_state TO reader;`,
    );
    await using project = await createProject({ audit: stage.workspace.dir });
    const state = () => stage.backend.sql("SELECT md5(data) FROM terraform_remote_state.states");
    const before = await state();
    const env = { ...readOnly, PG_CONN_STR: stage.backend.connection("reader") };
    const holder = await stage.holdLock();
    try {
      const { exitCode, findings } = await drift(stage, project.cwd, [], env);
      expect(exitCode).toBe(2);
      expect(findings).toMatchObject([{ kind: "drift", field: "log_format", actual: "json" }]);
    } finally {
      await holder.end("SIGINT");
    }
    expect(await state()).toEqual(before);
  });

  test.each([
    ["a role that is not there", "nobody"],
    ["a role that may not read the state", "stranger"],
  ])("a drift check with %s answers 1 and says that the state can't be read", async (_, role) => {
    await using stage = await createPostgresStage();
    await stage.workspace.succeed(apply);
    await stage.backend.sql("CREATE ROLE stranger LOGIN");
    await using project = await createProject({ audit: stage.workspace.dir });
    const env = { ...readOnly, PG_CONN_STR: stage.backend.connection(role) };
    const { exitCode, report } = await drift(stage, project.cwd, [], env);
    expect(exitCode).toBe(1);
    expect(report?.stacks[0]?.error).toMatchObject({
      message: expect.stringMatching(/^(?:terraform|tofu) \w+ failed: the state can't be read\./),
      remedy: expect.stringContaining("backend"),
    });
  });
});
