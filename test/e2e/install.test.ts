import { createHash } from "node:crypto";
import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { afterEach, describe, expect, test } from "vitest";
import { registryFiles } from "../../scripts/release/registry.js";
import { providerSource, readBuiltPackage } from "../../src/package/index.js";
import { commandLine } from "../cli/command-line.js";
import { createStage } from "../support/stage.js";
import { createTerraformWorkspace } from "../support/terraform.js";
import { dist } from "../support/workspace.js";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");
const folders: string[] = [];

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "konnect-audit-install-"));
  folders.push(folder);
  return folder;
}

afterEach(async () => {
  for (const folder of folders.splice(0)) await rm(folder, { recursive: true, force: true });
});

/** The `terraform` block that the command printed. */
function printedBlock(stdout: string): string {
  return /terraform \{[\s\S]*?\n\}\n/.exec(stdout)?.[0] ?? "";
}

describe("konnect-audit install", { timeout: 120_000 }, () => {
  test("serves an HCL configuration for the user, says so, and is removed without a trace", async () => {
    const home = await scratch();
    const env = { HOME: home };
    const before = await commandLine(["install", "--check"], { env });
    expect(before).toMatchObject({ exitCode: 2, stdout: expect.stringContaining("not installed") });

    const installed = await commandLine(["install"], { env });
    expect(installed.exitCode).toBe(0);
    const workspace = await createTerraformWorkspace({
      files: { "main.tf": printedBlock(installed.stdout) },
      env: { HOME: home },
    });
    try {
      await workspace.succeed(["init", "-input=false"]);
      expect((await commandLine(["install", "--check"], { env })).exitCode).toBe(0);

      const { version } = readBuiltPackage(dist);
      const bundle = `.terraform.d/plugins/${providerSource}/${version}/any/provider.cjs`;
      await writeFile(join(home, bundle), "broken");
      const damaged = await commandLine(["install", "--check"], { env });
      expect(damaged).toMatchObject({ exitCode: 2, stdout: expect.stringContaining("damaged") });

      expect((await commandLine(["install", "--remove"], { env })).stdout).toContain(version);
      await expect(readFile(join(home, ".terraform.d/plugins/local"))).rejects.toThrow(/ENOENT/);
      expect((await commandLine(["install", "--remove"], { env })).stdout).toMatch(/nothing/);
    } finally {
      await workspace.cleanup();
    }
  });

  test("serves one folder, or a mirror that Terraform's configuration names", async () => {
    const mirror = await scratch();
    const mirrored = await commandLine(["install", "--mirror", mirror]);
    const [configuration = ""] =
      /provider_installation \{[\s\S]*\n\}\n/.exec(mirrored.stdout) ?? [];
    const workspace = await createTerraformWorkspace({
      files: { "main.tf": printedBlock(mirrored.stdout), "cli.tfrc": configuration },
    });
    try {
      const env = { TF_CLI_CONFIG_FILE: join(workspace.dir, "cli.tfrc") };
      await workspace.succeed(["init", "-input=false"], { env });
      const check = await commandLine(["install", "--mirror", mirror, "--check"]);
      expect(check.exitCode).toBe(0);
      // One package for all platforms, and so one hash.
      const platforms = ["linux_amd64", "darwin_arm64"].map((name) => `-platform=${name}`);
      await workspace.succeed(["providers", "lock", `-fs-mirror=${mirror}`, ...platforms], { env });
      const lock = await workspace.read(".terraform.lock.hcl");
      expect(lock.match(/"h1:/g)).toHaveLength(1);
      const own = await commandLine(["install", "--into", workspace.dir]);
      await workspace.write("main.tf", printedBlock(own.stdout));
      await workspace.succeed(["init", "-input=false"]);
    } finally {
      await workspace.cleanup();
    }
  });
});

describe("examples/hcl", { timeout: 120_000 }, () => {
  test("is a complete configuration: applied, planned empty, destroyed", async () => {
    await using stage = await createStage();
    const hcl = await createTerraformWorkspace({
      env: {
        KONNECT_TOKEN: "kpat_hcl",
        KONNECT_SERVER_URL: stage.emulator.serverUrl,
        TF_VAR_endpoint: stage.endpoint,
        TF_VAR_siem_authorization: "Bearer hcl",
      },
    });
    try {
      await cp(join(root, "examples/hcl"), hcl.dir, { recursive: true });
      const { stdout } = await commandLine(["install", "--into", hcl.dir]);
      // A development build is a pre-release, which Terraform takes only where it is named.
      await hcl.write("versions_override.tf", printedBlock(stdout));
      await hcl.succeed(["init", "-input=false"]);
      await hcl.succeed(["apply", "-input=false", "-auto-approve"]);
      for (const region of ["us", "eu"]) {
        expect((await stage.somebody.getWebhook(region)).body.endpoint).toBe(stage.endpoint);
      }
      expect(await hcl.planExitCode()).toBe(0);
      await hcl.succeed(["destroy", "-input=false", "-auto-approve"]);
    } finally {
      await hcl.cleanup();
    }
  });
});

describe("a release for the Terraform registry", { timeout: 120_000 }, () => {
  test("is installed by Terraform from a mirror of zip files, and its sums are right", async () => {
    const built = readBuiltPackage(dist);
    const files = registryFiles(built);
    const prefix = `terraform-provider-konnectaudit_${built.version}`;
    const sums = Buffer.from(files[`${prefix}_SHA256SUMS`] ?? []).toString("utf8");
    for (const [, sum, name = ""] of sums.matchAll(/^([0-9a-f]{64}) {2}(.+)$/gm)) {
      expect(
        createHash("sha256")
          .update(files[name] ?? "")
          .digest("hex"),
      ).toBe(sum);
    }
    expect(sums.trim().split("\n")).toHaveLength(Object.keys(files).length - 1);
    expect(JSON.parse(Buffer.from(files[`${prefix}_manifest.json`] ?? []).toString())).toEqual({
      version: 1,
      metadata: { protocol_versions: ["6.0"] },
    });
    // The same package gives the same files, whenever they are made.
    const again = Buffer.from(registryFiles(built)[`${prefix}_SHA256SUMS`] ?? []).toString("utf8");
    expect(again).toBe(sums);

    const workspace = await createTerraformWorkspace({
      files: {
        "main.tf": `terraform {
          required_providers {
            konnectaudit = { source = "${providerSource}", version = "${built.version}" }
          }
        }
        data "konnectaudit_webhook_status" "eu" { region = "eu" }`,
      },
    });
    try {
      const mirror = join(workspace.dir, "terraform.d/plugins", providerSource);
      await mkdir(mirror, { recursive: true });
      for (const [name, content] of Object.entries(files))
        await writeFile(join(mirror, name), content);
      await workspace.succeed(["init", "-input=false"]);
      await workspace.succeed(["validate"]);
    } finally {
      await workspace.cleanup();
    }
  });
});
