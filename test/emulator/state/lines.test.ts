import { mkdtempSync, readdirSync, rmSync, statSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import { readLines, replaceFile } from "../../../src/emulator/state/lines.js";

let folder: string;
let file: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "emulator-lines-"));
  file = join(folder, "lines");
});

afterEach(() => rmSync(folder, { recursive: true }));

const mebibyte = 1024 * 1024;

describe("a file of lines", () => {
  test("is read as it was written, piece by piece, wherever a character falls", () => {
    const line = fc
      .tuple(fc.nat(mebibyte), fc.string({ unit: "grapheme" }))
      .map(([length, end]) => "ß".repeat(length) + end.replaceAll("\n", ""));
    fc.assert(
      fc.property(fc.array(line, { maxLength: 4 }), (lines) => {
        replaceFile(file, lines, 0o600);
        expect([...readLines(file)]).toEqual(lines);
      }),
      { numRuns: 15 },
    );
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(readdirSync(folder)).toEqual(["lines"]);
  });

  test("has no line in what a kill left after its last line break", () => {
    writeFileSync(file, "whole\n\nwhole too\nhal");
    expect([...readLines(file)]).toEqual(["whole", "", "whole too"]);
    writeFileSync(file, "hal");
    expect([...readLines(file)]).toEqual([]);
  });

  test("stays as it was when its new content can't be had", () => {
    replaceFile(file, ["old"], 0o600);
    const broken = function* () {
      yield "new";
      throw new Error("no more");
    };
    expect(() => replaceFile(file, broken(), 0o600)).toThrow("no more");
    expect([...readLines(file)]).toEqual(["old"]);
    expect(readdirSync(folder)).toEqual(["lines"]);
  });
});
