import fc from "fast-check";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import type { ObjectValue } from "../../../src/terraform/cty/value.js";
import { Diagnostics } from "../../../src/terraform/engine/diagnostics.js";
import type { Rule, Schema } from "../../../src/terraform/index.js";
import { validate } from "../../../src/terraform/schema/checks.js";
import { fromZod } from "../../../src/terraform/schema/from-zod.js";

const even: Rule = (value) => (Number(value) % 2 === 0 ? undefined : "must be even");

const sample = z
  .object({
    name: z
      .string()
      .min(2)
      .max(4)
      .regex(/^[a-c]+$/, "must be made of a, b and c")
      .meta({ description: "Its name.", requiresReplace: true }),
    mode: z.enum(["fast", "slow"]).default("fast"),
    count: z.int().min(1).max(5).optional(),
    ratio: z.number().gt(0).lt(1).nullable(),
    parity: z
      .number()
      .refine((value) => value % 2 === 0)
      .meta({ rules: ["even"] }),
    tags: z.array(z.string().max(2)).min(1).meta({ collection: "set" }).optional(),
    codes: z.array(z.enum(["x", "y"])),
    labels: z.record(z.string(), z.string().length(1)),
    retry: z.object({ attempts: z.int32().min(1) }).optional(),
    rules: z.array(z.object({ port: z.uint32() })),
    token: z.string().optional().meta({ writeOnly: true, sensitive: true }),
    etag: z.string().optional().meta({ computed: true, useStateForUnknown: true }),
    either: z.string().optional().meta({ computed: true, optional: true }),
  })
  .meta({ description: "A sample." });

const schema = fromZod("sample", sample, { version: 3 });

describe("a schema from zod", () => {
  test("is plain JSON", () => {
    expect(JSON.parse(JSON.stringify(schema))).toEqual(schema);
    expect(schema).toMatchObject({ version: 3, description: "A sample." });
  });

  test("says what may be configured, and keeps the metadata", () => {
    expect(schema.attributes).toMatchObject({
      name: { type: "string", required: true, description: "Its name.", requiresReplace: true },
      mode: { type: "string", optional: true, computed: true, default: "fast" },
      count: { type: "number", optional: true },
      ratio: { type: "number", optional: true },
      tags: { type: ["set", "string"], optional: true },
      codes: { type: ["list", "string"], required: true },
      labels: { type: ["map", "string"], required: true },
      retry: { type: { nesting: "single", attributes: { attempts: { required: true } } } },
      rules: { type: { nesting: "list", attributes: { port: { type: "number" } } } },
      token: { optional: true, writeOnly: true, sensitive: true },
      etag: { computed: true, useStateForUnknown: true },
      either: { optional: true, computed: true },
    });
    expect(schema.attributes.etag?.optional).toBeUndefined();
    expect(schema.attributes.count?.computed).toBeUndefined();
  });

  test("has the values of the zod object, null where it has undefined", () => {
    type Values = typeof schema extends Schema<infer V> ? V : never;
    expectTypeOf<Values["name"]>().toEqualTypeOf<string>();
    expectTypeOf<Values["mode"]>().toEqualTypeOf<"fast" | "slow">();
    expectTypeOf<Values["count"]>().toEqualTypeOf<number | null>();
    expectTypeOf<Values["retry"]>().toEqualTypeOf<{ attempts: number } | null>();
    expectTypeOf<Values["tags"]>().toEqualTypeOf<string[] | null>();
  });

  test("accepts and refuses exactly what zod does", () => {
    // Mostly good values: a sample is only accepted when all of its parts are.
    const mostly = <T>(good: fc.Arbitrary<T>, ...bad: T[]) =>
      fc.oneof({ weight: 12, arbitrary: good }, { weight: 1, arbitrary: fc.constantFrom(...bad) });
    const record = <T>(model: { [Name in keyof T]: fc.Arbitrary<T[Name]> }) =>
      fc.record(model, { noNullPrototype: true });
    const short = mostly(fc.stringMatching(/^[a-c]$/), "", "abc");
    const any = fc.record(
      {
        name: mostly(fc.stringMatching(/^[a-c]{2,4}$/), "", "a", "abcab", "abd"),
        mode: mostly(fc.constantFrom("fast", "slow"), "stop"),
        count: mostly(fc.integer({ min: 1, max: 5 }), 0, 6, 1.5),
        ratio: mostly(fc.double({ min: 0.1, max: 0.9, noNaN: true }), 0, 1, -1),
        parity: mostly(fc.constantFrom(0, 2, 4), 1),
        tags: mostly(fc.array(short, { minLength: 1, maxLength: 2 }), []),
        codes: fc.array(mostly(fc.constantFrom("x", "y"), "z"), { maxLength: 2 }),
        labels: fc.dictionary(fc.constantFrom("a", "b"), short, { noNullPrototype: true }),
        retry: record({ attempts: mostly(fc.integer({ min: 1, max: 9 }), 0, 2.5, 2 ** 31) }),
        rules: fc.array(record({ port: mostly(fc.nat({ max: 9 }), -1, 2 ** 32) }), {
          maxLength: 2,
        }),
      },
      {
        requiredKeys: ["name", "ratio", "parity", "codes", "labels", "rules"],
        noNullPrototype: true,
      },
    );
    const verdicts = new Set<boolean>();
    fc.assert(
      fc.property(any, (value) => {
        const parsed = sample.safeParse(value);
        const diagnostics = new Diagnostics();
        validate(schema.attributes, value as ObjectValue, { even }, diagnostics);
        expect(diagnostics.all.map(({ summary }) => summary).length > 0).toBe(!parsed.success);
        const places = (paths: readonly (readonly PropertyKey[])[]) =>
          [...new Set(paths.map((path) => JSON.stringify(path)))].sort();
        expect(places(diagnostics.all.map(({ path = [] }) => path))).toEqual(
          places(parsed.error?.issues.map(({ path }) => path) ?? []),
        );
        verdicts.add(parsed.success);
      }),
      { numRuns: 3000 },
    );
    expect(verdicts).toEqual(new Set([true, false]));
  });

  test.each([
    ["a refinement without a named rule", z.string().refine((text) => text !== "x")],
    ["a transform", z.string().transform((text) => text.length)],
    ["a union", z.union([z.string(), z.number()])],
    ["a format that is more than a pattern", z.url()],
    ["a multiple", z.number().multipleOf(3)],
    ["an enum of mixed kinds", z.literal(["a", 1])],
    ["a write-only computed value", z.string().meta({ writeOnly: true, computed: true })],
  ])("refuses %s, with the place", (_, type) => {
    expect(() => fromZod("thing", z.object({ inner: z.object({ bad: type }) }))).toThrow(
      /^thing, attribute inner(\.bad)?: /,
    );
  });
});
