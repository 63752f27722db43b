import { describe, expect, test } from "vitest";
import {
  globalRegion,
  isKnownRegion,
  isWellFormedRegion,
  knownRegions,
  suggestRegion,
} from "../../src/konnect/regions.js";

describe("regions", () => {
  test("every documented region and the global host are well-formed", () => {
    for (const region of [...knownRegions, globalRegion]) {
      expect(isWellFormedRegion(region)).toBe(true);
    }
  });

  test.each([
    "",
    "EU",
    "eu.",
    "eu/../us",
    "-eu",
    "eu-",
    "eu--west",
    "1eu",
    "e".repeat(64),
    "eu west",
  ])("%j is not well-formed", (region) => {
    expect(isWellFormedRegion(region)).toBe(false);
  });

  test("a region that Konnect may add later is well-formed but unknown", () => {
    expect(isWellFormedRegion("jp")).toBe(true);
    expect(isKnownRegion("jp")).toBe(false);
  });

  test.each([
    ["eu-west-1", "eu"],
    ["EU", "eu"],
    ["uss", "us"],
    ["ue", "eu"],
    ["japan", undefined],
    ["AU", "au"],
    [" sg ", "sg"],
  ])("for %j it suggests %j", (region, suggestion) => {
    expect(suggestRegion(region)).toBe(suggestion);
  });
});
