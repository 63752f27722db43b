import { execFileSync } from "node:child_process";
import { mkdir, mkdtemp, rm, symlink, writeFile } from "node:fs/promises";
import { createServer, type RequestListener, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { commandLine } from "./command-line.js";

let cwd: string;
const servers: Server[] = [];

beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "pipes-"));
  for (const folder of ["piped", "endless", "whole"]) await mkdir(join(cwd, folder));
  execFileSync("mkfifo", [join(cwd, "pipe"), join(cwd, "piped", "manifest.json")]);
  await symlink("/dev/zero", join(cwd, "endless", "manifest.json"));
  const stack = { name: "a", workingDirectory: "stacks/a" };
  await writeFile(join(cwd, "whole", "manifest.json"), JSON.stringify({ stacks: { a: stack } }));
  const plan = { format_version: "1.2", resource_changes: [] };
  await writeFile(join(cwd, "plan.json"), JSON.stringify(plan));
});
afterEach(() => {
  for (const server of servers.splice(0)) {
    server.closeAllConnections();
    server.close();
  }
});
afterAll(() => rm(cwd, { recursive: true }));

const unbounded = ["drift", "--no-synth", "--output"];
const drift = [...unbounded.slice(0, 2), "--timeout", "500ms", "--output"];

// Without a bound each of these would run into the test's own time-out.
describe("a pipe that nobody writes to, or a file without an end", () => {
  test.each([
    ["GITOPS_TIMEOUT", [...drift, "piped"]],
    ["GITOPS_NO_STACKS", [...unbounded, "endless"]],
    ["GITOPS_TIMEOUT", [...drift, "whole", "--ignore", "pipe"]],
    ["GITOPS_IGNORE_FILE", [...unbounded, "whole", "--ignore", "/dev/zero"]],
    ["GITOPS_TIMEOUT", [...drift, "whole", "--html", "page.html", "--verification", "pipe"]],
    ["VERIFY_TIME_UP", ["verify", "--stack", "a", "--output", "piped", "--within", "500ms"]],
    ["EMULATOR_TOKENS_UNREADABLE", ["emulator", "--port", "0", "--tokens", "pipe"]],
    ["EMULATOR_STATE_UNREADABLE", ["emulator", "--port", "0", "--state", "pipe"]],
  ])("ends in %s: %j", async (code, args) => {
    const env = { KONNECT_TOKEN: "kpat_Zx81Qw77Pl" };
    const { stderr, exitCode } = await commandLine(args, { cwd, env });
    expect(stderr).toContain(code);
    expect(exitCode).toBe(1);
  });

  test("as a CA file is refused", async () => {
    const env = {
      KONNECT_TOKEN: "kpat_Zx81Qw77Pl",
      KONNECT_AUDIT_EXTRA_CA_CERTS: join(cwd, "pipe"),
    };
    const { stderr, exitCode } = await commandLine(["status", "--region", "eu"], { cwd, env });
    expect(stderr).toMatch(/KONNECT_CA\w*/);
    expect(exitCode).toBe(1);
  });

  test("as a TLS certificate ends with the command", async () => {
    const signal = AbortSignal.timeout(300);
    const tls = ["--tls-cert", "pipe", "--tls-key", "pipe"];
    const { stderr, exitCode } = await commandLine(
      ["listen", "--no-verify", "--port", "0", ...tls],
      { cwd, signal, env: { KONNECT_AUDIT_AUTHORIZATION: "Bearer Lk99Vv33Rt" } },
    );
    expect(stderr).toContain("RECEIVER_CERTIFICATE_UNUSABLE");
    expect(exitCode).toBe(1);
  });
});

describe("a pipe that nobody reads", () => {
  test("is an error as the place of a review", async () => {
    const { stderr, exitCode } = await commandLine(["review", "plan.json", "--markdown", "pipe"], {
      cwd,
    });
    expect(stderr).toContain("GITOPS_REPORT_UNWRITABLE");
    expect(exitCode).toBe(1);
  });

  test("is an error as a step's summary", async () => {
    const env = { GITHUB_STEP_SUMMARY: join(cwd, "pipe") };
    const { stderr, exitCode } = await commandLine(["review", "plan.json"], { cwd, env });
    expect(stderr).toContain("GITOPS_REPORT_UNWRITABLE");
    expect(exitCode).toBe(1);
  });
});

describe("adopt", () => {
  const silence: RequestListener = () => {};
  const drip: RequestListener = (_request, response) => {
    response.writeHead(200, { "content-type": "application/json" });
    const timer = setInterval(() => response.write(" "), 50);
    response.on("close", () => clearInterval(timer));
  };

  test.each([
    ["never answers", silence],
    ["answers without end", drip],
  ])("ends when its time is up at a Konnect that %s", async (_, listener) => {
    const server = createServer(listener);
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const { port } = server.address() as AddressInfo;
    const env = {
      KONNECT_TOKEN: "kpat_Zx81Qw77Pl",
      KONNECT_SERVER_URL: `http://127.0.0.1:${port}/{region}`,
    };
    const { stderr, exitCode } = await commandLine(["adopt", "--within", "500ms"], { cwd, env });
    expect(stderr).toContain("VERIFY_TIME_UP");
    expect(exitCode).toBe(1);
  });
});
