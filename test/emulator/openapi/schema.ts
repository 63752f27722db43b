import { isDeepStrictEqual } from "node:util";
import type { Yaml } from "./yaml.js";

export type Schema = { [keyword: string]: Yaml };

type Check = (argument: Yaml, value: unknown, path: string, context: Context) => string[];

interface Context {
  schema: Schema;
  resolve(ref: string): Schema;
}

const formats: Readonly<Record<string, RegExp>> = {
  uuid: /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/,
  "date-time": /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?(Z|[+-]\d{2}:\d{2})$/,
  path: /^\/\S+$/,
};

const types: Readonly<Record<string, (value: unknown) => boolean>> = {
  object: (value) => typeof value === "object" && value !== null && !Array.isArray(value),
  array: Array.isArray,
  string: (value) => typeof value === "string",
  boolean: (value) => typeof value === "boolean",
  integer: Number.isInteger,
  number: (value) => typeof value === "number",
};

const checks: Readonly<Record<string, Check>> = {
  $ref: (ref, value, path, { resolve }) => validate(resolve(String(ref)), value, resolve, path),
  type: (type, value, path) =>
    types[String(type)]?.(value) ? [] : [`${path} is no ${String(type)}`],
  properties: (properties, value, path, { resolve }) =>
    Object.entries(properties as Schema).flatMap(([name, schema]) => {
      const member = (value as Record<string, unknown> | null)?.[name];
      return member === undefined
        ? []
        : validate(schema as Schema, member, resolve, `${path}.${name}`);
    }),
  required: (names, value, path) =>
    (names as string[])
      .filter((name) => (value as Record<string, unknown> | null)?.[name] === undefined)
      .map((name) => `${path}.${name} is missing`),
  additionalProperties: (allowed, value, path, { schema }) => {
    if (allowed !== false) throw new Error("additionalProperties other than false");
    const known = Object.keys((schema.properties as Schema | undefined) ?? {});
    return Object.keys(value as object)
      .filter((name) => !known.includes(name))
      .map((name) => `${path}.${name} is unknown`);
  },
  items: (items, value, path, { resolve }) =>
    (value as unknown[]).flatMap((item, index) =>
      validate(items as Schema, item, resolve, `${path}[${index}]`),
    ),
  enum: (choices, value, path) =>
    (choices as unknown[]).includes(value) ? [] : [`${path} is none of ${String(choices)}`],
  allOf: (schemas, value, path, { resolve }) =>
    (schemas as Schema[]).flatMap((schema) => validate(schema, value, resolve, path)),
  oneOf: (schemas, value, path, { resolve }) => {
    const errors = (schemas as Schema[]).map((schema) => validate(schema, value, resolve, path));
    const matches = errors.filter(({ length }) => length === 0).length;
    return matches === 1 ? [] : [`${path} matches ${matches} of oneOf: ${errors.join(" / ")}`];
  },
  format: (format, value, path) =>
    (formats[String(format)] ?? /./).test(String(value)) ? [] : [`${path} is no ${String(format)}`],
  maximum: (maximum, value, path) =>
    (value as number) <= Number(maximum) ? [] : [`${path} is above ${String(maximum)}`],
  minItems: (least, value, path) =>
    (value as unknown[]).length >= Number(least) ? [] : [`${path} has too few items`],
  uniqueItems: (_, value, path) => {
    const items = value as unknown[];
    const repeated = items.some((item, at) =>
      items.slice(0, at).some((other) => isDeepStrictEqual(item, other)),
    );
    return repeated ? [`${path} has an item twice`] : [];
  },
};

const annotations = new Set([
  "description",
  "title",
  "example",
  "default",
  "readOnly",
  "writeOnly",
  "discriminator",
  "nullable",
]);

/**
 * Checks a value against an OpenAPI 3.0 schema.
 *
 * @returns what is wrong, each with its path
 * @throws Error for a keyword that is not known here
 */
export function validate(
  schema: Schema,
  value: unknown,
  resolve: Context["resolve"],
  path = "$",
): string[] {
  if (value === null && schema.nullable === true) return [];
  return Object.entries(schema).flatMap(([keyword, argument]) => {
    if (annotations.has(keyword) || keyword.startsWith("x-")) return [];
    const check = checks[keyword];
    if (!check) throw new Error(`the schema keyword ${keyword} at ${path} is not known`);
    return check(argument, value, path, { schema, resolve });
  });
}
