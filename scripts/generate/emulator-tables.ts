import * as z from "zod";
import { faultSchema } from "../../src/emulator/faults.js";
import { knobsSchema } from "../../src/emulator/knobs.js";
import { markdownTable } from "./markdown.js";

type Node = z.core.JSONSchema.BaseSchema;

/** The emulator's knobs: default, other values, meaning. */
export function knobTable(): string {
  const { properties } = z.toJSONSchema(knobsSchema, { io: "input" });
  const rows = Object.entries(properties ?? {}).map(([name, schema]) => {
    const knob = asNode(schema);
    return [`\`${name}\``, code(knob.default), otherValues(knob), knob.description ?? ""];
  });
  return markdownTable(["Knob", "Default", "Other values", "Meaning"], rows);
}

/** The emulator's faults: those of the API, those of the delivery, and what limits either. */
export function faultTables(): string {
  const [api, delivery] = (z.toJSONSchema(faultSchema, { io: "input" }).anyOf ?? []).map(asNode);
  if (!api || !delivery) throw new Error("faultSchema is no union of two kinds any more");
  return [
    "Of the API, as `effect`:",
    effectTable(member(api, "effect")),
    "Of the delivery, as `delivery`:",
    effectTable(member(delivery, "delivery")),
    "Each of them can be limited:",
    scopeTable(api),
  ].join("\n\n");
}

function effectTable(effects: Node): string {
  const rows = (effects.oneOf ?? effects.anyOf ?? []).map(asNode).map((effect) => {
    const { kind, ...fields } = effect.properties ?? {};
    const { const: name, description = "" } = asNode(kind);
    const given = Object.entries(fields).map(([field, schema]) => describeField(field, schema));
    return [`\`${name}\``, given.join("; ") || "–", description];
  });
  return markdownTable(["`kind`", "Fields", "What it does"], rows);
}

function scopeTable({ properties = {} }: Node): string {
  const rows = Object.entries(properties)
    .filter(([name]) => name !== "effect")
    .map(([name, schema]) => {
      const only = name === "method" || name === "path" ? " Of the API only." : "";
      return [`\`${name}\``, `${asNode(schema).description}${only}`];
    });
  return markdownTable(["Field", "Meaning"], rows);
}

function describeField(name: string, schema: unknown): string {
  const field = asNode(schema);
  const values = otherValues(field);
  const description = field.description?.replace(/\.$/, "");
  const explained = [values, description].filter(Boolean).join(", ");
  return explained ? `\`${name}\` (${explained})` : `\`${name}\``;
}

/** What a value may be besides its default. */
function otherValues(schema: Node): string {
  if (schema.enum) {
    return schema.enum
      .filter((value) => value !== schema.default)
      .map(code)
      .join(", ");
  }
  if (schema.type === "boolean") return code(schema.default !== true);
  if (schema.type !== "integer") return "";
  // zod states the bounds of safe integers where none were given.
  const bound = (value: number | undefined) =>
    value !== undefined && Number.isSafeInteger(value) && Math.abs(value) < Number.MAX_SAFE_INTEGER
      ? value
      : undefined;
  const [from, to] = [bound(schema.minimum), bound(schema.maximum)];
  if (from !== undefined && to !== undefined) return `${from} to ${to}`;
  return from === undefined ? "any integer" : `from ${from}`;
}

function member({ properties }: Node, name: string): Node {
  return asNode(properties?.[name]);
}

function asNode(schema: unknown): Node {
  if (!isNode(schema)) throw new Error("not a JSON Schema");
  return schema;
}

function isNode(schema: unknown): schema is Node {
  return typeof schema === "object" && schema !== null;
}

function code(value: unknown): string {
  return `\`${String(value)}\``;
}
