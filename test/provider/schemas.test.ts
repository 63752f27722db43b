import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { type CatalogueEntry, catalogue } from "../../scripts/generate/catalogue.js";
import { konnectAuditProvider } from "../../src/provider/provider.js";
import { Diagnostics } from "../../src/terraform/engine/diagnostics.js";
import { validate } from "../../src/terraform/schema/checks.js";
import { type Attribute, isNested, type Schema } from "../../src/terraform/schema/schema.js";

const provider = konnectAuditProvider({ version: "0", env: {}, mintRevision: () => "" });
const { rules = {} } = provider;

/** The table that the provider works with. */
function tableOf({ kind, type }: Pick<CatalogueEntry, "kind" | "type">): Schema {
  if (kind === "provider") return provider.schema;
  const served = kind === "resource" ? provider.resources : (provider.dataSources ?? []);
  const found = served.find((each) => each.type === type);
  if (!found) throw new Error(`the provider does not serve the ${kind} ${type}`);
  return found.schema;
}

interface Row {
  name: string;
  attribute: Attribute;
  type: z.ZodType;
}

/** Every attribute of the provider, those inside of others too, with the zod type that it comes from. */
const rows = catalogue.flatMap((entry) =>
  rowsOf(`${entry.kind} ${entry.type}`, tableOf(entry).attributes, entry.object),
);

function rowsOf(owner: string, attributes: Schema["attributes"], object: z.ZodObject): Row[] {
  return Object.entries(attributes).flatMap(([name, attribute]) => {
    const path = `${owner}: ${name}`;
    const type = object.shape[name] as z.ZodType;
    if (!isNested(attribute.type)) return [{ name: path, attribute, type }];
    const element = (type as z.ZodArray<z.ZodObject>).element;
    return rowsOf(path, attribute.type.attributes, element);
  });
}

// Values near the border between right and wrong, and anything at all.
const seeds = [
  ...["us", "eu-west-1", "global", "EU", "eu ", "-eu", "x".repeat(64)],
  ...["https://siem.example.com/in?code=x", "http://127.0.0.1:8088", "http://siem.example.com"],
  ...["https://user@siem.example.com", "siem.example.com", "ftp://siem"],
  ...[
    "Bearer x",
    "Splunk kpat_x",
    "Bearer spat_x",
    "Bearer x\n",
    "",
    "  ",
    "Bearer é",
    "Bearer 日",
  ],
  ...["7f9fd312-a987-4628-b4c5-bb4f4fddd5f7", "7F9FD312A9874628B4C5BB4F4FDDD5F7", "siem"],
  ...["2026-11-22T14:00:00Z", "2026-11-31T14:00:00Z", "2026-11-22T14:00:00", "2026-11-22"],
  ...[
    "2026-11-22t14:00:00.123+01:00",
    "2026-11-22T25:00:00Z",
    "cef",
    "json",
    "cps",
    "CEF",
    "remove",
  ],
];
const texts = fc.oneof(
  fc.constantFrom(...seeds),
  fc.string({ unit: "binary" }),
  fc.tuple(fc.constantFrom(...seeds), fc.string(), fc.nat(40)).map(([seed, extra, at]) => {
    return seed.slice(0, at) + extra + seed.slice(at);
  }),
);
const numbers = fc.oneof(
  fc.integer({ min: -10, max: 1000 }),
  fc.maxSafeInteger(),
  fc.double({ noNaN: true, noDefaultInfinity: true }),
);
const valuesOfType: Record<string, fc.Arbitrary<string | number | boolean>> = {
  string: texts,
  number: numbers,
  bool: fc.boolean(),
};

function acceptedByTables({ attribute }: Row, value: string | number | boolean): boolean {
  const diagnostics = new Diagnostics();
  validate({ it: attribute }, { it: value }, rules, diagnostics);
  return !diagnostics.hasErrors;
}

describe("the generated tables", () => {
  test.each(rows.map((row) => [row.name, row] as const))(
    "and zod give the same answers for %s",
    (_, row) => {
      const values = valuesOfType[String(row.attribute.type)];
      if (!values) throw new Error(`no values for the type ${String(row.attribute.type)}`);
      fc.assert(
        fc.property(values, (value) => {
          expect(acceptedByTables(row, value)).toBe(row.type.safeParse(value).success);
        }),
        { numRuns: 300 },
      );
    },
  );

  test.each(rows.map((row) => [row.name, row] as const))(
    "and zod agree on whether %s may be left out, and what it is then",
    (_, { attribute, type }) => {
      const left = type.safeParse(undefined);
      if (attribute.required) expect(left.success).toBe(false);
      if (attribute.optional) expect(left.success).toBe(true);
      expect(left.data).toBe(attribute.default);
    },
  );

  test("have an attribute with each kind of rule, so that the comparison compares something", () => {
    const kinds = new Set(
      rows.flatMap(({ attribute }) => (attribute.checks ?? []).map((check) => check.kind)),
    );
    expect([...kinds].sort()).toEqual(["enum", "integer", "range", "rule"]);
    const refused = rows.filter((row) =>
      seeds.some((seed) => row.attribute.type === "string" && !acceptedByTables(row, seed)),
    );
    expect(refused.length).toBeGreaterThan(10);
  });
});
