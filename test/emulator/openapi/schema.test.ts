import { describe, expect, test } from "vitest";
import { type Schema, validate } from "./schema.js";
import { parseYaml } from "./yaml.js";

const schema = parseYaml(
  `# what OpenAPI documents are made of
type: object
required:
- id
- tags
properties:
  id: {}
  'tags':
    type: array
    minItems: 1
    uniqueItems: true
    items:
      oneOf:
        - type: string
          enum: [ ]
        - $ref: '#/Tag'
  when:
    description: |-
      Text: with a colon

      and a blank line
    type: string
    format: date-time
    nullable: true
  about:
    description: It's plain text that goes on
      in the next line
    example: 'It''s: quoted'
additionalProperties: false
`.replace("enum: [ ]", "enum: []"),
) as Schema;

const tag: Schema = { type: "integer", maximum: 9 };
const check = (value: unknown) => validate(schema, value, () => tag);

describe("the schema check of the conformance test", () => {
  test("passes what fits", () => {
    expect(check({ id: null, tags: [1, 2], when: "2026-11-22T12:00:00Z" })).toEqual([]);
    expect(check({ id: 1, tags: [1], when: null })).toEqual([]);
  });

  test.each([
    [{ tags: [1] }, "$.id is missing"],
    [{ id: 1, tags: [] }, "$.tags has too few items"],
    [{ id: 1, tags: [1, 1] }, "$.tags has an item twice"],
    [{ id: 1, tags: [10] }, "$.tags[0] matches 0 of oneOf"],
    [{ id: 1, tags: ["a"] }, "$.tags[0] matches 0 of oneOf"],
    [{ id: 1, tags: [1], when: "noon" }, "$.when is no date-time"],
    [{ id: 1, tags: [1], more: 1 }, "$.more is unknown"],
    ["text", "$ is no object"],
  ])("finds what is wrong with %j", (value, problem) => {
    expect(check(value).join("\n")).toContain(problem);
  });

  test("refuses keywords and YAML that it does not know", () => {
    expect(() => validate({ patternProperties: {} }, {}, () => tag)).toThrow("patternProperties");
    expect(() => parseYaml("a: &anchor b")).toThrow("not understood");
    expect(() => parseYaml("a: 1\nb\n")).toThrow("no member");
  });
});
