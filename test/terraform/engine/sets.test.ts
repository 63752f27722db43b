import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../src/terraform/cty/value.js";
import { applyViolations } from "../../../src/terraform/engine/conformance.js";
import { planChange } from "../../../src/terraform/engine/plan.js";
import type { Attribute } from "../../../src/terraform/index.js";

const ports: Record<string, Attribute> = {
  ports: {
    optional: true,
    type: {
      nesting: "set",
      attributes: {
        number: { type: "number", required: true },
        weight: { type: "number", optional: true, computed: true },
      },
    },
  },
};

describe("elements of a set, which have no identity", () => {
  test("continue the prior ones so that no two become one", () => {
    const prior = {
      ports: [
        { number: 1, weight: 5 },
        { number: 1, weight: 7 },
      ],
    };
    const config = {
      ports: [
        { number: 1, weight: null },
        { number: 1, weight: 5 },
      ],
    };
    const { planned, hasChanges } = planChange(ports, { prior, config, proposed: config });
    expect(hasChanges).toBe(false);
    expect(planned.ports).toEqual([
      { number: 1, weight: 7 },
      { number: 1, weight: 5 },
    ]);
  });

  test("may turn out as anything where they were unknown, but not vanish or multiply", () => {
    const tags: Record<string, Attribute> = { tags: { type: ["set", "string"], computed: true } };
    const planned = { tags: ["a", UNKNOWN] };
    const violations = (result: string[]) =>
      applyViolations(tags, planned, { tags: result }).length;
    expect(violations(["b", "a"])).toBe(0);
    expect(violations(["a"])).toBe(0);
    expect(violations(["b", "c"])).toBe(1);
    expect(violations(["a", "b", "c"])).toBe(1);
  });
});
