import { describe, expect, test } from "vitest";
import { resolveCredential } from "../../src/konnect/credentials.js";

describe("Konnect credentials", () => {
  test("come from Kong's own variables", () => {
    expect(resolveCredential({ env: { KONNECT_TOKEN: "kpat_a" } })).toEqual({
      token: "kpat_a",
      source: "KONNECT_TOKEN",
    });
    expect(resolveCredential({ env: { KONNECT_SPAT: "spat_a" } }).source).toBe("KONNECT_SPAT");
  });

  test("given as an argument beat the environment", () => {
    const env = { KONNECT_TOKEN: "kpat_a", KONNECT_SPAT: "spat_a" };
    expect(resolveCredential({ personalAccessToken: "kpat_b", env }).token).toBe("kpat_b");
  });

  test("are missing when nothing, or an empty value, is set", () => {
    for (const env of [{}, { KONNECT_TOKEN: "", KONNECT_SPAT: "" }]) {
      expect(() => resolveCredential({ env })).toThrow(
        expect.objectContaining({ code: "KONNECT_TOKEN_MISSING" }),
      );
    }
  });

  test("are ambiguous when two of one kind are set; the error names both sources and neither token", () => {
    const env = { KONNECT_TOKEN: "kpat_secret", KONNECT_SPAT: "spat_secret" };
    expect(() => resolveCredential({ env })).toThrow(
      expect.objectContaining({
        code: "KONNECT_TOKEN_AMBIGUOUS",
        message: expect.stringMatching(/^(?!.*secret).*KONNECT_TOKEN and KONNECT_SPAT/),
      }),
    );
  });

  test("that are blank in the environment count as not set", () => {
    for (const blank of ["", " ", "\t\n"]) {
      const env = { KONNECT_TOKEN: blank, KONNECT_SPAT: "spat_a" };
      expect(resolveCredential({ env })).toEqual({ token: "spat_a", source: "KONNECT_SPAT" });
      expect(() => resolveCredential({ env: { KONNECT_TOKEN: blank } })).toThrow(
        expect.objectContaining({ code: "KONNECT_TOKEN_MISSING" }),
      );
    }
  });

  test("that are blank as an argument are an error: the environment's may be another organisation's", () => {
    for (const blank of ["", "  "]) {
      const sources = { personalAccessToken: blank, env: { KONNECT_TOKEN: "kpat_a" } };
      expect(() => resolveCredential(sources)).toThrow(
        expect.objectContaining({
          code: "KONNECT_TOKEN_MISSING",
          setting: "personal_access_token",
        }),
      );
    }
  });

  test.each<[string, RegExp]>([
    ["kpat_planted\n", /blank or a line break before or after/],
    [" kpat_planted", /blank or a line break before or after/],
    ["Bearer kpat_planted", /begins with a word such as Bearer/],
    ["bearer\tkpat_planted", /begins with a word such as Bearer/],
    ["Bearer", /begins with a word such as Bearer/],
    ["Authorization: Bearer kpat_planted", /begins with a word such as Bearer/],
    ['"kpat_planted"', /a quote or another character/],
    ["kpat_planted kpat_planted", /holds a blank/],
    ["kpat_plan\u200bted", /another character/],
    ["kpat_plänted", /another character/],
    ["${KONNECT_TOKEN_planted}", /another character/],
    ["***", /another character/],
  ])(
    "such as %j are refused before they reach a header, by their variable's name",
    (token, why) => {
      for (const name of ["KONNECT_TOKEN", "KONNECT_SPAT"]) {
        expect(() => resolveCredential({ env: { [name]: token } })).toThrow(
          expect.objectContaining({
            code: "KONNECT_TOKEN_MALFORMED",
            setting: name,
            message: expect.stringMatching(
              new RegExp(`^(?!.*planted).*from ${name} .*${why.source}`),
            ),
          }),
        );
      }
    },
  );

  test("in the wrong slot are taken, and say where they belong", () => {
    expect(resolveCredential({ env: { KONNECT_TOKEN: "spat_a" } }).misplaced).toMatch(
      /KONNECT_SPAT/,
    );
    expect(resolveCredential({ env: { KONNECT_TOKEN: "other" } }).misplaced).toBeUndefined();
  });
});
