import { describe, expect, test } from "vitest";
import { createLogger, type LogFields } from "../../../src/terraform/plugin/logger.js";
import { safeStack } from "../../../src/terraform/plugin/safe-stack.js";

function logged(write: (log: ReturnType<typeof createLogger>) => void): Record<string, unknown>[] {
  const lines: string[] = [];
  write(
    createLogger(
      "provider.test",
      (line) => lines.push(line),
      () => new Date(1e12),
    ),
  );
  expect(lines.every((line) => line.indexOf("\n") === line.length - 1)).toBe(true);
  return lines.map((line) => JSON.parse(line) as Record<string, unknown>);
}

describe("a log line", () => {
  test("is hclog's JSON with six decimals of a second", () => {
    expect(logged((log) => log.warn("slow\nanswer", { region: "eu" }))).toEqual([
      {
        "@level": "warn",
        "@message": "slow\nanswer",
        "@module": "provider.test",
        "@timestamp": "2001-09-09T01:46:40.000000Z",
        region: "eu",
      },
    ]);
  });

  test("keeps the fields that Terraform reads as strings, whatever the caller passes", () => {
    const names = { "@message": 1, "@level": {}, "@timestamp": null, "@caller": 1 };
    const hostile = names as unknown as LogFields;
    const [line] = logged((log) => log.info({} as unknown as string, hostile));
    expect(line).not.toHaveProperty("@caller");
    for (const name of ["@message", "@level", "@timestamp"])
      expect(line?.[name]).toBeTypeOf("string");
  });
});

describe("an error in a log or a crash report", () => {
  test("shows where it happened, but no message that may hold a payload", () => {
    const shown = safeStack(new Error("kpat_secret"));
    expect(shown).toMatch(/^Error\n\s+at .*logger\.test\.ts/);
    expect(shown).not.toContain("kpat_secret");
  });

  test("shows the message of the language's own errors, and the code of others", () => {
    expect(safeStack(new TypeError("x is not a function"))).toMatch(/^TypeError: x is not/);
    const coded = Object.assign(new TypeError("Received 'kpat_secret'"), { code: "ERR_INVALID" });
    expect(safeStack(coded)).toMatch(/^TypeError \(ERR_INVALID\)/);
    expect(safeStack(coded)).not.toContain("kpat_secret");
    expect(safeStack("kpat_secret")).toBe("a thrown string");
  });

  test("does not show a message that spans lines and imitates frames", () => {
    const error = new Error("first\n    at kpat_secret:1:1");
    expect(safeStack(error)).not.toContain("kpat_secret");
    error.message = "changed";
    expect(safeStack(error)).toContain("logger.test.ts");
    expect(safeStack(error)).not.toContain("kpat_secret");
  });

  test("does not show the message that it had when the stack was taken", () => {
    const error = new Error("Unexpected token in\n{ token: 'kpat_secret' }\nat position 1");
    error.message = "";
    expect(safeStack(error)).toMatch(/^Error\n\s+at .*logger\.test\.ts/);
    expect(safeStack(error)).not.toContain("kpat_secret");
  });
});
