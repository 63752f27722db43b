import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { catalogue } from "../../scripts/generate/catalogue.js";
import { createWorkspace } from "../support/workspace.js";

const root = resolve(fileURLToPath(import.meta.url), "../../..");
const guide = "docs/guides/from-konnect-audit-log.md";
const variable = 'variable "splunk_hec_token" {\n  type      = string\n  ephemeral = true\n}\n';

const examples = ["resources", "data-sources"].flatMap((folder) =>
  readdirSync(join(root, "examples", folder))
    .filter((file) => file.endsWith(".tf"))
    .map((file) => `${folder}/${file}`),
);

/** The blocks of HCL in a page. */
function blocksOf(page: string): string[] {
  const text = readFileSync(join(root, page), "utf8");
  return [...text.matchAll(/```terraform\n([\s\S]*?)```/g)].map((match) => match[1] ?? "");
}

async function validate(hcl: string) {
  await using workspace = await createWorkspace({});
  await workspace.write(hcl);
  await workspace.succeed("init -input=false");
  return await workspace.succeed("validate");
}

describe("examples", { timeout: 120_000 }, () => {
  test.each(examples)("terraform validate accepts %s", async (file) => {
    const { text } = await validate(readFileSync(join(root, "examples", file), "utf8"));
    expect(text).toContain("Success! The configuration is valid.");
  });

  test("are there for every resource and data source, which all can be read about", () => {
    const types = catalogue.filter(({ kind }) => kind !== "provider");
    expect(examples.sort()).toEqual(types.map(({ page }) => `${page}.tf`).sort());
  });

  test("of every resource say how it is imported, by command and by block", () => {
    for (const { page } of catalogue.filter(({ kind }) => kind === "resource")) {
      const text = readFileSync(join(root, "docs", `${page}.md`), "utf8");
      expect(text, page).toMatch(/## Import\n[\s\S]*terraform import [\s\S]*import \{\n {2}to = /);
    }
  });

  test("of the guide are valid, as far as Kong's own provider is not needed", async () => {
    const ours = blocksOf(guide).map((block) =>
      block.replace(/^(removed|moved) \{\n[\s\S]*?^\}\n/gm, ""),
    );
    const webhooks = ours.filter((block) => block.includes('resource "'));
    expect(webhooks).toHaveLength(3);
    const { text } = await validate(variable + webhooks.join("\n"));
    expect(text).toContain("Success! The configuration is valid.");
  });
});
