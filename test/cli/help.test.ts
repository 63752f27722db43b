import { describe, expect, test } from "vitest";
import { commandLine } from "./command-line.js";

const commands = [
  ...["verify", "status", "preflight", "replay", "drift", "review"],
  ...["install", "listen", "events", "emulator"],
];

describe("konnect-audit --help", () => {
  test("lists every command", async () => {
    const { stdout, exitCode } = await commandLine(["--help"]);
    expect(exitCode).toBe(0);
    for (const command of commands) expect(stdout).toMatch(new RegExp(`^ {2}${command}\\b`, "m"));
  });

  test.each(commands)(
    "explains %s, within a terminal's width, on standard output",
    async (command) => {
      const { stdout, stderr, exitCode } = await commandLine([command, "--help"]);
      expect(exitCode).toBe(0);
      expect(stderr).toBe("");
      expect(stdout).toMatch(new RegExp(`^Usage: konnect-audit ${command}`));
      expect(stdout).not.toContain("[]");
      expect(stdout.split("\n").filter((line) => line.length > 120)).toEqual([]);
    },
  );

  test.each([
    [["nonsense"], /unknown command 'nonsense'/],
    [["drift", "--healt", "off"], /unknown option .--healt.[\s\S]*Did you mean --health/],
    [["drift", "--concurrency", "0"], /whole number from 1 to 999/],
    [["drift", "--health", "maybe"], /Allowed choices are on, off/],
  ])("answers %j with what is wrong, and 1", async (args, message) => {
    const { stderr, exitCode } = await commandLine(args);
    expect(exitCode).toBe(1);
    expect(stderr).toMatch(message);
  });
});
