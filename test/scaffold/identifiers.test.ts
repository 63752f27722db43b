import fc from "fast-check";
import { expect, test } from "vitest";
import { Identifiers } from "../../src/scaffold/identifiers.js";

test.each([
  ["Splunk (prod)", "splunkProd", "splunk-prod"],
  ["SIEM", "siem", "siem"],
  ["2nd try", "destination2ndTry", "destination-2nd-try"],
  ["日本", "destination", "destination"],
  ["new", "newDestination", "new-destination"],
])("a destination named %j is the constant %s and the construct %s", (name, constant, id) => {
  expect(new Identifiers().take(name)).toEqual({ constant, id });
});

const word = fc.constantFrom("a", "2", "b", "new", " ", "destination", "-", "É");
const names = fc.array(
  fc.oneof(
    fc.string(),
    fc.array(word, { maxLength: 4 }).map((words) => words.join("")),
  ),
  {
    maxLength: 8,
  },
);

test("any names become constants and ids of which no two are the same", () => {
  fc.assert(
    fc.property(names, (given) => {
      const identifiers = new Identifiers();
      const taken = given.map((name) => identifiers.take(name));
      for (const { constant, id } of taken) {
        expect(() => new Function(`"use strict"; const ${constant} = 1;`)).not.toThrow();
        expect(id).toMatch(/^[a-z][a-z0-9-]*$/);
      }
      expect(new Set(taken.map(({ id }) => id)).size).toBe(given.length);
      expect(new Set(taken.map(({ constant }) => constant)).size).toBe(given.length);
    }),
  );
});
