import { describe, expect, test } from "vitest";
import { commandLine } from "./command-line.js";

const env = {
  KONNECT_TOKEN: "kpat_option-values",
  KONNECT_AUDIT_AUTHORIZATION: "Bearer 7cd0f1a9e2",
};

/** Nothing is called: an option's value is read before. */
const durations = [
  [["verify", "--region", "eu"], "--within", "1ms to 7d"],
  [["verify", "--region", "eu"], "--every", "1ms to 7d"],
  [["status"], "--within", "1ms to 7d"],
  [["status"], "--max-age", "1ms to 3650d"],
  [["preflight", "--endpoint", "http://127.0.0.1:9/"], "--timeout", "1ms to 7d"],
  [["replay", "--region", "eu", "--since", "1h"], "--within", "1ms to 7d"],
  [["drift"], "--timeout", "100ms to 1d"],
  [["review", "plan.json"], "--timeout", "100ms to 1d"],
  [["listen"], "--for", "1ms to 7d"],
] as const;

describe.each(durations)("%j %s", (command, option, range) => {
  test.each(["0s", "0ms", "0.0001ms", "9999d", `${"9".repeat(400)}d`])(
    "can't be %s",
    async (text) => {
      const run = await commandLine([...command, `${option}=${text}`], { env });
      expect(run.stderr).toContain("(VERIFY_DURATION_OUT_OF_RANGE)");
      expect(run.stderr).toContain(`is out of range: it must be a duration from ${range}.`);
      expect(run.stderr).toContain(`${option} "${text.slice(0, 20)}`);
      expect(run.stdout).toBe("");
      expect(run.exitCode).toBe(1);
    },
  );

  test.each(["soon", "-5s", "1", "1e3s", ""])("can't be %j", async (text) => {
    const run = await commandLine([...command, `${option}=${text}`], { env });
    expect(run.stderr).toContain(`${option} "${text}" is no duration. (VERIFY_DURATION_MALFORMED)`);
    expect(run.exitCode).toBe(1);
  });
});

const numbers = [
  [["verify", "--region", "eu"], "--probes", "1 to 999", ["0", "1000", "1.5", "-1", "many"]],
  [["drift"], "--concurrency", "1 to 999", ["0", "1000", "1.5", "-1", "many"]],
  [["listen"], "--port", "0 to 65535", ["65536", "-1", "http"]],
  [["emulator"], "--port", "0 to 65535", ["65536", "-1", "http"]],
  [["listen"], "--min-severity", "0 to 10", ["11", "-1", "high"]],
] as const;

describe.each(numbers)("%j %s", (command, option, range, refused) => {
  test.each([...refused])("can't be %s", async (text) => {
    const run = await commandLine([...command, `${option}=${text}`], { env });
    expect(run.stderr).toContain(`It must be a whole number from ${range}.`);
    expect(run.exitCode).toBe(1);
  });
});

describe("what hangs is left behind when the result is printed", () => {
  const unreachable = { ...env, KONNECT_SERVER_URL: "http://127.0.0.1:9/{region}" };

  test.each([
    [["verify", "--region", "eu", "--within", "1s"]],
    [["status", "--region", "eu", "--within", "1s"]],
    [["preflight", "--endpoint", "http://127.0.0.1:9/", "--timeout", "1s"]],
    [["replay", "--region", "eu", "--since", "1h", "--within", "1s"]],
  ])("%j", async ([...args]) => {
    let calls = 0;
    const leaveBehind = () => {
      calls += 1;
    };
    const run = await commandLine(args, { env: unreachable, leaveBehind });
    expect(run.stdout).not.toBe("");
    expect(run.exitCode).toBe(1);
    expect(calls).toBe(1);
  });
});
