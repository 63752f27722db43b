import { type TerraformElement, TerraformOutput, TerraformVariable } from "cdktf";
import type { Construct } from "constructs";
import { describe, expect, test } from "vitest";
import { type CatalogueEntry, catalogue } from "../../scripts/generate/catalogue.js";
import { constructName } from "../../scripts/generate/constructs/names.js";
import {
  type AttributeRow,
  attributeTable,
} from "../../src/constructs/from-schema/schema-table.js";
import * as library from "../../src/index.js";
import { newStack, synthesize } from "./support.js";

/** A class as every one that cdktf generates: its members are looked at by name. */
type GeneratedClass = {
  readonly tfResourceType: string;
  generateConfigForImport(scope: Construct, importToId: string, importFromId: string): unknown;
  new (scope: Construct, id: string, config: object): TerraformElement & Record<string, unknown>;
};

const classes = catalogue.map((entry): [string, CatalogueEntry, GeneratedClass] => {
  const name = constructName(entry);
  return [name, entry, Reflect.get(library, name)];
});

function rowsOf({ object }: CatalogueEntry, computed: boolean): AttributeRow[] {
  return attributeTable(object).filter(({ type }) => (type.meta()?.computed === true) === computed);
}

/** A token of the kind that an argument takes. */
function tokenFor({ name, storage }: AttributeRow, scope: Construct): unknown {
  const variable = new TerraformVariable(scope, `v_${name}`, {});
  if (storage === "number") return variable.numberValue;
  return storage === "boolean" ? variable.booleanValue : variable.stringValue;
}

function stackWith(entry: CatalogueEntry, Class: GeneratedClass) {
  const stack = newStack();
  const rows = rowsOf(entry, false);
  const config = Object.fromEntries(rows.map((row) => [row.property, tokenFor(row, stack)]));
  if (entry.kind !== "provider") new library.KonnectAuditProvider(stack, "konnect");
  return { stack, rows, element: new Class(stack, "it", config) };
}

function written(stack: ReturnType<typeof newStack>, { kind, type }: CatalogueEntry): unknown {
  const json = synthesize(stack);
  if (kind === "provider") return json.provider?.[type]?.[0];
  return json[kind === "resource" ? "resource" : "data"]?.[type]?.it;
}

describe.each(classes)("%s, as cdktf would have generated it", (_, entry, Class) => {
  test("takes a token for every argument", () => {
    const { stack, rows } = stackWith(entry, Class);
    expect(written(stack, entry)).toEqual(
      Object.fromEntries(rows.map(({ name }) => [name, `\${var.v_${name}}`])),
    );
  });

  test("has a setter and what was given for each argument, and takes back what is optional", () => {
    const { stack, rows, element } = stackWith(entry, Class);
    for (const row of rows) {
      const { property, required } = row;
      const given = element[`${property}Input`];
      element[property] = given;
      expect(element[`${property}Input`]).toBe(given);
      const reset = element[`reset${property.charAt(0).toUpperCase()}${property.slice(1)}`];
      expect(typeof reset).toBe(required ? "undefined" : "function");
      if (typeof reset === "function") reset.call(element);
    }
    const required = rows.filter((row) => row.required).map(({ name }) => name);
    expect(Object.keys(written(stack, entry) ?? {}).sort()).toEqual(required.sort());
  });

  // Terraform has no references to what a provider was given.
  const testReferences = entry.kind === "provider" ? () => undefined : test;
  testReferences("refers to each attribute by its getter", () => {
    const { stack, element } = stackWith(entry, Class);
    const rows = rowsOf(entry, true).filter(({ storage }) => storage !== "list");
    const value = Object.fromEntries(rows.map(({ name, property }) => [name, element[property]]));
    new TerraformOutput(stack, "all", { value });
    const address = entry.kind === "resource" ? `${entry.type}.it` : `data.${entry.type}.it`;
    expect(synthesize(stack).output?.all?.value).toEqual(
      Object.fromEntries(rows.map(({ name }) => [name, `\${${address}.${name}}`])),
    );
  });

  test("has its Terraform type and can write an import", () => {
    expect(Class.tfResourceType).toBe(entry.type);
    const stack = newStack();
    new library.KonnectAuditProvider(stack, "konnect");
    Class.generateConfigForImport(stack, "there", "some-id");
    expect(synthesize(stack).import).toEqual([{ id: "some-id", to: `${entry.type}.there` }]);
  });
});
