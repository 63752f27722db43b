import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";
import { startCommand } from "./process.js";
import { startSiem } from "./siem.js";

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-command-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

const headers = { authorization: "Bearer kpat_x", "content-type": "application/json" };

describe("konnect-audit emulator", () => {
  test("says what it is, answers its own example, and stops cleanly on SIGTERM", async () => {
    const { child, exited, printed, output } = startCommand("--port", "0");
    const url = await printed(/^ {2}(http:\/\/127\.0\.0\.1:\d+)\/\{region\}$/m);
    await printed(/(Ctrl-C)/);
    expect(output()).toContain("this is not Konnect");
    expect(output()).toContain(
      `curl -H 'Authorization: Bearer kpat_anything' ${url}/us/v2/audit-log-webhook`,
    );
    const answer = await fetch(`${url}/us/v2/audit-log-webhook`, { headers });
    expect(await answer.json()).toEqual({ enabled: false, endpoint: "unconfigured" });
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
    expect(output()).toContain("Emulator stopped.");
    await expect(fetch(url)).rejects.toThrow();
  });

  test("loses nothing when it is killed", async () => {
    const args = ["--port", "0", "--quiet", "--state", join(folder, "state.ndjson")];
    const first = startCommand(...args);
    const url = (await first.printed(/^(http\S+)$/m)).replace("{region}", "eu");
    const patched = await fetch(`${url}/v2/audit-log-webhook`, {
      method: "PATCH",
      headers,
      body: JSON.stringify({ endpoint: "https://127.0.0.1:1/", enabled: false }),
    });
    first.child.kill("SIGKILL");
    expect(await first.exited).toBe("SIGKILL");
    const second = startCommand(...args);
    const again = (await second.printed(/^(http\S+)$/m)).replace("{region}", "eu");
    const answer = await fetch(`${again}/v2/audit-log-webhook`, { headers });
    expect(await answer.json()).toEqual(await patched.json());
    second.child.kill("SIGINT");
    expect(await second.exited).toBe(0);
  });

  test("delivers after a kill what was recorded before it, to the last event", async () => {
    const never = new Promise<void>(() => {});
    await using dead = await startSiem({ hold: never });
    await using siem = await startSiem();
    const args = ["--port", "0", "--quiet", "--state", join(folder, "waiting.ndjson")];
    const start = async () => {
      const command = startCommand(...args, "--knob", "maxBatchEvents=100");
      const url = await command.printed(/^(http\S+)\/\{region\}$/m);
      return { ...command, url };
    };
    const configure = (url: string, endpoint: string) =>
      fetch(`${url}/eu/v2/audit-log-webhook`, {
        method: "PATCH",
        headers,
        body: JSON.stringify({ endpoint, authorization: "Splunk x", enabled: true }),
      });
    const first = await start();
    await configure(first.url, dead.url);
    await fetch(`${first.url}/_emulator/events`, {
      method: "POST",
      headers,
      body: JSON.stringify({ kind: "permission-check", region: "eu", count: 250 }),
    });
    await expect.poll(() => dead.batches.length).toBe(1); // one is under way, the others wait
    first.child.kill("SIGKILL");
    expect(await first.exited).toBe("SIGKILL");
    await dead[Symbol.asyncDispose](); // refuses connections from now on
    const second = await start();
    await configure(second.url, siem.url);
    await expect.poll(() => siem.lines().length, { timeout: 20_000 }).toBe(250 + 3 + 3);
    expect(new Set(siem.lines()).size).toBe(256);
    expect(siem.lines()).toEqual(expect.arrayContaining(dead.lines()));
    expect(siem.batches[0]?.headers.authorization).toBe("Splunk x");
    second.child.kill("SIGTERM");
    expect(await second.exited).toBe(0);
  });

  test("serves the regions that it names, and those it is told to", async () => {
    const { child, exited, printed, output } = startCommand("--port", "0", "--region", "jp");
    const url = await printed(/^ {2}(http:\/\/127\.0\.0\.1:\d+)\/\{region\}$/m);
    await printed(/(Ctrl-C)/);
    expect(output()).toContain("regions us, eu, au, me, in, sg, global, jp;");
    const status = async (region: string) =>
      (await fetch(`${url}/${region}/v2/audit-log-webhook`, { headers })).status;
    expect([await status("jp"), await status("us"), await status("ue")]).toEqual([200, 200, 404]);
    await printed(/(documents no region "ue")/);
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });

  test("says so loudly when it is not on loopback", async () => {
    const { child, exited, printed, output } = startCommand("--port", "0", "--host", "0.0.0.0");
    await printed(/(Ctrl-C)/);
    expect(output()).toContain("everybody who reaches that address can use it");
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });

  test("takes knobs, faults and a token list from its flags", async () => {
    const tokens = join(folder, "tokens.json");
    const id = "00000000-0000-4000-8000-000000000000";
    writeFileSync(
      tokens,
      JSON.stringify([{ token: "kpat_only", organization: id, principal: { id, name: "Only" } }]),
    );
    const { child, exited, printed } = startCommand(
      "--port",
      "0",
      "--quiet",
      "--tokens",
      tokens,
      "--knob",
      "statusWords=openapi",
      "--fault",
      '{"region":"us","effect":{"kind":"status","status":503}}',
    );
    const url = await printed(/^(http\S+)\/\{region\}$/m);
    const status = async (region: string, token: string) => {
      const answer = await fetch(`${url}/${region}/v2/audit-log-webhook/status`, {
        headers: { authorization: `Bearer ${token}` },
      });
      return { code: answer.status, body: (await answer.json()) as Record<string, unknown> };
    };
    expect((await status("eu", "kpat_x")).code).toBe(401);
    expect((await status("us", "kpat_only")).code).toBe(503);
    expect(await status("eu", "kpat_only")).toEqual({
      code: 200,
      body: { webhook_enabled: false, webhook_status: "inactive" },
    });
    child.kill("SIGTERM");
    expect(await exited).toBe(0);
  });

  test.each([
    [["--port", "70000"], /from 0 to 65535/],
    [["--knob", "speed=1"], /no knob "speed"/],
    [["--knob", "retryProfile=never"], /Invalid option/],
    [["--fault", "{}"], /A fault is JSON such as/],
    [["--tokens", "/nowhere"], /token file \/nowhere .*ENOENT[\s\S]*JSON list/],
    [["--host", "192.0.2.1"], /can't listen on 192\.0\.2\.1/],
    [["--region", "E U"], /"E U" is no region's name/],
    [
      ["--fault", '{"region":"ue","effect":{"kind":"status","status":503}}', "--port", "0"],
      /no region "ue": did you mean "eu"/,
    ],
  ])("refuses %j with exit code 1 and a reason", async (args, reason) => {
    const { exitCode, stdout, stderr } = await commandLine(["emulator", ...args]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(reason);
  });
});

test("ends as a process when a fault can't be put in force", async () => {
  const fault = '{"region":"ue","effect":{"kind":"status","status":503}}';
  const { exited, output } = startCommand("--port", "0", "--fault", fault);
  expect(await exited).toBe(1);
  expect(output()).toMatch(/no region "ue"/);
});
