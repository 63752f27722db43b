import { execFileSync } from "node:child_process";
import { describe, expect, test } from "vitest";
import type { Fault } from "../../src/emulator/faults.js";
import { createStage, secretVariable, webhookHcl } from "../support/stage.js";
import { finished } from "../support/workspace.js";

const path = "/v2/audit-log-webhook";
const quick = 'provider "konnectaudit" { max_retries = 0 }\n';

describe("a failing Konnect", { timeout: 120_000 }, () => {
  test.each<[string, Fault, RegExp]>([
    ["401", { path, effect: { kind: "status", status: 401 } }, /did not accept the token/],
    ["403", { path, effect: { kind: "status", status: 403 } }, /lacks a permission/],
    ["404", { path, effect: { kind: "status", status: 404 } }, /does not know the object/],
    ["429", { path, effect: { kind: "status", status: 429 } }, /rate limit is exhausted/],
    ["500", { path, effect: { kind: "status", status: 500 } }, /Konnect failed to answer/],
    ["502", { path, effect: { kind: "status", status: 502 } }, /Konnect failed to answer/],
    [
      "an error without detail",
      { path, effect: { kind: "status", status: 403, omitDetail: true } },
      /lacks a permission/,
    ],
    ["an HTML page", { path, effect: { kind: "body", body: "html" } }, /is not JSON/],
    ["truncated JSON", { path, effect: { kind: "body", body: "truncated" } }, /is not JSON/],
    ["a reset", { path, effect: { kind: "reset", when: "before" } }, /can't be reached/],
  ])(
    "that answers a refresh with %s is an error, never 'gone', and leaves the state alone",
    async (_, fault, message) => {
      await using stage = await createStage();
      const { workspace, emulator, endpoint } = stage;
      await workspace.write(quick + secretVariable + webhookHcl("eu", endpoint));
      await workspace.succeed("init -input=false");
      await workspace.succeed("apply -input=false -auto-approve");
      const before = await workspace.state();
      emulator.faults.add(fault);
      const result = await workspace.terraform("plan -input=false -detailed-exitcode");
      expect(result.exitCode).toBe(1);
      expect(result.text).toMatch(message);
      expect(result.text.match(/Error: /g)).toHaveLength(1);
      expect(await workspace.state()).toBe(before);
      emulator.faults.clear();
      expect((await workspace.plan()).exitCode).toBe(0);
    },
  );

  test("that throttles and resets for a while only costs time", async () => {
    await using stage = await createStage();
    const { workspace, emulator, endpoint } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    emulator.faults.add({
      method: "PATCH",
      count: 1,
      effect: { kind: "status", status: 429, retryAfter: "0" },
    });
    emulator.faults.add({ method: "PATCH", count: 1, effect: { kind: "reset", when: "after" } });
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await workspace.plan()).exitCode).toBe(0);
  });
});

describe("a provider that is killed in the middle of an apply", { timeout: 120_000 }, () => {
  test.each([
    ["before the PATCH reached Konnect", "GET"],
    ["after the PATCH, before its answer", "after-PATCH"],
  ])("%s: the next apply converges", async (_, moment) => {
    await using stage = await createStage();
    const { workspace, emulator, endpoint, somebody } = stage;
    await workspace.write(secretVariable + webhookHcl("eu", endpoint));
    await workspace.succeed("init -input=false");
    // The first GET of the create, or the GET that follows the PATCH, is held long enough to kill the provider in it.
    const slow = {
      path,
      method: "GET",
      effect: { kind: "latency", milliseconds: 20_000 },
    } as const;
    if (moment === "GET") emulator.faults.add(slow);
    const apply = finished(workspace.start(["apply", "-input=false", "-auto-approve"]));
    if (moment === "after-PATCH") {
      await until(() => stage.providerCalls().some((call) => call.startsWith("PATCH")));
    } else {
      await until(() => emulator.faults.list().some(({ hits }) => hits > 0));
    }
    killProvider(workspace.dir);
    const result = await apply;
    emulator.faults.clear();
    if (result.exitCode === 0) {
      // The provider was through before the signal; what follows must hold all the same.
      expect(moment).toBe("after-PATCH");
    }
    await workspace.succeed("apply -input=false -auto-approve");
    expect((await somebody.getWebhook("eu")).body).toMatchObject({ endpoint, enabled: true });
    expect(await stage.deliveredAuthorization("eu")).toBe("Bearer first");
    expect((await workspace.plan()).exitCode).toBe(0);
  });
});

async function until(condition: () => boolean): Promise<void> {
  for (let tries = 0; tries < 1000; tries++) {
    if (condition()) return;
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
  throw new Error("what the test waits for did not happen");
}

/** Ends the providers that run out of this workspace's folder, by pid. */
function killProvider(dir: string): void {
  const processes = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  const pids = processes
    .filter((line) => line.includes("provider.cjs") && line.includes(dir))
    .map((line) => Number.parseInt(line, 10));
  expect(pids.length).toBeGreaterThan(0);
  for (const pid of pids) process.kill(pid, "SIGKILL");
}
