import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleProviderPackage } from "../support/provider-package.js";
import { createTerraformWorkspace, type TerraformWorkspace } from "../support/terraform.js";
import { terraformHost } from "../support/terraform-host.js";

const entry = fileURLToPath(new URL("./fixtures/null-provider.ts", import.meta.url));
const address = `${terraformHost().registryHost}/hashicorp/null`;
const version = "3.2.4";

const configuration = (trigger: string) => `
terraform {
  required_providers {
    null = { source = "hashicorp/null", version = "${version}" }
  }
}
resource "null_resource" "gate" {
  triggers = { revision = "${trigger}" }
}
`;

describe("a provider of forty lines under the real terraform", () => {
  let provider: Awaited<ReturnType<typeof bundleProviderPackage>>;
  let workspace: TerraformWorkspace;

  beforeAll(async () => {
    provider = await bundleProviderPackage(entry, { address, version });
    workspace = await createTerraformWorkspace({
      providers: [provider],
      files: { "main.tf": configuration("one") },
    });
  });
  afterAll(async () => {
    await workspace?.cleanup();
    await provider?.cleanup();
  });

  test("is found by init, with no registry and no CLI configuration", async () => {
    await workspace.succeed(["init", "-input=false"]);
    expect(await workspace.read(".terraform.lock.hcl")).toContain(address);
  });

  test("applies, and plans nothing afterwards", async () => {
    expect(await workspace.planExitCode()).toBe(2);
    await workspace.succeed(["apply", "-auto-approve", "-input=false"]);
    const { id, triggers } = await workspace.attributes("null_resource.gate");
    expect(id).toMatch(/^[0-9a-f-]{36}$/);
    expect(triggers).toEqual({ revision: "one" });
    expect(await workspace.planExitCode()).toBe(0);
  });

  test("replaces the resource when a trigger changes", async () => {
    const before = await workspace.attributes("null_resource.gate");
    await workspace.write("main.tf", configuration("two"));
    const { stdout } = await workspace.succeed(["apply", "-auto-approve", "-no-color"]);
    expect(stdout).toContain("# forces replacement");
    const after = await workspace.attributes("null_resource.gate");
    expect(after.triggers).toEqual({ revision: "two" });
    expect(after.id).not.toBe(before.id);
    expect(await workspace.planExitCode()).toBe(0);
  });

  test("imports by id", async () => {
    await workspace.succeed(["state", "rm", "null_resource.gate"]);
    await workspace.succeed(["import", "null_resource.gate", "an-id"]);
    expect(await workspace.attributes("null_resource.gate")).toEqual({
      id: "an-id",
      triggers: null,
    });
  });

  test("destroys", async () => {
    const { stdout } = await workspace.succeed(["destroy", "-auto-approve", "-no-color"]);
    expect(stdout).toContain("1 destroyed");
  });
});
