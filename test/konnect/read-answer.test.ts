import { describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { createCleaner, ownText } from "../../src/core/foreign-text.js";
import { readAnswer, readFailure } from "../../src/konnect/read-answer.js";

const clean = createCleaner(["kpat_planted-token"]);
const call = { action: ownText("read it"), region: "eu", method: "GET" as const, path: "/v2/x" };
const raw = (text: string | undefined, type?: string) => ({
  status: 200,
  text,
  headers: type === undefined ? {} : { "content-type": type },
});
const number = z.object({ a: z.number() });
const read = (...of: Parameters<typeof raw>) =>
  readAnswer(call as Parameters<typeof readAnswer>[0], number, raw(...of), clean);

describe("the body of an answer", () => {
  test.each(['{"a":1}', '\ufeff{"a":1}', ' {"a":1,"b":"more"}\n'])("%j is read", (text) => {
    expect(read(text)).toMatchObject({ a: 1 });
  });

  test.each([
    ["<html>", "text/html; charset=utf-8", "is not JSON (text/html)"],
    ["{", undefined, "is not JSON (no content type)"],
    [undefined, "application/json", "is not JSON (application/json)"],
    ['{"a":1}\ufeff', "application/json", "is not JSON (application/json)"],
    ['{"a":"x"}', undefined, "does not have the documented shape (a)"],
    ["[]", undefined, "does not have the documented shape (body)"],
  ])("%j of type %s is refused: %s", (text, type, reason) => {
    expect(() => read(text, type)).toThrow(reason);
    expect(() => read(text, type)).toThrow("GET /v2/x");
  });

  test("with many faults names ten of them, each once", () => {
    const names = Array.from({ length: 12 }, (_, index) => `f${index}`);
    const schema = z.object(
      Object.fromEntries(names.map((name) => [name, z.object({ in: z.number() })])),
    );
    const broken = (count: number) =>
      JSON.stringify(
        Object.fromEntries(names.map((name, at) => [name, { in: at < count ? "x" : 1 }])),
      );
    const told = (count: number) =>
      expect(() =>
        readAnswer(call as Parameters<typeof readAnswer>[0], schema, raw(broken(count)), clean),
      );
    const first = names
      .map((name) => `${name}.in`)
      .slice(0, 10)
      .join(", ");
    told(2).toThrow("(f0.in, f1.in)");
    told(10).toThrow(`(${first})`);
    told(12).toThrow(`(${first} and 2 more)`);
  });
});

describe("the body of a failure", () => {
  const failure = (body: unknown) =>
    readFailure({ status: 400, headers: {}, text: JSON.stringify(body) }, clean);

  test.each([undefined, "", "<html>", "[]", "null", "{}"])(
    "%j tells nothing but the status",
    (text) => {
      expect(readFailure({ status: 502, headers: {}, text }, clean)).toEqual({
        status: 502,
        title: undefined,
        detail: undefined,
        instance: undefined,
        invalidParameters: [],
        unnamedParameters: 0,
      });
    },
  );

  test("is shown clean, and ten of its fields", () => {
    const invalid_parameters = Array.from({ length: 12 }, (_, index) => ({
      field: `f${index}`,
      reason: "kpat_planted-token\u001b",
    }));
    const told = failure({
      title: "T",
      detail: "D kpat_planted-token",
      instance: "i",
      invalid_parameters,
    });
    expect(told).toMatchObject({
      title: "T",
      detail: "D ***",
      instance: "i",
      unnamedParameters: 2,
    });
    expect(told.invalidParameters).toHaveLength(10);
    expect(told.invalidParameters[9]).toEqual({ field: "f9", reason: "***\\x1b" });
    expect(failure({ invalid_parameters: invalid_parameters.slice(2) }).unnamedParameters).toBe(0);
  });
});
