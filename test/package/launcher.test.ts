import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join } from "node:path";
import { runInNewContext } from "node:vm";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { launcherScript, nodeVersionGuard } from "../../src/package/index.js";

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "konnect-audit launcher-"));
  writeFileSync(join(folder, "launcher"), launcherScript(), { mode: 0o755 });
  writeFileSync(
    join(folder, "provider.cjs"),
    "console.log(JSON.stringify({ pid: process.pid, env: process.env }));",
  );
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

const nodeFolder = dirname(process.execPath);

function launch(env: Record<string, string>) {
  return spawnSync(join(folder, "launcher"), { encoding: "utf8", env });
}

describe("launcherScript", () => {
  test("becomes Node itself, because Terraform ends the provider by its process id", () => {
    const result = launch({ PATH: `${nodeFolder}:/usr/bin:/bin` });
    expect(result.stderr).toBe("");
    expect(JSON.parse(result.stdout).pid).toBe(result.pid);
  });

  test("keeps what changes or slows a start of Node away from it, and hands certificates on", () => {
    const { stdout } = launch({
      PATH: `${nodeFolder}:/usr/bin:/bin`,
      NODE_OPTIONS: "--require=/does/not/exist.js",
      NODE_EXTRA_CA_CERTS: "/etc/company ca.pem",
      NODE_TLS_REJECT_UNAUTHORIZED: "0",
      NODE_PATH: "/does/not/exist",
      NODE_DEBUG: "tls,net",
      NODE_CHANNEL_FD: "99",
      SSLKEYLOGFILE: join(folder, "keys"),
      KONNECT_TOKEN: "kept",
    });
    const { env } = JSON.parse(stdout);
    expect(env).toMatchObject({
      KONNECT_TOKEN: "kept",
      KONNECT_AUDIT_EXTRA_CA_CERTS: "/etc/company ca.pem",
    });
    const ofNode = Object.keys(env).filter((name) => /^(NODE_|SSL)/.test(name));
    expect(ofNode).toEqual([]);
  });

  test("takes the Node.js that KONNECT_AUDIT_NODE names", () => {
    const { stdout } = launch({ PATH: "/usr/bin:/bin", KONNECT_AUDIT_NODE: process.execPath });
    expect(JSON.parse(stdout).env.KONNECT_AUDIT_NODE).toBe(process.execPath);
  });

  test.each(["no-such-node", "no such $(node) \\n", "-n"])(
    "says in the first line of both streams what to install when there is no Node.js called %j",
    (node) => {
      const result = launch({ PATH: "/usr/bin:/bin", KONNECT_AUDIT_NODE: node });
      expect(result.status).toBe(1);
      expect(result.stdout.split("\n")).toEqual([expect.stringContaining(`"${node}"`), ""]);
      expect(result.stdout).toMatch(/^The konnectaudit provider needs Node\.js 20\.19 or newer/);
      expect(result.stdout).toContain("KONNECT_AUDIT_NODE");
      expect(result.stderr).toBe(result.stdout);
    },
  );
});

describe("nodeVersionGuard", () => {
  function guard(version: string) {
    const [shown, logged]: [string[], string[]] = [[], []];
    const exits: number[] = [];
    runInNewContext(nodeVersionGuard(), {
      process: {
        versions: { node: version },
        execPath: "/opt/node/bin/node",
        stdout: { write: (text: string) => shown.push(text) },
        stderr: { write: (text: string) => logged.push(text) },
        exit: (code: number) => exits.push(code),
      },
    });
    return { shown: shown.join(""), logged: logged.join(""), exits };
  }

  test.each(["20.19.0", "20.20.2", "22.1.0", "100.0.0"])("lets Node.js %s pass", (version) => {
    expect(guard(version)).toEqual({ shown: "", logged: "", exits: [] });
  });

  test.each(["20.18.1", "18.20.0", "9.11.2"])("stops at Node.js %s, naming it", (version) => {
    const { shown, logged, exits } = guard(version);
    expect(exits).toEqual([1]);
    expect(shown).toMatch(/^The konnectaudit provider needs [^\n]*\n$/);
    expect(shown).toContain(`/opt/node/bin/node is ${version}`);
    expect(logged).toBe(shown);
  });
});
