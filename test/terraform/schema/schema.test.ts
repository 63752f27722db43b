import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../src/terraform/cty/value.js";
import { Diagnostics } from "../../../src/terraform/engine/diagnostics.js";
import {
  type Attribute,
  defineProvider,
  defineResource,
  encodeProviderSchema,
} from "../../../src/terraform/index.js";
import { validate } from "../../../src/terraform/schema/checks.js";
import { verifySchema } from "../../../src/terraform/schema/verify.js";
import { decode } from "../../../src/terraform/wire/message.js";
import { rpcs, SchemaObject } from "../../../src/terraform/wire/tfplugin6.js";

const verify = (attribute: Attribute, name = "x") =>
  verifySchema("thing", { version: 0, attributes: { [name]: attribute } });
const nested = (nesting: "set" | "list", attribute: Attribute): Attribute => ({
  type: { nesting, attributes: { inner: attribute } },
  optional: true,
});

describe("a contradictory schema", () => {
  test.each<[string, Attribute]>([
    ["must be required, optional or computed", { type: "string" }],
    ["required excludes", { type: "string", required: true, computed: true }],
    ["a default needs", { type: "string", optional: true, default: "x" }],
    ["the default does not fit", { type: "bool", optional: true, computed: true, default: "x" }],
    ["cannot be computed", { type: "string", computed: true, writeOnly: true }],
    ["cannot be in a set", nested("set", { type: "string", optional: true, writeOnly: true })],
    [
      "a default cannot be in a set",
      nested("set", { type: "string", optional: true, computed: true, default: "x" }),
    ],
    ["needs computed", { type: "string", optional: true, useStateForUnknown: true }],
    ["elementChecks need", { type: "string", optional: true, elementChecks: [] }],
    ["a dynamic type cannot", { type: ["list", "dynamic"], optional: true }],
    ["a dynamic type cannot", nested("list", { type: "dynamic", optional: true })],
  ])("is refused: %s", (message, attribute) => {
    expect(() => verify(attribute)).toThrow(message);
  });

  test("is refused for its names and its version", () => {
    expect(() => verify({ type: "string", optional: true }, "camelCase")).toThrow(
      "attribute camelCase",
    );
    expect(() => verifySchema("thing", { version: -1, attributes: {} })).toThrow("whole number");
  });
});

describe("the tables", () => {
  const check = (attribute: Attribute, value: never, rules = {}) => {
    const diagnostics = new Diagnostics();
    validate({ x: attribute }, { x: value }, rules, diagnostics);
    return diagnostics.all.map(({ severity, detail }) => `${severity}: ${detail}`);
  };

  test("pass what is null or unknown, at any depth", () => {
    const strict: Attribute = {
      type: "string",
      optional: true,
      checks: [{ kind: "enum", values: [] }],
    };
    expect(check(strict, null as never)).toEqual([]);
    expect(check(strict, UNKNOWN as never)).toEqual([]);
    expect(check(nested("list", strict), [{ inner: UNKNOWN }, UNKNOWN] as never)).toEqual([]);
  });

  test("take numbers beyond 2^53 for what they are", () => {
    const whole: Attribute = {
      type: "number",
      optional: true,
      checks: [{ kind: "integer" }, { kind: "range", max: 10 }],
    };
    expect(check(whole, (2n ** 70n) as never)).toEqual(["error: x must be at most 10."]);
  });

  test("warn of what is deprecated, with its remedy", () => {
    const old: Attribute = { type: "string", optional: true, deprecationMessage: "Use y." };
    expect(check(old, "v" as never)).toEqual(["warning: Use y."]);
    expect(check(old, null as never)).toEqual([]);
  });
});

describe("the answer to GetProviderSchema", () => {
  test("has each attribute as Terraform needs it", () => {
    const resource = defineResource({
      type: "test_thing",
      schema: {
        version: 4,
        description: "*A* thing.",
        attributes: {
          tags: { type: ["set", "string"], optional: true, sensitive: true },
          retry: {
            optional: true,
            deprecationMessage: "Gone soon.",
            type: { nesting: "map", attributes: { n: { type: "number", required: true } } },
          },
          token: { type: "string", optional: true, writeOnly: true },
        },
      },
      create: ({ planned }) => planned,
      read: ({ state }) => state,
      delete: () => undefined,
    });
    const answer = decode(
      rpcs.GetProviderSchema.response,
      encodeProviderSchema(
        defineProvider({
          type: "test",
          version: "1",
          schema: { version: 0, attributes: {} },
          configure: () => undefined,
          resources: [resource],
        }),
      ),
    );
    expect(answer.provider?.block).toBeDefined();
    const { version, block } = answer.resource_schemas.test_thing ?? {};
    expect([version, block?.version, block?.description]).toEqual([4, 4, "*A* thing."]);
    const [tags, retry, token] = block?.attributes ?? [];
    expect(Buffer.from(tags?.type ?? []).toString()).toBe('["set","string"]');
    expect(tags).toMatchObject({ name: "tags", optional: true, sensitive: true, computed: false });
    expect(retry).toMatchObject({ deprecated: true, type: new Uint8Array() });
    expect(decode(SchemaObject, retry?.nested_type ?? new Uint8Array())).toMatchObject({
      nesting: 4,
      attributes: [{ name: "n", required: true }],
    });
    expect(token).toMatchObject({ write_only: true });
  });
});
