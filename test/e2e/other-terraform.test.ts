import { describe, expect, test } from "vitest";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import {
  isAtLeast,
  otherTerraformHosts,
  otherTerraformVariable,
} from "../support/terraform-host.js";

/** What has to have run before a release: newer lines than the one on PATH. */
const wanted = [
  { product: "Terraform", minor: "1.16" },
  { product: "OpenTofu", minor: "1.12" },
] as const;
const hosts = otherTerraformHosts();

for (const { product, minor } of wanted) {
  if (hosts.some((host) => host.product === product && isAtLeast(host, minor))) continue;
  const lack = `SKIPPED: needs ${product} ${minor} or newer, its path in ${otherTerraformVariable}`;
  test.skip(`everything that differs between hosts, under ${product} (${lack})`, () => {});
}

// What else runs under them is a project of its own each: vitest.config.ts.
describe.each(hosts)("the webhook's lifecycle under $name", { timeout: 120_000 }, ({ binary }) => {
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
