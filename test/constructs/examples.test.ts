import { readdirSync, readFileSync } from "node:fs";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";
import { describe, expect, onTestFinished, test, vi } from "vitest";
import { kebabCase } from "../../scripts/generate/constructs/names.js";
import { readPublicClasses } from "../../scripts/generate/constructs/public-classes.js";
import { providerSource, readBuiltPackage } from "../../src/package/index.js";
import { maskIds } from "../../src/testing/index.js";
import { provideNullProvider } from "../support/null-provider.js";
import { createTerraformWorkspace } from "../support/terraform.js";
import { dist } from "../support/workspace.js";
import { temporaryFolder } from "./support.js";

const root = resolve(import.meta.dirname, "../..");
const folder = join(root, "examples/constructs");
const examples = readdirSync(folder).map((file) => file.replace(/\.ts$/, ""));

/** Runs an example, which is a whole cdktf app. @returns the path of its stack's JSON */
async function synthesize(name: string): Promise<string> {
  const outdir = temporaryFolder();
  vi.stubEnv("CDKTF_OUTDIR", outdir);
  try {
    await import(/* @vite-ignore */ `${pathToFileURL(join(folder, `${name}.ts`)).href}?${outdir}`);
  } finally {
    vi.unstubAllEnvs();
  }
  return join(outdir, "stacks/audit/cdk.tf.json");
}

/** What Terraform reads, without what depends on this machine. */
function readable(path: string): string {
  const { terraform, ...stack } = JSON.parse(readFileSync(path, "utf8"), (key, value) =>
    key === "//" ? undefined : value,
  );
  const { backend: _local, ...settings } = terraform;
  return `${maskIds.serialize(JSON.stringify({ ...stack, terraform: settings }, null, 2))}\n`;
}

describe("The example of a construct", () => {
  test("is there for every one", () => {
    const names = readPublicClasses(root).map(({ name }) => kebabCase(name));
    expect(examples.sort()).toEqual(names.sort());
  });

  test.each(examples)("%s synthesizes what was reviewed", async (name) => {
    const path = await synthesize(name);
    await expect(readable(path)).toMatchFileSnapshot(`synthesized/${name}.json.snap`);
  });
});

test("Terraform accepts the JSON of every construct's example", { timeout: 120_000 }, async () => {
  const nullProvider = await provideNullProvider();
  const { version } = readBuiltPackage(dist);
  const ours = { address: providerSource, version, dir: join(dist, "provider") };
  const workspace = await createTerraformWorkspace({
    providers: [ours, ...nullProvider.providers],
  });
  onTestFinished(async () => {
    await workspace.cleanup();
    await nullProvider.cleanup();
  });
  const use = async (name: string) =>
    workspace.write("cdk.tf.json", readFileSync(await synthesize(name), "utf8"));
  await use("audit-log-webhook"); // has a gate, and with it every provider
  await workspace.succeed(["init", "-input=false"]);
  for (const name of examples) {
    await use(name);
    const { stdout, stderr } = await workspace.run(["validate", "-no-color"]);
    expect(`${name}: ${stdout}${stderr}`).toContain("Success! The configuration is valid.");
  }
});
