import { mkdtemp, readdir, readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { hostilities, startHostileServer } from "../support/hostile-konnect.js";
import { leakOf, steeringOf } from "../support/spelled-secrets.js";
import { commandLine } from "./command-line.js";

const token = "kpat_Q7vexjkn9Zx4Kqwjuv2Vw";
const credential = "9Zqem+Cr3dynxial/W1jh+Sygns==";
const password = "hx0Yr-Vs3w.Pqssx0rd";
const secrets = [token, credential, password];

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "konnect-audit-leaks-"));
});
afterAll(() => rm(cwd, { recursive: true }));

/** What a run has shown: its streams, and every file that it wrote. */
async function shownBy(args: readonly string[], env: Record<string, string>) {
  const stop = new AbortController();
  const run = await commandLine(args, {
    cwd,
    env: { KONNECT_TOKEN: token, KONNECT_AUDIT_AUTHORIZATION: `Splunk ${credential}`, ...env },
    signal: stop.signal,
    // A receiver would run until it is stopped.
    onStderr: (text) => text.includes("endpoint to") && stop.abort(),
  });
  const shown: Record<string, string> = { stdout: run.stdout, stderr: run.stderr };
  for (const file of await readdir(cwd)) {
    shown[file] = await readFile(join(cwd, file), "utf8");
    await rm(join(cwd, file));
  }
  return shown;
}

// Our own: a zero-width space keeps Markdown from making a mention or a link of a word.
const ownZeroWidth = (place: string, text: string) =>
  place.endsWith(".md") ? text.replaceAll("\u200b", "") : text;

/** @returns `place: part` of each leak and each character that steers */
function faultsOf(shown: Record<string, string>): string[] {
  return Object.entries(shown).flatMap(([place, text]) =>
    [...secrets.map((secret) => leakOf(text, secret)), steeringOf(ownZeroWidth(place, text))]
      .filter((fault) => fault !== undefined)
      .map((fault) => `${place}: ${fault}`),
  );
}

const reports = ["r.json", "r.xml", "r.md", "r.html", "r.txt"];
const commands: readonly (readonly string[])[] = [
  ["status", "--region", "eu", "us"],
  ["status", "--region", "eu", "--json"],
  ["verify", "--region", "eu", "--within", "1s", "--report", ...reports],
  ["verify", "--region", "eu", "--within", "1s", "--json", "--expect", "log_format=json"],
  ["adopt", "--region", "eu", "--out", "-"],
  ["adopt", "--region", "eu", "--out", "stack.ts"],
  ["listen", "--port", "0", "--configure", "eu", "--region", "eu"],
  ["replay", "--region", "eu", "--since", "1h", "--within", "1s"],
  ["replay", "--region", "eu", "--since", "1h", "--within", "1s", "--json"],
];

describe("secrets and escapes of a hostile Konnect", { timeout: 60_000 }, () => {
  test.each(commands.map((args) => ({ name: args.join(" "), args })))(
    "are shown nowhere by $name",
    async ({ args }) => {
      await using konnect = await startHostileServer(secrets.slice(0, 2));
      for (const hostility of hostilities) {
        konnect.become(hostility);
        const shown = await shownBy(args, { KONNECT_SERVER_URL: `${konnect.url}/{region}` });
        expect(Object.values(shown).join("")).not.toBe("");
        expect({ hostility, faults: faultsOf(shown) }).toEqual({ hostility, faults: [] });
      }
    },
  );
});

describe("secrets and escapes of a hostile SIEM", { timeout: 60_000 }, () => {
  test.each([["text", []] as const, ["JSON", ["--json"]] as const])(
    "are shown nowhere by preflight, as %s",
    async (_, format) => {
      await using siem = await startHostileServer([credential]);
      for (const hostility of hostilities) {
        siem.become(hostility);
        const args = ["preflight", "--endpoint", `${siem.url}/in`, ...format];
        const shown = await shownBy(args, {
          KONNECT_SERVER_URL: "https://{region}.konnect.invalid",
        });
        expect({ hostility, faults: faultsOf(shown) }).toEqual({ hostility, faults: [] });
      }
    },
  );
});

describe("secrets and escapes of a hostile proxy", () => {
  test.each([
    ["status", "--region", "eu"],
    ["verify", "--region", "eu", "--within", "1s", "--report", ...reports],
    ["adopt", "--region", "eu"],
    ["preflight", "--endpoint", "https://siem.invalid/in"],
  ])("are shown nowhere by %s", async (...args) => {
    await using proxy = await startHostileServer([password, token]);
    const shown = await shownBy(args, {
      KONNECT_SERVER_URL: "https://{region}.konnect.invalid",
      HTTPS_PROXY: `http://user:${password}@${proxy.host}`,
    });
    expect(faultsOf(shown)).toEqual([]);
  });
});
