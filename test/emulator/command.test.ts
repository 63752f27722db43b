import { type ChildProcessByStdio, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import type { Readable } from "node:stream";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";

const root = resolve(import.meta.dirname, "../..");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-command-"));
});

afterAll(() => {
  rmSync(folder, { recursive: true });
});

/** `konnect-audit emulator` as a process of its own. */
function startCommand(...args: string[]) {
  const child: ChildProcessByStdio<null, Readable, Readable> = spawn(
    process.execPath,
    ["--import", "tsx", "src/cli/main.ts", "emulator", ...args],
    { cwd: root, stdio: ["ignore", "pipe", "pipe"] },
  );
  let output = "";
  const seen = (stream: Readable) => stream.on("data", (chunk) => (output += String(chunk)));
  seen(child.stdout);
  seen(child.stderr);
  const exited = new Promise<number | NodeJS.Signals>((ended) => {
    child.on("close", (code, signal) => ended(code ?? signal ?? -1));
  });
  const printed = async (pattern: RegExp) => {
    await expect.poll(() => output, { timeout: 20_000 }).toMatch(pattern);
    return pattern.exec(output)?.[1] ?? "";
  };
  return { child, exited, printed, output: () => output };
}

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
  ])("refuses %j with exit code 1 and a reason", async (args, reason) => {
    const { exitCode, stdout, stderr } = await commandLine(["emulator", ...args]);
    expect(exitCode).toBe(1);
    expect(stdout).toBe("");
    expect(stderr).toMatch(reason);
  });
});
