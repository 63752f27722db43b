import { describe, expect, test } from "vitest";
import { createStage, type Stage } from "../support/stage.js";
import { isAtLeast, terraformHost } from "../support/terraform-host.js";

const portal = "d32d905a-ed33-46a3-a093-d8f536af9a8a";
const importBlock = (to: string, id: string, extra = "") =>
  `import {\n  to = ${to}\n  id = "${id}"\n${extra}}\n`;
const host = terraformHost();
/** Of an import block without a resource block it takes the provider for one of HashiCorp's. */
const mistakesProvider = host.product === "Terraform" && isAtLeast(host, "1.16");
const lack = mistakesProvider
  ? ` (SKIPPED: needs a Terraform without hashicorp/terraform#39144, which ${host.name} may have)`
  : "";

/** The import blocks of one resource of each kind, which somebody else has made. */
async function somebodysResources({ somebody, endpoint, createDestination }: Stage) {
  const { id } = await createDestination();
  const bound = { audit_log_destination_id: id, enabled: true };
  await somebody.updateWebhook("eu", { endpoint, authorization: "Bearer old", enabled: true });
  await somebody.updateBinding("us", bound);
  await somebody.updatePortalWebhook("eu", portal, bound);
  return (extra = "") =>
    [
      importBlock("konnectaudit_webhook.w", "eu", extra),
      importBlock("konnectaudit_destination.d", id, extra),
      importBlock("konnectaudit_webhook_binding.b", "us", extra),
      importBlock("konnectaudit_portal_webhook.p", `eu/${portal}`, extra),
    ].join("");
}

/** Has Terraform write the configuration, and applies it. @param extra in each import block until it is written */
async function generated(extra: string): Promise<void> {
  await using stage = await createStage();
  const { workspace } = stage;
  const imports = await somebodysResources(stage);
  await workspace.write(imports(extra));
  await workspace.succeed("init -input=false");
  await workspace.succeed("plan -input=false -generate-config-out=generated.tf");
  await workspace.write(imports());
  const { changes } = await workspace.plan();
  expect(changes).toEqual([]);
  await workspace.succeed("apply -input=false -auto-approve");
  expect(stage.providerCalls().filter((call) => !call.startsWith("GET"))).toEqual([]);
  await workspace.write("");
  expect(await workspace.plan()).toEqual({ exitCode: 0, changes: [] });
}

describe("a configuration that Terraform writes for what is imported", { timeout: 120_000 }, () => {
  test.skipIf(mistakesProvider)(
    `is valid for every resource that outlives its run, and changes nothing${lack}`,
    () => generated(""),
  );

  test("is so too when the import blocks name the provider until it is written", () =>
    generated("  provider = konnectaudit\n"));
});
