import { readFile } from "node:fs/promises";
import { describe, expect, test } from "vitest";
import { gitopsErrors } from "../../src/gitops/errors.js";
import { createProject, drift } from "../gitops/drift-stage.js";
import { startHttpBackend } from "../gitops/http-backend.js";
import { createRemoteStage } from "../gitops/remote-state.js";
import { findSecrets } from "../support/search-secrets.js";

const apply = "apply -input=false -auto-approve";

async function createHttpStage() {
  return createRemoteStage("http", await startHttpBackend());
}

describe("state behind the http backend", { timeout: 120_000 }, () => {
  test("a killed deploy leaves its lock; the message says how it is released", async () => {
    await using stage = await createHttpStage();
    const { workspace, backend } = stage;
    const holder = await stage.holdLock();
    await holder.end("SIGKILL");
    const { ID, Who } = backend.lock() ?? {};
    const refused = await workspace.terraform(apply);
    expect(refused.exitCode).toBe(1);
    const { message, remedy } = gitopsErrors.terraformFailed("apply", 1, refused.stderr);
    // Newer hosts print the details of the run that holds the lock, Terraform 1.11 those of the refused one.
    const ofHolder = refused.text.includes(`Lock Info: ID: ${ID} `);
    expect(message.split("\n")[0]).toMatch(
      ofHolder
        ? /^terraform apply failed: \S+@\S+ holds the state's lock, since \S+ \d\d:\d\d UTC\.$/
        : /^terraform apply failed: somebody else holds the state's lock\.$/,
    );
    if (ofHolder) expect(message).toContain(`failed: ${Who} holds`);
    expect(remedy).toContain(`terraform force-unlock ${ID} once that run is surely over`);
    const guide = await readFile(new URL("../../docs/guides/gitops.md", import.meta.url), "utf8");
    expect(refused.text).toContain("Error acquiring the state lock");
    expect(guide).toContain("| Error acquiring the state lock |");

    await workspace.succeed(`force-unlock -force ${ID}`);
    await workspace.succeed(apply);
    expect((await stage.somebody.getWebhook("eu")).body.endpoint).toBe(stage.endpoint);
    expect(findSecrets(backend.state() ?? "", ["Bearer first", "kpat_stage"])).toEqual([]);
  });

  test("a drift check minds no lock, takes none, and writes no state", async () => {
    await using stage = await createHttpStage();
    const { workspace, backend } = stage;
    await workspace.succeed(apply);
    await stage.somebody.updateWebhook("eu", { enabled: false });
    await using project = await createProject({ audit: workspace.dir });
    const holder = await stage.holdLock();
    const asked = backend.requests.length;
    const { exitCode, findings } = await drift(stage, project.cwd, [], backend.env);
    expect(exitCode).toBe(2);
    expect(findings).toMatchObject([{ kind: "drift", field: "enabled" }]);
    expect(new Set(backend.requests.slice(asked))).toEqual(new Set(["GET"]));
    await holder.end("SIGINT");
  });

  test.each<[string, Record<string, string>]>([
    ["a wrong password", { TF_HTTP_PASSWORD: "planted-wrong" }],
    ["a server that is down", { TF_HTTP_ADDRESS: "http://127.0.0.1:9/state" }],
  ])("a drift check with %s answers 1 and says that the state can't be read", async (_, env) => {
    await using stage = await createHttpStage();
    await stage.workspace.succeed(apply);
    await using project = await createProject({ audit: stage.workspace.dir });
    const run = await drift(stage, project.cwd, [], { ...stage.backend.env, ...env });
    expect(run.exitCode).toBe(1);
    expect(run.report?.stacks[0]?.error?.message).toMatch(
      /^(?:terraform|tofu) \w+ failed: the state can't be read\./,
    );
  });
});
