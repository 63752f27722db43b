import { PassThrough } from "node:stream";
import { describe, expect, test } from "vitest";
import { colorsFor } from "../../src/cli/colors.js";
import type { CliIo } from "../../src/cli/io.js";
import { CleanUps } from "../../src/core/clean-ups.js";
import { systemClock } from "../../src/core/clock.js";

function io({ interactive = true, isTTY = true, env = {} }): CliIo {
  return {
    stdout: Object.assign(new PassThrough(), { isTTY }),
    stderr: new PassThrough(),
    env,
    signal: new AbortController().signal,
    cleanUps: new CleanUps(),
    watchParent: () => () => undefined,
    clock: systemClock,
    random: Math.random,
    cwd: process.cwd(),
    interactive,
    exitCode: () => undefined,
  };
}

describe("colours on stdout", () => {
  test("are there for a person at a terminal", () => {
    expect(colorsFor(io({})).green("well")).toBe("\u001b[32mwell\u001b[39m");
  });

  test.each([
    ["in CI", { interactive: false }],
    ["into a file or pipe", { isTTY: false }],
    ["against NO_COLOR", { env: { NO_COLOR: "1" } }],
  ])("are left out %s", (_name, setup) => {
    expect(colorsFor(io(setup)).green("well")).toBe("well");
  });
});
