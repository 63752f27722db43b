import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { commandLine } from "./command-line.js";

let cwd: string;
beforeAll(async () => {
  cwd = await mkdtemp(join(tmpdir(), "nothing-given-"));
  await writeFile(join(cwd, "words.ndjson"), "not an event\nnor this\n");
});
afterAll(() => rm(cwd, { recursive: true }));

const env = {
  KONNECT_TOKEN: "kpat_Zx81Qw77Pl",
  KONNECT_SERVER_URL: "http://127.0.0.1:9/{region}",
  KONNECT_AUDIT_AUTHORIZATION: "Bearer Lk99Vv33Rt",
};

describe("an option whose value is empty, as that of a variable that is not set", () => {
  test.each([
    ["verify", "--region", "eu", "--receiver"],
    ["verify", "--region", "eu", "--report"],
    ["verify", "--region"],
    ["replay", "--region", "eu", "--since", "1h", "--receiver"],
    ["preflight", "--endpoint-env"],
    ["adopt", "--out"],
    ["drift", "--no-synth", "--ignore"],
    ["drift", "--no-synth", "--html"],
    ["drift", "--no-synth", "--output"],
    ["review", "plan.json", "--markdown"],
    ["install", "--into"],
    ["install", "--remove", "--mirror"],
    ["listen", "--no-verify", "--port", "0", "--store"],
    ["listen", "--no-verify", "--port", "0", "--configure"],
    ["listen", "--no-verify", "--port", "0", "--give-back"],
    ["listen", "--no-verify", "--port", "0", "--host"],
    ["listen", "--port", "0", "--jwks"],
    ["listen", "--no-verify", "--port", "0", "--tls-key", "key.pem", "--tls-cert"],
    ["events", "verify", "words.ndjson", "--jwks"],
    ["events", "verify", "words.ndjson", "--region"],
    ["emulator", "--port", "0", "--state"],
    ["emulator", "--port", "0", "--tokens"],
  ])("is refused: %s %s %s %s %s %s %s", async (...given) => {
    const args = given.filter((each) => each !== undefined);
    for (const value of ["", "  "]) {
      // A server that starts all the same is stopped, so that the test fails at once.
      const stop = new AbortController();
      const run = await commandLine([...args, value], {
        cwd,
        env,
        signal: stop.signal,
        onStderr: (text) => text.includes("endpoint to") && stop.abort(),
      });
      expect(run.stderr).toMatch(/^error: option '--\S+ <.*' was given nothing/);
      expect(run.exitCode).toBe(1);
    }
  });

  test("is taken where it stands before a value", async () => {
    const args = ["preflight", "--endpoint", "http://127.0.0.1:9/", "--authorization-prefix", ""];
    const { stderr, stdout } = await commandLine([...args, "--timeout", "2s"], { cwd, env });
    expect(stderr).toBe("");
    expect(stdout).toContain("inconclusive");
  });
});

describe("lines that are no events", () => {
  test("end events parse with exit code 1", async () => {
    const { stderr, stdout, exitCode } = await commandLine(["events", "parse", "words.ndjson"], {
      cwd,
      env,
    });
    expect(stdout.split("\n")).toHaveLength(3);
    expect(stderr).toBe("no events in words.ndjson\n");
    expect(exitCode).toBe(1);
  });
});
