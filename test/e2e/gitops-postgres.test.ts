import { describe, expect, test } from "vitest";
import { gitopsErrors } from "../../src/gitops/errors.js";
import { planStack } from "../../src/gitops/plan-stack.js";
import { postgresInstalled, startPostgres } from "../gitops/postgres.js";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import { finished } from "../support/terraform.js";

const installed = await postgresInstalled();

async function createPostgresStage() {
  const postgres = await startPostgres();
  const stage = await createStage({ env: { PG_CONN_STR: postgres.connection("postgres") } });
  const dispose = async () => {
    await stage[Symbol.asyncDispose]();
    await postgres[Symbol.asyncDispose]();
  };
  try {
    await stage.workspace.write(
      `terraform {\n  backend "pg" {}\n}\n${secretVariable}${webhookHcl("eu", stage.endpoint)}`,
    );
    await stage.workspace.succeed("init -input=false");
  } catch (error) {
    await dispose(); // a server that nobody stops would outlive the tests
    throw error;
  }
  return {
    ...stage,
    postgres,
    /** A deploy that holds the state's lock, as it waits for an approval. */
    async holdLock() {
      const holder = stage.workspace.start(["apply", "-no-color"]);
      const ended = finished(holder);
      await new Promise<void>((asked) => {
        let output = "";
        holder.stdout?.on("data", (text: string) => {
          output += text;
          if (output.includes("Enter a value:")) asked();
        });
      });
      return {
        async end(signal: "SIGINT" | "SIGKILL") {
          holder.kill(signal);
          await ended;
        },
      };
    },
    [Symbol.asyncDispose]: dispose,
  };
}

describe.skipIf(!installed)(
  "state in PostgreSQL (skipped where PostgreSQL is not installed)",
  { timeout: 120_000 },
  () => {
    test("two deploys at once end right when they may wait for the lock", async () => {
      await using stage = await createPostgresStage();
      const apply = "apply -input=false -auto-approve -lock-timeout=60s";
      const results = await Promise.all([1, 2].map(() => stage.workspace.terraform(apply)));
      expect(results.map(({ exitCode, text }) => [exitCode, /Error/.test(text)])).toEqual([
        [0, false],
        [0, false],
      ]);
      const { exitCode } = await stage.workspace.plan();
      expect(exitCode).toBe(0);
    });

    test("a deploy that may not wait fails with an explanation; a killed one leaves no lock", async () => {
      await using stage = await createPostgresStage();
      const holder = await stage.holdLock();
      const refused = await stage.workspace.terraform("apply -input=false -auto-approve");
      expect(refused.exitCode).toBe(1);
      expect(gitopsErrors.terraformFailed("apply", 1, refused.stderr)).toMatchObject({
        message: expect.stringMatching(
          /^terraform apply failed: somebody else holds the state's lock\./,
        ),
        remedy: expect.stringContaining("-lock-timeout=5m"),
      });
      await holder.end("SIGKILL");
      await stage.workspace.succeed("apply -input=false -auto-approve -lock-timeout=30s");
      expect((await stage.somebody.getWebhook("eu")).body.endpoint).toBe(stage.endpoint);
    });

    test("a drift check needs a role that may only read, and minds no lock", async () => {
      await using stage = await createPostgresStage();
      await stage.workspace.succeed("apply -input=false -auto-approve");
      await stage.somebody.updateWebhook("eu", { log_format: "json" });
      await stage.postgres.sql(
        `CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA terraform_remote_state TO reader;
         GRANT SELECT ON ALL TABLES IN SCHEMA terraform_remote_state TO reader;`,
      );
      const state = () => stage.postgres.sql("SELECT md5(data) FROM terraform_remote_state.states");
      const before = await state();
      const holder = await stage.holdLock();
      try {
        const plan = await planStack(
          { name: "audit", folder: stage.workspace.dir },
          {
            env: {
              PATH: process.env.PATH,
              HOME: stage.workspace.dir,
              TF_CLI_CONFIG_FILE: "/dev/null",
              KONNECT_TOKEN: "kpat_read",
              KONNECT_SERVER_URL: stage.emulator.serverUrl,
              PG_CONN_STR: stage.postgres.connection("reader"),
              PG_SKIP_SCHEMA_CREATION: "true",
              PG_SKIP_TABLE_CREATION: "true",
              PG_SKIP_INDEX_CREATION: "true",
            },
          },
        );
        expect(plan.resource_drift).toHaveLength(1);
      } finally {
        await holder.end("SIGINT");
      }
      expect(await state()).toEqual(before);
    });
  },
);
