import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type * as z from "zod";
import { catalogue } from "../../scripts/generate/catalogue.js";
import { problemsOf } from "../../src/constructs/from-schema/problems.js";
import { rules } from "../../src/provider/schemas/rules.js";
import { Diagnostics } from "../../src/terraform/engine/diagnostics.js";
import { validate } from "../../src/terraform/schema/checks.js";
import { fromZod } from "../../src/terraform/schema/from-zod.js";
import type { Attribute } from "../../src/terraform/schema/schema.js";

/** Every argument of the provider and its resources: the table that Terraform validates by, and the type that synth does. */
const rows = catalogue.flatMap((entry) =>
  Object.entries(fromZod(entry.type, entry.object).attributes)
    .filter(([, attribute]) => attribute.required || attribute.optional)
    .map(([name, attribute]): [string, Attribute, z.ZodType] => [
      `${entry.kind} ${entry.type}: ${name}`,
      attribute,
      entry.object.shape[name] as z.ZodType,
    ]),
);

const values: Readonly<Record<string, fc.Arbitrary<string | number | boolean>>> = {
  string: fc.oneof(
    fc.constantFrom("EU", "au-", "", " ", "http://siem.example.com", "ftp://x", "https://a@b"),
    fc.constantFrom("cef", "CEF", "delete", "kpat_x", "Bearer spat_x", "2026-11-31T00:00:00Z"),
    fc.string({ unit: "binary" }),
  ),
  number: fc.oneof(
    fc.integer({ min: -10, max: 100_000 }),
    fc.double({ noNaN: true, noDefaultInfinity: true }),
  ),
  bool: fc.boolean(),
};

/** What the provider says in Terraform, without the attribute's name and the full stop. */
function saidByProvider(attribute: Attribute, value: string | number | boolean): string[] {
  const diagnostics = new Diagnostics();
  validate({ it: attribute }, { it: value }, rules as never, diagnostics);
  return diagnostics.all
    .filter(({ severity }) => severity === "error")
    .map(({ detail }) => withoutStop((detail ?? "").replace(/^it /, "")));
}

function withoutStop(text: string): string {
  return text.replace(/\.$/, "");
}

describe("Synth says of a value what the provider would say in Terraform", () => {
  test.each(rows)("of %s", (_, attribute, type) => {
    const arbitrary = values[String(attribute.type)];
    if (!arbitrary) throw new Error(`no values for the type ${String(attribute.type)}`);
    fc.assert(
      fc.property(arbitrary, (value) => {
        const said = problemsOf(type, value).map(withoutStop);
        const wanted = saidByProvider(attribute, value);
        // zod has said enough with "must be a whole number"; the tables go on to the range.
        expect(said).toEqual(wanted.slice(0, Math.max(said.length, Math.min(wanted.length, 1))));
      }),
    );
  });

  test("and of one of another type, which Terraform itself refuses, which it has to be", () => {
    const [, , region] = rows.find(([name]) => name.endsWith("konnectaudit_webhook: region")) ?? [];
    if (!region) throw new Error("there is no region");
    expect(problemsOf(region, 5)).toEqual(["must be a string"]);
  });
});
