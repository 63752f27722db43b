import { cp, readFile, rm, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/index.js";
import { commandLine } from "../cli/command-line.js";
import type { Stage } from "../support/stage.js";
import { terraformHost } from "../support/terraform-host.js";
import { createAppliedStage, createProject, jobEnvironment } from "./drift-stage.js";

const path = "/v2/audit-log-webhook";
const apply = (status: number): Fault => ({ path, effect: { kind: "status", status } });

/** What goes wrong, and the one line that says so. */
interface Failure {
  name: string;
  fault?: Fault;
  env?: Record<string, string>;
  /** Spoils the copy of the stack's folder that is checked. */
  spoil?: (folder: string) => Promise<unknown>;
  line: RegExp;
  remedy: RegExp;
}

const host = terraformHost();

/** The one line, in the name of the program that runs. */
function failed(command: "init" | "plan", why: string): RegExp {
  return new RegExp(`^${host.program} ${command} failed: ${why}\\.$`);
}

const failures: readonly Failure[] = [
  {
    name: "401",
    fault: apply(401),
    line: failed("plan", "Konnect did not accept the token"),
    remedy: /make a new one/,
  },
  {
    name: "403",
    fault: apply(403),
    line: failed("plan", "the Konnect token lacks a permission"),
    remedy: /read the organisation's audit-log settings/,
  },
  {
    name: "404",
    fault: apply(404),
    line: failed("plan", "what answers is not Konnect's API"),
    remedy: /KONNECT_SERVER_URL/,
  },
  {
    name: "429",
    fault: apply(429),
    line: failed("plan", "Konnect's rate limit is exhausted"),
    remedy: /--concurrency/,
  },
  {
    name: "500",
    fault: apply(500),
    line: failed("plan", "Konnect could not be reached or did not answer properly"),
    remedy: /run again/,
  },
  {
    name: "a reset connection",
    fault: { path, effect: { kind: "reset", when: "before" } },
    line: failed("plan", "Konnect could not be reached or did not answer properly"),
    remedy: /run again/,
  },
  {
    name: "a refused connection",
    env: { KONNECT_SERVER_URL: "http://127.0.0.1:9/{region}" },
    line: failed("plan", "Konnect could not be reached or did not answer properly"),
    remedy: /KONNECT_SERVER_URL/,
  },
  {
    name: "broken JSON",
    fault: { path, effect: { kind: "body", body: "truncated" } },
    line: failed("plan", "what answers is not Konnect's API"),
    remedy: /KONNECT_SERVER_URL/,
  },
  {
    name: "a proxy's HTML page",
    fault: { path, effect: { kind: "body", body: "html" } },
    line: failed("plan", "what answers is not Konnect's API"),
    remedy: /KONNECT_SERVER_URL/,
  },
  {
    name: "no token",
    env: { KONNECT_TOKEN: "" },
    line: failed("plan", "there is no Konnect token"),
    remedy: /KONNECT_TOKEN/,
  },
  {
    name: "a missing terraform",
    env: { TERRAFORM_BINARY_NAME: "no-such-terraform" },
    line: /^"no-such-terraform" could not be started\.$/,
    remedy: /Install Terraform/,
  },
  {
    name: "a terraform whose output something else is mixed into",
    spoil: (folder) =>
      writeFile(
        join(folder, "wrapped"),
        '#!/bin/sh\necho "[command] terraform $*"\nexec "$THE_HOST" "$@"\n',
        { mode: 0o755 },
      ),
    env: { TERRAFORM_BINARY_NAME: "./wrapped", THE_HOST: host.binary },
    line: /^The plan's JSON can't be read: it is not JSON\.$/,
    remedy: /terraform_wrapper: false/,
  },
  {
    name: "a missing provider",
    spoil: async (folder) => {
      await rm(join(folder, ".terraform"), { recursive: true });
      await rm(join(folder, "terraform.d"), { recursive: true });
    },
    line: failed("init", "a provider is missing"),
    remedy: /terraform\.d/,
  },
  {
    name: "another provider than the lock file names",
    spoil: async (folder) => {
      await rm(join(folder, ".terraform"), { recursive: true });
      const file = join(folder, ".terraform.lock.hcl");
      await writeFile(file, (await readFile(file, "utf8")).replace(/h1:[^"]+/, "h1:AAAA"));
    },
    line: failed("init", "the provider package is not the one that the lock file names"),
    remedy: /Synthesize again/,
  },
  {
    name: "a configuration that is none",
    spoil: (folder) => writeFile(join(folder, "main.tf"), "this {}"),
    line: failed("plan", "Unsupported block type"),
    remedy: new RegExp(`Correct what ${host.product} names`),
  },
  {
    name: "a state that is cut off",
    spoil: (folder) => writeFile(join(folder, "terraform.tfstate"), '{"version": 4,'),
    line: failed("plan", "the state can't be read"),
    remedy: /backend/,
  },
  {
    name: "a stack's folder that is gone",
    spoil: (folder) => rm(folder, { recursive: true }),
    line: /^There is no folder .*stack\.$/,
    remedy: /Synthesize again/,
  },
];

describe("konnect-audit drift answers 1, in one line and with a remedy, for", () => {
  let stage: Stage;

  beforeAll(async () => {
    stage = await createAppliedStage();
  }, 120_000);
  afterAll(() => stage?.[Symbol.asyncDispose]());

  test.each(failures)(
    "$name",
    { timeout: 60_000 },
    async ({ fault, env = {}, spoil, line, remedy }) => {
      await using project = await createProject({ audit: "stack" });
      const folder = join(project.cwd, "cdktf.out/stack");
      await cp(stage.workspace.dir, folder, { recursive: true });
      await spoil?.(folder);
      const id = fault && stage.emulator.faults.add(fault);
      const run = await commandLine(["drift", "--no-synth"], {
        cwd: project.cwd,
        env: { ...jobEnvironment(stage, project.cwd), ...env },
      });
      if (id) stage.emulator.faults.remove(id);
      expect(run.exitCode, run.stdout).toBe(1);
      const [verdict, said = "", ...more] = run.stdout.split("\n");
      expect(verdict).toBe("! audit: error");
      expect(said.trim()).toMatch(line);
      expect(more.join("\n")).toMatch(remedy);
      expect(run.stdout).toMatch(/Inconclusive: 0 of 1 stack in sync/);
      expect(run.stdout + run.stderr).not.toContain("planted");
    },
  );
});
