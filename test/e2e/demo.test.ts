import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { existsSync, readdirSync } from "node:fs";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const root = resolve(dirname(fileURLToPath(import.meta.url)), "../..");

/** In a process group of its own, as a terminal starts it: a Ctrl-C there reaches every process of the group. */
function startDemo(env: NodeJS.ProcessEnv = {}) {
  const child = spawn(process.execPath, ["--import", "tsx", "scripts/demo/main.ts"], {
    cwd: root,
    env: { ...process.env, CI: "true", ...env },
    detached: true,
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding("utf8").on("data", (text: string) => {
      output += text;
    });
  }
  const ended = new Promise<number | null>((done) => child.on("close", done));
  return { child, ended, output: () => output };
}

/** Processes of the demo's group that still run. */
function survivors({ pid }: ChildProcess): string[] {
  const lines = execFileSync("ps", ["-eo", "pgid=,stat=,args="], { encoding: "utf8" }).split("\n");
  return lines.filter((line) => Number.parseInt(line, 10) === pid && !/^\s*\d+\s+Z/.test(line));
}

const topLevel = () => readdirSync(root).sort();

describe("npm run demo", { timeout: 240_000 }, () => {
  test("does the main job from deploy to destroy, and leaves nothing behind", async () => {
    const before = topLevel();
    const demo = startDemo();
    expect(await demo.ended, demo.output()).toBe(0);
    const output = demo.output();
    for (const region of ["us", "eu", "au"]) {
      expect(output).toMatch(
        new RegExp(`${region} +delivered +probe at the receiver, signature valid`),
      );
      expect(output).toMatch(new RegExp(`audit/${region}/gate/probe created`));
    }
    expect(output).toMatch(/drift: eu, enabled: expected true, found false/);
    expect(output).toMatch(/exit code 2[\s\S]*demo: in sync[\s\S]*exit code 0/);
    expect(output).toMatch(/nothing stays configured at Konnect/);
    expect(output).toMatch(/What next, with your own organisation/);
    expect(output.split("\n").filter((line) => line.length > 80)).toEqual([]);
    expect(survivors(demo.child)).toEqual([]);
    expect(existsSync(join(root, ".demo"))).toBe(false);
    expect(topLevel()).toEqual(before);
  });

  test("leaves nothing behind after a Ctrl-C in the middle of a deploy", async () => {
    const before = topLevel();
    const demo = startDemo();
    const begun = new Promise<void>((resolve) => {
      demo.child.stdout?.on("data", () => {
        if (/audit\/\w+\/webhook created/.test(demo.output())) resolve();
      });
    });
    await Promise.race([begun, demo.ended]);
    process.kill(-(demo.child.pid ?? 0), "SIGINT");
    expect(await demo.ended, demo.output()).toBe(130);
    expect(demo.output()).toContain("Stopped. Nothing is left behind.");
    expect(survivors(demo.child)).toEqual([]);
    expect(existsSync(join(root, ".demo"))).toBe(false);
    expect(topLevel()).toEqual(before);
  });

  test("ends with the failing step's own error when a step fails", async () => {
    const demo = startDemo({ TERRAFORM_BINARY_NAME: "no-such-terraform" });
    expect(await demo.ended).toBe(1);
    // With and without a pseudo terminal cdktf words it differently.
    expect(demo.output()).toMatch(
      /✗ cdktf deploy ended with exit code 1:[\s\S]*(no-such-terraform|terraform init failed)/,
    );
    expect(existsSync(join(root, ".demo"))).toBe(false);
  });
});
