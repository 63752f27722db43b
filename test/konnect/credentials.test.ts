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

  test("with a line break are refused before they reach a header", () => {
    expect(() => resolveCredential({ env: { KONNECT_TOKEN: "kpat_a\n" } })).toThrow(
      expect.objectContaining({ code: "KONNECT_TOKEN_MALFORMED" }),
    );
  });

  test("in the wrong slot are taken, and say where they belong", () => {
    expect(resolveCredential({ env: { KONNECT_TOKEN: "spat_a" } }).misplaced).toMatch(
      /KONNECT_SPAT/,
    );
    expect(resolveCredential({ env: { KONNECT_TOKEN: "other" } }).misplaced).toBeUndefined();
  });
});
