import { describe, expect, test } from "vitest";
import { createStage } from "../support/stage.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const importBlock = (to: string, id: string) => `import {\n  to = ${to}\n  id = "${id}"\n}\n`;

describe("a configuration that Terraform writes for what is imported", { timeout: 120_000 }, () => {
  test("is valid for every resource that outlives its run, and changes nothing", async () => {
    await using stage = await createStage();
    const { workspace, somebody, endpoint } = stage;
    const { id } = await stage.createDestination();
    const bound = { audit_log_destination_id: id, enabled: true };
    await somebody.updateWebhook("eu", { endpoint, authorization: "Bearer old", enabled: true });
    await somebody.updateBinding("us", bound);
    await somebody.updatePortalWebhook("eu", portal, bound);
    const imports = [
      importBlock("konnectaudit_webhook.w", "eu"),
      importBlock("konnectaudit_destination.d", id),
      importBlock("konnectaudit_webhook_binding.b", "us"),
      importBlock("konnectaudit_portal_webhook.p", `eu/${portal}`),
    ];
    await workspace.write(imports.join(""));
    await workspace.succeed("init -input=false");
    await workspace.succeed("plan -input=false -generate-config-out=generated.tf");
    const { changes } = await workspace.plan();
    expect(changes).toEqual([]);
    await workspace.succeed("apply -input=false -auto-approve");
    expect(stage.providerCalls().filter((call) => !call.startsWith("GET"))).toEqual([]);
    await workspace.write("");
    expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
  });
});
