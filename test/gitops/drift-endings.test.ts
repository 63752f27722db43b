import { type ChildProcess, spawn } from "node:child_process";
import { mkdir, readdir, readFile, stat, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createProject } from "./drift-stage.js";

const cli = fileURLToPath(new URL("../../dist/cli/main.js", import.meta.url));

/**
 * A stand-in for Terraform whose plan takes as long as one that waits for Konnect: it writes the plan file, then a line of a
 * log for each SIGINT that it gets.
 */
const slowTerraform = `#!${process.execPath}
const { appendFileSync, writeFileSync } = require("node:fs");
const out = process.argv.find((word) => word.startsWith("-out="));
process.on("SIGINT", () => {
  appendFileSync(process.env.SIGNALS, "SIGINT\\n");
  if (process.env.STUBBORN !== "1") setTimeout(() => process.exit(1), 200);
});
for (const name of ["SIGTERM", "SIGHUP"]) {
  process.on(name, () => appendFileSync(process.env.SIGNALS, name + "\\n"));
}
if (out) writeFileSync(out.slice(5), "the state");
appendFileSync(process.env.SIGNALS, "started " + process.pid + "\\n");
setTimeout(() => process.exit(1), 60_000);
`;

async function createSlowProject(env: Record<string, string> = {}) {
  const project = await createProject({ audit: "stack" });
  const { cwd } = project;
  await mkdir(join(cwd, "cdktf.out/stack/.terraform"), { recursive: true });
  await mkdir(join(cwd, "tmp"));
  await writeFile(join(cwd, "terraform"), slowTerraform, { mode: 0o755 });
  const signals = join(cwd, "signals.log");
  await writeFile(signals, "");
  return {
    ...project,
    signals: async () => (await readFile(signals, "utf8")).trim().split("\n"),
    left: () => readdir(join(cwd, "tmp")),
    /** Starts the check in a process group of its own, as a shell does, and waits until Terraform runs. */
    async start(args: readonly string[] = []) {
      const child = spawn(process.execPath, [cli, "drift", "--no-synth", ...args], {
        cwd,
        detached: true,
        stdio: ["ignore", "pipe", "pipe"],
        env: {
          PATH: process.env.PATH,
          TMPDIR: join(cwd, "tmp"),
          TERRAFORM_BINARY_NAME: join(cwd, "terraform"),
          SIGNALS: signals,
          ...env,
        },
      });
      const ended = endOf(child);
      while ((await stat(signals)).size === 0) {
        if (child.exitCode !== null) throw new Error(`It ended: ${(await ended).text}`);
        await new Promise((resolve) => setTimeout(resolve, 20));
      }
      return { child, ended, group: -Number(child.pid) };
    },
  };
}

function endOf(child: ChildProcess): Promise<{ code: number | null; text: string }> {
  let text = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream?.on("data", (chunk) => {
      text += String(chunk);
    });
  }
  return new Promise((resolve) => {
    child.on("close", (code) => resolve({ code, text }));
  });
}

/** True once a process is gone, or only waits for its parent to notice. */
async function isGone(pid: number): Promise<boolean> {
  const state = await readFile(`/proc/${pid}/stat`, "utf8").catch(() => "");
  return state === "" || /\) Z /.test(state);
}

describe("a drift check that is told to end while Terraform plans", { timeout: 60_000 }, () => {
  test("by a Ctrl-C on the terminal passes one SIGINT on, waits, and leaves no plan file", async () => {
    await using project = await createSlowProject();
    const { group, ended } = await project.start();
    process.kill(group, "SIGINT");
    const { code, text } = await ended;
    expect(code, text).not.toBe(0);
    expect(text).toMatch(/GITOPS_CANCELLED/);
    expect((await project.signals()).slice(1)).toEqual(["SIGINT"]);
    expect(await project.left()).toEqual([]);
  });

  test.each(["SIGTERM", "SIGHUP", "SIGQUIT"] as const)(
    "by %s gives Terraform one SIGINT, and leaves no plan file",
    async (name) => {
      await using project = await createSlowProject();
      const { child, ended } = await project.start();
      child.kill(name);
      expect((await ended).code).not.toBe(0);
      expect((await project.signals()).slice(1)).toEqual(["SIGINT"]);
      expect(await project.left()).toEqual([]);
    },
  );

  test("ends a Terraform that does not stop", async () => {
    await using project = await createSlowProject({ STUBBORN: "1" });
    const { group, ended } = await project.start();
    process.kill(group, "SIGINT");
    expect((await ended).code).not.toBe(0);
    const [started, ...signals] = await project.signals();
    expect(signals).toEqual(["SIGINT"]);
    expect(await isGone(Number(started?.split(" ")[1]))).toBe(true);
    expect(await project.left()).toEqual([]);
  });

  test("by its own time limit says so, as the verdict of the stack", async () => {
    await using project = await createSlowProject({ STUBBORN: "1" });
    const { ended } = await project.start(["--timeout", "1s"]);
    const { code, text } = await ended;
    expect(code).toBe(1);
    expect(text).toMatch(/! audit: error\n {2}The time was up .*\n {2}.*--timeout.*GITOPS_TIMEOUT/);
    expect(await project.left()).toEqual([]);
  });

  test("by SIGKILL leaves its folder to the next check, which removes it and no one else's", async () => {
    await using project = await createSlowProject();
    const { child, ended } = await project.start();
    child.kill("SIGKILL");
    await ended;
    const [folder = ""] = await project.left();
    expect(folder).toMatch(/^konnect-audit-plan-/);
    const [started] = await project.signals();
    process.kill(Number(started?.split(" ")[1]), "SIGKILL");
    const running = folder.replace(/-\d+-\w+$/, `-${process.pid}-abcdef`);
    const elsewhere = folder.replace(/-[0-9a-f]{8}-/, "-00000000-");
    for (const name of [running, elsewhere]) await mkdir(join(project.cwd, "tmp", name));
    await writeFile(join(project.cwd, "signals.log"), "");
    const next = await project.start(["--timeout", "1s"]);
    await next.ended;
    expect((await project.left()).sort()).toEqual([running, elsewhere].sort());
  });
});
