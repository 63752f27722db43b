import { describe, expect, test } from "vitest";
import { exitCodes, overallOutcome } from "../../src/verifier/report.js";
import {
  type EvidenceLevel,
  evidenceLevels,
  levelsProvenBy,
  type Verdict,
  verdictMeanings,
  verdictNames,
} from "../../src/verifier/verdicts.js";

/** The exit code of one region's verdict by the evidence that is asked for: status, receiver, signature. */
const table: Readonly<
  Record<Verdict, readonly [status: number, receiver: number, signature: number]>
> = {
  delivered: [0, 0, 0],
  accepting: [0, 2, 2],
  retrying: [2, 2, 2],
  failing: [2, 2, 2],
  refused: [2, 2, 2],
  silent: [2, 2, 2],
  unverifiable: [2, 2, 2],
  misconfigured: [2, 2, 2],
  disabled: [2, 2, 2],
  unconfigured: [2, 2, 2],
};

function exitCode(verdict: Verdict, level: EvidenceLevel, signed = true): number {
  return exitCodes[levelsProvenBy(verdict, signed).includes(level) ? "passed" : "failed"];
}

describe("the exit code", () => {
  test.each(verdictNames)("of the verdict %s goes by the evidence that is asked for", (verdict) => {
    expect(evidenceLevels.map((level) => exitCode(verdict, level))).toEqual(table[verdict]);
  });

  test("of an unsigned delivery is 2 where a signature is asked for", () => {
    expect(evidenceLevels.map((level) => exitCode("delivered", level, false))).toEqual([0, 0, 2]);
  });

  test.each([
    [["passed", "passed"], 0],
    [["passed", "failed"], 2],
    [["passed", "error"], 1],
    [["failed", "error", "passed"], 1],
  ] as const)("of regions that %j is %i: what is inconclusive beats what failed", (all, code) => {
    expect(exitCodes[overallOutcome(all.map((outcome) => ({ outcome })))]).toBe(code);
  });

  test("and the meaning of every verdict are documented", () => {
    expect(Object.keys(verdictMeanings)).toEqual([...verdictNames]);
    expect(Object.keys(table)).toEqual([...verdictNames]);
  });
});
