import { execFile } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";
import { describe, expect, onTestFinished, test } from "vitest";
import { parse } from "yaml";
import { projectPackages } from "../../src/scaffold/project.js";
import { commandLine } from "../cli/command-line.js";

const root = fileURLToPath(new URL("../..", import.meta.url));
const run = promisify(execFile);

async function scratch(): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), "konnect-audit-init-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  return folder;
}

/** As `npm install` would, with what this checkout has. */
async function link(project: string): Promise<void> {
  for (const name of projectPackages) {
    const target = name === "konnect-audit" ? root : join(root, "node_modules", name);
    const path = join(project, "node_modules", name);
    await mkdir(dirname(path), { recursive: true });
    await symlink(target, path);
  }
}

describe("konnect-audit init", { timeout: 180_000 }, () => {
  test("writes a project that type-checks, passes its own test and synthesizes", async () => {
    const project = join(await scratch(), "My Audit Logs");
    const written = await commandLine(["init", project]);
    expect(written.exitCode, written.stderr).toBe(0);
    const manifest = JSON.parse(await readFile(join(project, "package.json"), "utf8"));
    expect(manifest).toMatchObject({ name: "my-audit-logs", type: "module", private: true });
    const ranges = Object.values({ ...manifest.dependencies, ...manifest.devDependencies });
    expect(Object.keys(manifest.dependencies)).toContain("konnect-audit");
    expect(ranges.filter((range) => !/^\^\d+\.\d+\.\d+$/.test(String(range)))).toEqual([]);
    expect(written.stdout).toContain("package-lock.json");
    const workflow = await readFile(join(project, ".github/workflows/audit-logs.yml"), "utf8");
    expect(Object.keys(parse(workflow).jobs)).toEqual(["check", "drift"]);

    await link(project);
    const { CI, PATH, HOME } = process.env;
    const env = { PATH, HOME, CI: CI ?? "true", CHECKPOINT_DISABLE: "1", FORCE_COLOR: "0" };
    const script = (path: string, ...args: string[]) =>
      run(process.execPath, [join(project, "node_modules", path), ...args], { cwd: project, env });
    await script("typescript/bin/tsc");
    const report = await script("vitest/vitest.mjs", "run", "--reporter=json");
    expect(JSON.parse(report.stdout)).toMatchObject({ success: true, numPassedTests: 2 });
    await script("cdktf-cli/bundle/bin/cdktf", "synth");
    const stack = join(project, "cdktf.out/stacks/audit/cdk.tf.json");
    const { resource } = JSON.parse(await readFile(stack, "utf8"));
    expect(Object.keys(resource.konnectaudit_webhook)).toHaveLength(2);
  });

  test("takes a folder that only git has been in, and refuses one that holds anything else", async () => {
    const folder = await scratch();
    await mkdir(join(folder, ".git"));
    expect((await commandLine(["init"], { cwd: folder })).exitCode).toBe(0);

    const taken = await scratch();
    await writeFile(join(taken, "main.ts"), "mine");
    const refused = await commandLine(["init", taken]);
    expect(refused).toMatchObject({
      exitCode: 1,
      stderr: expect.stringContaining("SCAFFOLD_FOLDER_NOT_EMPTY"),
    });
    expect(await readFile(join(taken, "main.ts"), "utf8")).toBe("mine");
  });
});
