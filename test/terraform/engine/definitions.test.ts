import { describe, expect, test } from "vitest";
import { defineProvider, defineResource } from "../../../src/terraform/index.js";
import { type Note, note, schema } from "./notes.js";

describe("defining", () => {
  const resource = (type: string, changed: object = {}) =>
    defineResource<Note>({
      type,
      schema: { ...schema, ...changed },
      create: () => note,
      read: () => note,
      delete: () => undefined,
    });
  const define = (resources: ReturnType<typeof resource>[]) =>
    defineProvider({
      type: "test",
      version: "1",
      schema: { version: 0, attributes: {} },
      configure: () => undefined,
      resources,
    });

  test("refuses a type twice, a foreign prefix, and a rule that is not there", () => {
    expect(() => define([resource("test_a"), resource("test_a")])).toThrow("is defined twice");
    expect(() => define([resource("other_a")])).toThrow('must begin with "test_"');
    const attributes = {
      a: { type: "string", required: true, checks: [{ kind: "rule", rule: "gone" }] },
    };
    expect(() => define([resource("test_a", { attributes })])).toThrow('names the rule "gone"');
  });
});
