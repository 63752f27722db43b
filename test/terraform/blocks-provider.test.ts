import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { bundleProviderPackage } from "../support/provider-package.js";
import { createTerraformWorkspace, type TerraformWorkspace } from "../support/terraform.js";

const entry = fileURLToPath(new URL("./fixtures/blocks-provider.ts", import.meta.url));
const address = "local/test/blocks";
const version = "1.0.0";

const configuration = (blocks: string, more = "") => `
terraform {
  required_providers {
    blocks = { source = "${address}", version = "${version}" }
  }
}
variable "token" {
  type      = string
  ephemeral = true
  default   = null
}
resource "blocks_gate" "gate" {
  name = "gate"
  ${blocks}
}
${more}
`;

const limit = (rate: number) => `limit {\n    rate = ${rate}\n  }`;
const rules = `
  rule {
    port  = 443
    token = var.token
    source {
      cidr = "10.0.0.0/8"
    }
    source {
      cidr = "192.168.0.0/16"
    }
  }
  rule {
    port = 80
  }
  tag {
    key = "b"
  }
  tag {
    key = "a"
  }
  header "x-one" {
    value = "1"
  }
`;

describe("a provider with blocks under the real terraform", () => {
  let provider: Awaited<ReturnType<typeof bundleProviderPackage>>;
  let workspace: TerraformWorkspace;
  const gate = () => workspace.attributes("blocks_gate.gate");
  const apply = async (blocks: string, more?: string) => {
    await workspace.write("main.tf", configuration(blocks, more));
    return workspace.succeed(["apply", "-auto-approve", "-input=false", "-no-color"]);
  };
  const refused = async (blocks: string) => {
    await workspace.write("main.tf", configuration(blocks));
    const result = await workspace.run(["apply", "-auto-approve", "-input=false", "-no-color"]);
    expect(result.exitCode).toBe(1);
    return result.text;
  };

  beforeAll(async () => {
    provider = await bundleProviderPackage(entry, { address, version });
    workspace = await createTerraformWorkspace({
      providers: [provider],
      files: { "main.tf": configuration(rules + limit(5)) },
      env: { TF_VAR_token: "planted-token" },
    });
    await workspace.succeed(["init", "-input=false"]);
  });
  afterAll(async () => {
    await workspace?.cleanup();
    await provider?.cleanup();
  });

  test("creates them, list, set, map and single, with what is computed inside", async () => {
    await apply(rules + limit(5));
    expect(await gate()).toEqual({
      name: "gate",
      revision: 1,
      limit: { rate: 5, unit: "second" },
      header: { "x-one": { value: "1" } },
      rule: [
        {
          port: 443,
          id: "443-0",
          token: null,
          source: [{ cidr: "10.0.0.0/8" }, { cidr: "192.168.0.0/16" }],
        },
        { port: 80, id: "80-1", token: null, source: [] },
      ],
      tag: [
        { key: "a", id: "tag-a" },
        { key: "b", id: "tag-b" },
      ],
    });
    expect(await workspace.planExitCode()).toBe(0);
  });

  test("keeps a write-only argument in a block out of the state", () => {
    const files = readdirSync(workspace.dir).filter((name) => name.includes("tfstate"));
    expect(files).toContain("terraform.tfstate");
    for (const name of files) {
      expect(readFileSync(join(workspace.dir, name), "utf8")).not.toContain("planted-token");
    }
  });

  test("imports them", async () => {
    const before = await gate();
    await workspace.succeed(["state", "rm", "blocks_gate.gate"]);
    await workspace.succeed(["import", "-input=false", "blocks_gate.gate", "gate"]);
    expect(await gate()).toEqual(before);
    expect(await workspace.planExitCode()).toBe(0);
  });

  test("changes an argument in a block, and nothing else", async () => {
    const { stdout } = await apply(rules + limit(9));
    expect(stdout).toMatch(/~ rate += 5 -> 9/);
    expect(stdout).not.toMatch(/[+-] (rule|tag)/);
    expect(await gate()).toMatchObject({ limit: { rate: 9 }, rule: [{ id: "443-0" }, {}] });
    expect(await workspace.planExitCode()).toBe(0);
  });

  test("removes blocks one by one, and then all of them", async () => {
    const { stdout } = await apply(`rule {\n port = 443\n }\n tag {\n key = "b"\n }\n`);
    expect(stdout).toMatch(/- limit \{/);
    expect(await gate()).toMatchObject({
      limit: null,
      rule: [{ port: 443, source: [] }],
      tag: [{ key: "b", id: "tag-b" }],
    });
    expect(await workspace.planExitCode()).toBe(0);
    await apply("");
    expect(await gate()).toMatchObject({ limit: null, rule: [], tag: [], header: {} });
    expect(await workspace.planExitCode()).toBe(0);
  });

  test("takes dynamic blocks whose number is known only after apply", async () => {
    const { stdout } = await apply(
      `dynamic "rule" {
        for_each = terraform_data.ports.output
        content { port = rule.value }
      }
      dynamic "limit" {
        for_each = terraform_data.ports.output
        content { rate = limit.value }
      }`,
      `resource "terraform_data" "ports" {\n input = [8443]\n }`,
    );
    expect(stdout).toContain("1 added, 1 changed");
    expect(await gate()).toMatchObject({
      rule: [{ port: 8443, id: "8443-0" }],
      limit: { rate: 8443, unit: "second" },
    });
    expect(await workspace.planExitCode()).toBe(0);
  });

  test("refuses wrong values and too many blocks, with the line", async () => {
    const wrong = await refused("rule {\n port = 1\n }\n rule {\n port = 70000\n }");
    expect(wrong).toMatch(/line \d+, in resource "blocks_gate" "gate": \d+: port = 70000/);
    expect(wrong).toContain("rule[1].port must be at most 65535");
    expect(await refused("rule {\n port = 1\n }\n".repeat(4))).toContain("Too many rule blocks");
    expect(await refused("limit {\n }")).toContain('The argument "rate" is required');
    const failed = await refused("rule {\n port = 666\n }");
    expect(failed).toMatch(/The port is taken .*: port = 666/);
  });

  test("destroys", async () => {
    await workspace.write("main.tf", configuration(""));
    const { stdout } = await workspace.succeed(["destroy", "-auto-approve", "-no-color"]);
    expect(stdout).toContain("destroyed");
    expect(existsSync(join(workspace.dir, "api/gate.json"))).toBe(false);
  });
});
