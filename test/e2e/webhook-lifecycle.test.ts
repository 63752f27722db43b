import { describe, expect, test } from "vitest";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";

const withoutSecret = { TF_VAR_secret: undefined };
const credentialWritten = ["authorization_revision", "revision", "updated_at"];

describe("konnectaudit_webhook under the real terraform", { timeout: 120_000 }, () => {
  test("is applied, plans empty, shows drift, is repaired, updated, and destroyed", async () => {
    await using stage = await createStage();
    const { workspace, somebody, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");

    const applied = await workspace.attributes("konnectaudit_webhook.eu");
    expect(applied).toMatchObject({
      id: "eu",
      region: "eu",
      endpoint,
      authorization: null,
      enabled: true,
      log_format: "cef",
      skip_ssl_verification: false,
      authorization_revision: 1,
      on_destroy: "remove",
      adopt_existing: false,
    });
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, enabled: true });
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });

    await somebody.updateWebhook("eu", { log_format: "json", enabled: false });
    const drift = await workspace.plan(withoutSecret);
    expect(drift.exitCode).toBe(2);
    expect(drift.changes).toEqual([
      {
        address: "konnectaudit_webhook.eu",
        actions: ["update"],
        changed: ["enabled", "log_format", "revision", "updated_at"],
      },
    ]);

    await somebody.updateWebhook("eu", { log_format: "cef", enabled: true });
    expect(await workspace.plan(withoutSecret)).toEqual({ exitCode: 0, changes: [] });

    await somebody.updateWebhook("eu", { log_format: "json" });
    await workspace.succeed("apply -input=false -auto-approve", withoutSecret);
    const repaired = await workspace.attributes("konnectaudit_webhook.eu");
    expect((await somebody.getWebhook("eu")).body.log_format).toBe("cef");
    expect(repaired.revision).not.toBe(applied.revision);
    expect(repaired.authorization_revision).toBe(1);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");

    await workspace.write(secretVariable + webhookHcl("eu", endpoint, "enabled = false"));
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, enabled: false });
    expect((await workspace.plan()).exitCode).toBe(0);

    await workspace.succeed("destroy -input=false -auto-approve", withoutSecret);
    expect((await somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
  });

  test("sends nothing but what changed in an update", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    expect(stage.providerCalls()).toEqual([
      // Has somebody else configured one? In the plan, which apply makes again, and before the write.
      "GET eu /v2/audit-log-webhook",
      "GET eu /v2/audit-log-webhook",
      "GET eu /v2/audit-log-webhook",
      "PATCH eu /v2/audit-log-webhook",
      "GET eu /v2/audit-log-webhook",
    ]);
    // What only Terraform knows is no write to Konnect, and leaves the revision alone.
    const { revision } = await workspace.attributes("konnectaudit_webhook.eu");
    await workspace.write(secretVariable + webhookHcl("eu", endpoint, 'on_destroy = "retain"'));
    const plan = await workspace.plan();
    expect(plan.changes[0]?.changed).toEqual(["on_destroy"]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.attributes("konnectaudit_webhook.eu")).revision).toBe(revision);
    expect(stage.providerCalls().filter((call) => call.startsWith("PATCH"))).toHaveLength(1);
  });

  test("is imported by its region; the next plan changes the two revisions and the date, and nothing else", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    await somebody.updateWebhook("eu", { endpoint, authorization: "Bearer old", enabled: true });
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    await workspace.succeed("import -input=false konnectaudit_webhook.eu eu");
    const plan = await workspace.plan();
    expect(plan.exitCode).toBe(2);
    expect(plan.changes).toEqual([
      { address: "konnectaudit_webhook.eu", actions: ["update"], changed: credentialWritten },
    ]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test("is imported by a block as well, and refuses an id that is no region", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    await somebody.updateWebhook("eu", { endpoint, authorization: "Bearer old", enabled: true });
    const block = 'import {\n  to = konnectaudit_webhook.eu\n  id = "eu"\n}\n';
    await workspace.write(secretVariable + webhookHcl("eu", endpoint) + block);
    await workspace.succeed("init -input=false");
    const plan = await workspace.plan();
    expect(plan.changes).toEqual([
      { address: "konnectaudit_webhook.eu", actions: ["update"], changed: credentialWritten },
    ]);
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    const refused = await workspace.terraform("import -input=false konnectaudit_webhook.eu EU-1");
    expect(refused.exitCode).toBe(1);
    expect(refused.text).toMatch(/Invalid import id.*for example eu/);
    const gone = await workspace.terraform("import -input=false konnectaudit_webhook.eu au");
    expect(gone.text).toContain("Cannot import non-existent remote object");
  });

  test("that vanished at Konnect is planned to be created again, also without the credential", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    await somebody.deleteWebhook("eu");
    const plan = await workspace.plan(withoutSecret);
    expect(plan.changes[0]?.actions).toEqual(["create"]);
  });

  test("takes values that are known only at apply", async () => {
    await using stage = await createStage({ attached: true });
    const { workspace, somebody, endpoint } = stage;
    const unknowns = `resource "terraform_data" "later" {
      input = { endpoint = "${endpoint}", format = "json", secret = "Bearer later" }
    }
    `;
    await workspace.write(
      unknowns +
        `resource "konnectaudit_webhook" "eu" {
          region        = "eu"
          endpoint      = terraform_data.later.output.endpoint
          log_format    = terraform_data.later.output.format
          authorization = terraform_data.later.output.secret
        }`,
    );
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, log_format: "json" });
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer later");
    expect((await workspace.plan()).exitCode).toBe(0);
  });

  test.each([
    ["remove", "clears", { endpoint: "unconfigured", enabled: false }],
    ["remove", "keeps-connection", { enabled: false }],
    ["disable", "clears", { enabled: false }],
    ["retain", "clears", { enabled: true }],
  ] as const)("on_destroy = %s where the API %s leaves %j", async (behaviour, v3Delete, left) => {
    await using stage = await createStage({ attached: true, knobs: { v3Delete } });
    const { workspace, somebody, endpoint } = stage;
    await workspace.write(
      secretVariable + webhookHcl("eu", endpoint, `on_destroy = "${behaviour}"`),
    );
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    const destroyed = await workspace.succeed("destroy -input=false -auto-approve");
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, ...left });
    const remains = behaviour === "remove" && v3Delete === "keeps-connection";
    expect(destroyed.text.includes("Endpoint and credential remain at Konnect")).toBe(remains);
  });
});
