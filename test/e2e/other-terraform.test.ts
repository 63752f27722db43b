import { describe, expect, test } from "vitest";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";

/** Names a program to run besides the one on PATH: OpenTofu, or a newer Terraform. */
const variable = "KONNECT_AUDIT_OTHER_TERRAFORM";
const binary = process.env[variable];
const title = binary
  ? `the webhook's lifecycle under ${binary}`
  : `the webhook's lifecycle under OpenTofu or a newer Terraform (SKIPPED: needs ${variable}, the path of one)`;

describe.skipIf(!binary)(title, { timeout: 120_000 }, () => {
  test("is the same: apply, empty plan, drift, repair, import, rotation, destroy", async () => {
    await using stage = await createStage({ env: { TERRAFORM_BINARY_NAME: binary } });
    const { workspace, somebody, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.plan()).exitCode).toBe(0);
    await somebody.updateWebhook("eu", { enabled: false });
    expect((await workspace.plan({ TF_VAR_secret: undefined })).changes).toEqual([
      {
        address: "konnectaudit_webhook.eu",
        actions: ["update"],
        changed: ["enabled", "revision", "updated_at"],
      },
    ]);
    await workspace.succeed("apply -input=false -auto-approve");
    await workspace.succeed("state rm konnectaudit_webhook.eu");
    await workspace.succeed("import -input=false konnectaudit_webhook.eu eu");
    const revisions = {
      address: "konnectaudit_webhook.eu",
      actions: ["update"],
      changed: ["authorization_revision", "revision", "updated_at"],
    };
    expect((await workspace.plan()).changes).toEqual([revisions]);
    await workspace.succeed("apply -input=false -auto-approve");
    const second = { TF_VAR_secret: "Bearer second" };
    expect((await workspace.plan(second)).changes).toEqual([revisions]);
    await workspace.succeed("apply -input=false -auto-approve", second);
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer second");
    expect(await workspace.state()).not.toContain("Bearer");
    await workspace.succeed("destroy -input=false -auto-approve");
    expect((await somebody.getWebhook("eu")).body.endpoint).toBe("unconfigured");
  });
});
