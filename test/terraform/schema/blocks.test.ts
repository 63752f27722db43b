import fc from "fast-check";
import protobuf from "protobufjs";
import { describe, expect, expectTypeOf, test } from "vitest";
import * as z from "zod";
import { type ObjectValue, UNKNOWN } from "../../../src/terraform/cty/value.js";
import { Diagnostics } from "../../../src/terraform/engine/diagnostics.js";
import {
  type Attribute,
  defineResource,
  encodeProviderSchema,
  type Schema,
} from "../../../src/terraform/index.js";
import { validate } from "../../../src/terraform/schema/checks.js";
import { fromZod } from "../../../src/terraform/schema/from-zod.js";
import { objectTypeOf } from "../../../src/terraform/schema/object-type.js";
import { isBlock, isNested } from "../../../src/terraform/schema/schema.js";
import { verifySchema } from "../../../src/terraform/schema/verify.js";
import { anyAttributes } from "../engine/arbitrary-schema.js";
import { providerOf } from "../engine/rpc-client.js";

const firewall = z.object({
  name: z.string(),
  rule: z
    .array(
      z.object({
        port: z.int().min(1),
        match: z.array(z.object({ header: z.string() })).meta({ block: true, collection: "set" }),
      }),
    )
    .min(1)
    .max(2)
    .meta({ block: true, description: "What is let in.", requiresReplace: true }),
  timeouts: z
    .object({ read: z.number().optional() })
    .optional()
    .meta({ block: true, deprecationMessage: "Use name." }),
  owner: z.object({ team: z.string() }).meta({ block: true }),
  label: z.record(z.string(), z.object({ text: z.string() })).meta({ block: true }),
});
const schema = fromZod("firewall", firewall);

describe("blocks in a zod object", () => {
  test("are nested types with the metadata `block`, bounded by their length checks", () => {
    expect(schema.attributes).toEqual({
      name: { type: "string", required: true },
      rule: {
        description: "What is let in.",
        requiresReplace: true,
        checks: [
          { kind: "length", min: 1 },
          { kind: "length", max: 2 },
        ],
        type: {
          nesting: "list",
          block: true,
          attributes: {
            port: schema.attributes.rule && expect.objectContaining({ type: "number" }),
            match: {
              type: {
                nesting: "set",
                block: true,
                attributes: { header: { type: "string", required: true } },
              },
            },
          },
        },
      },
      timeouts: {
        optional: true,
        deprecationMessage: "Use name.",
        type: {
          nesting: "single",
          block: true,
          attributes: { read: { type: "number", optional: true } },
        },
      },
      owner: {
        required: true,
        type: {
          nesting: "single",
          block: true,
          attributes: { team: { type: "string", required: true } },
        },
      },
      label: {
        type: {
          nesting: "map",
          block: true,
          attributes: { text: { type: "string", required: true } },
        },
      },
    });
  });

  test("have values that are null for an absent single block only", () => {
    type Values = typeof schema extends Schema<infer V> ? V : never;
    expectTypeOf<Values["rule"]>().toEqualTypeOf<{ port: number; match: { header: string }[] }[]>();
    expectTypeOf<Values["timeouts"]>().toEqualTypeOf<{ read: number | null } | null>();
  });

  test("have the same type as nested attributes", () => {
    expect(objectTypeOf(schema.attributes)).toMatchObject([
      "object",
      { rule: ["list", ["object", { match: ["set", ["object", { header: "string" }]] }]] },
    ]);
  });

  const object = z.object({ x: z.string().optional() });
  test.each([
    ["never null", z.array(object).optional().meta({ block: true })],
    ["only objects", z.array(z.string()).meta({ block: true })],
    ["only objects", z.string().meta({ block: true })],
    ["belongs to the array", z.array(object.meta({ block: true }))],
    ["cannot be computed", z.array(object).meta({ block: true, computed: true })],
    ["nor have a default", z.array(object).default([]).meta({ block: true })],
    ["cannot be computed", object.meta({ block: true, sensitive: true })],
    ["in an attribute", z.object({ inner: object.meta({ block: true }) })],
    [
      "cannot be in a set",
      z
        .array(z.object({ x: z.string().optional().meta({ writeOnly: true }) }))
        .meta({ block: true, collection: "set" }),
    ],
  ])("are refused when %s", (message, type) => {
    expect(() => fromZod("thing", z.object({ bad: type }))).toThrow(message);
  });

  test.each<[string, Attribute]>([
    [
      "length checks say",
      { optional: true, type: { nesting: "list", block: true, attributes: {} } },
    ],
    ["must be required", { type: { nesting: "single", block: true, attributes: {} } }],
    [
      "lists and sets only",
      {
        checks: [{ kind: "length", max: 3 }],
        type: { nesting: "map", block: true, attributes: {} },
      },
    ],
  ])("are refused when written by hand against the rule: %s", (message, bad) => {
    expect(() => verifySchema("thing", { version: 0, attributes: { bad } })).toThrow(message);
  });
});

describe("validation", () => {
  const findings = (config: object) => {
    const diagnostics = new Diagnostics();
    const all = { name: "n", rule: [{ port: 1, match: [] }], timeouts: null, label: {}, ...config };
    validate(schema.attributes, all as ObjectValue, {}, diagnostics);
    return diagnostics.all.map(({ severity, path }) => [severity, path]);
  };

  test("bounds the number of blocks and looks into each", () => {
    expect(findings({})).toEqual([]);
    expect(findings({ rule: [] })).toEqual([["error", ["rule"]]]);
    const rule = { port: 1, match: [] };
    expect(findings({ rule: [rule, rule, { port: 0, match: [] }] })).toEqual([
      ["error", ["rule"]],
      ["error", ["rule", 2, "port"]],
    ]);
  });

  test("passes dynamic blocks of unknown number", () => {
    expect(findings({ rule: UNKNOWN, timeouts: UNKNOWN })).toEqual([]);
  });

  test("warns of a deprecated block only where it is written", () => {
    expect(findings({ timeouts: { read: null } })).toEqual([["warning", ["timeouts"]]]);
    const old: Schema["attributes"] = {
      old: {
        deprecationMessage: "Use new.",
        type: { nesting: "list", block: true, attributes: {} },
      },
    };
    const warnings = (value: ObjectValue) => {
      const diagnostics = new Diagnostics();
      validate(old, value, {}, diagnostics);
      return diagnostics.all.length;
    };
    expect([warnings({ old: [] }), warnings({ old: [{}] })]).toEqual([0, 1]);
  });
});

describe("the answer to GetProviderSchema", () => {
  // Plugin protocol 6 as the oracle knows it.
  const Answer = protobuf
    .parse(
      `syntax = "proto3";
       message Attribute {
         string name = 1; bytes type = 2; bool required = 4; bool optional = 5; bool computed = 6;
         bool write_only = 11; Object nested_type = 10;
       }
       message Object { repeated Attribute attributes = 1; int64 nesting = 3; }
       message NestedBlock {
         string type_name = 1; Block block = 2; int64 nesting = 3; int64 min_items = 4;
         int64 max_items = 5;
       }
       message Block {
         int64 version = 1; repeated Attribute attributes = 2; repeated NestedBlock block_types = 3;
         string description = 4; int64 description_kind = 5; bool deprecated = 6;
       }
       message Schema { int64 version = 1; Block block = 2; }
       message Answer { map<string, Schema> resource_schemas = 2; }`,
      { keepCase: true },
    )
    .root.lookupType("Answer");
  const nestings = { single: 1, list: 2, set: 3, map: 4 };

  const read = (answered: Schema<Record<string, unknown>>) => {
    const resource = defineResource<Record<string, unknown>, undefined>({
      type: "test_thing",
      schema: answered,
      create: ({ planned }) => planned,
      read: ({ state }) => state,
      delete: () => undefined,
    });
    const bytes = encodeProviderSchema(providerOf({ resources: [resource] }));
    const options = { longs: Number, bytes: String, defaults: true };
    return Answer.toObject(Answer.decode(bytes), options).resource_schemas.test_thing.block;
  };

  const expectedBlock = (attributes: Schema["attributes"]): object => ({
    version: 0,
    description: "",
    description_kind: 1,
    deprecated: false,
    attributes: expectedAttributes(attributes),
    block_types: Object.entries(attributes).flatMap(([name, { type, required, checks = [] }]) => {
      if (!isBlock(type)) return [];
      const [bounds] = checks.flatMap((check) => (check.kind === "length" ? [check] : []));
      return {
        type_name: name,
        nesting: nestings[type.nesting],
        min_items: required ? 1 : (bounds?.min ?? 0),
        max_items: required ? 1 : (bounds?.max ?? 0),
        block: expectedBlock(type.attributes),
      };
    }),
  });
  const expectedAttributes = (attributes: Schema["attributes"]): object[] =>
    Object.entries(attributes).flatMap(([name, attribute]) => {
      const { type } = attribute;
      if (isBlock(type)) return [];
      return {
        name,
        type: Buffer.from(isNested(type) ? "" : JSON.stringify(type)).toString("base64"),
        required: attribute.required ?? false,
        optional: attribute.optional ?? false,
        computed: attribute.computed ?? false,
        write_only: attribute.writeOnly ?? false,
        nested_type: isNested(type)
          ? { attributes: expectedAttributes(type.attributes), nesting: nestings[type.nesting] }
          : null,
      };
    });

  test("has the blocks of any schema beside its attributes, in every depth", () => {
    let blocks = 0;
    fc.assert(
      fc.property(anyAttributes, (attributes) => {
        blocks += Object.values(attributes).filter(({ type }) => isBlock(type)).length;
        expect(read({ version: 0, attributes })).toEqual(expectedBlock(attributes));
      }),
    );
    expect(blocks).toBeGreaterThan(0);
  });

  test("describes blocks, and says which are deprecated", () => {
    expect(read(schema as unknown as Schema<Record<string, unknown>>).block_types).toMatchObject([
      { type_name: "rule", min_items: 1, max_items: 2, block: { description: "What is let in." } },
      { type_name: "timeouts", min_items: 0, max_items: 0, block: { deprecated: true } },
      { type_name: "owner", min_items: 1, max_items: 1 },
      { type_name: "label", min_items: 0, max_items: 0 },
    ]);
  });
});
