import { describe, expect, test } from "vitest";
import { maskEndpoint, mayHoldSecret } from "../../src/konnect/mask-endpoint.js";

const host = "https://h.example";

describe("a segment of a path that is masked", () => {
  test.each([
    ["a UUID of letters only", "abcdefab-cdef-abcd-efab-cdefabcdefab"],
    ["the same in capitals", "ABCDEFAB-CDEF-ABCD-EFAB-CDEFABCDEFAB"],
    ["an encoded slash at the beginning", "%2Fab"],
    ["an encoded slash at the end", "ab%2F"],
    ["an encoded sign", "a%3Db"],
    ["an escape that is none", "ab%zz"],
    ["ten digits", "1234567890"],
    ["a plus sign in a long word", "abcdefg+hij"],
    ["a digit amid letters", "konnect5audit"],
    ["five digits at the end", "konnectaudit20261"],
    ["25 letters", "abcdefghijklmnopqrstuvwxy"],
    ["capitals and small letters by turns", "AbCdEfGhIj"],
    ["20 hexadecimal digits in groups", "0a1b-2c3d-4e5f-6a7b-8c9d"],
    ["capitals, small letters and digits in groups", "aB1c-D2eF-3gH4-iJ5k-L6mN"],
  ])("is %s", (_, segment) => {
    expect(maskEndpoint(`${host}/in/${segment}/x`)).toBe(`${host}/in/***/x`);
    expect(mayHoldSecret(`${host}/in/${segment}`)).toBe(true);
  });
});

describe("a segment of a path that is shown", () => {
  test.each([
    ["something before a UUID", "xabcdefab-cdef-abcd-efab-cdefabcdefab"],
    ["something after a UUID", "abcdefab-cdef-abcd-efab-cdefabcdefabx"],
    ["a UUID with two groups", "abcdefab-cdef-cdefabcdefab"],
    ["a UUID with short groups", "abcdefab-c-d-e-cdefabcdefab"],
    ["a UUID with a short beginning", "a-cdef-abcd-efab-cdefabcdefab"],
    ["a UUID with a short end", "abcdefab-cdef-abcd-efab-c"],
    ["words with accents", "pr%C3%BCfung-e%CC%81ve%CC%81nements"],
    ["words with a blank", "audit%20logs"],
    ["nine digits", "123456789"],
    ["a year before a word", "2026konnectaudit"],
    ["a version before a word", "v2026konnectaudit"],
    ["a year after a word", "konnectaudit2026"],
    ["24 letters", "abcdefghijklmnopqrstuvwx"],
    ["capitals only", "AUDITLOGSEVENTS"],
    ["capitals and small letters of two and a half in a row", "ABCdeFGhij"],
    ["19 hexadecimal digits in groups", "0a1b-2c3d-4e5f-6a7b-8c9"],
    ["mixed groups without a digit", "aBcD-eFgH-iJkL-mNoP-qRsT"],
    ["mixed groups without a capital", "a1b2-g3h4-i5j6-k7l8-m9n0"],
    ["mixed groups without a small letter", "A1B2-G3H4-I5J6-K7L8-M9N0"],
    ["mixed groups of two and a half in a row", "AAAbz11-CCCdd-222EEfff"],
  ])("is %s", (_, segment) => {
    expect(maskEndpoint(`${host}/in/${segment}`)).toBe(`${host}/in/${segment}`);
    expect(mayHoldSecret(`${host}/in/${segment}`)).toBe(false);
  });
});

describe("a query", () => {
  test.each([
    ["?a=b", "?a=***"],
    ["?a=b==", "?a=***"],
    ["?abc==", "?***"],
    ["?abc=", "?***"],
    ["?abc", "?***"],
    ["?=abc", "?***"],
    ["?1abc=x", "?***"],
    ["?ab%20c=x", "?***"],
    [`?${"a".repeat(24)}=x`, `?${"a".repeat(24)}=***`],
    ["?b.c=y&d_e-f=z", "?b.c=***&d_e-f=***"],
    ["?%zz=x", "?***"],
  ])("%s is shown as %s", (query, shown) => {
    expect(maskEndpoint(`${host}/x${query}`)).toBe(`${host}/x${shown}`);
  });
});

describe("an endpoint that may hold a secret", () => {
  test.each([
    ["https://user@h.example/x", true],
    ["https://:password@h.example/x", true],
    ["https://h.example/x?code=1", true],
    ["https://h.example/x#1", true],
    ["no URL", true],
    ["https://h.example/x", false],
  ])("%s: %j", (endpoint, expected) => {
    expect(mayHoldSecret(endpoint)).toBe(expected);
  });

  test("is none that Konnect calls unconfigured", () => {
    expect(maskEndpoint("unconfigured")).toBe("unconfigured");
  });

  test("is shown whole as far as its service publishes it", () => {
    const published = "https://http-intake.logs.datadoghq.eu/api/v2/logs";
    expect(maskEndpoint(published)).toBe(published);
    expect(maskEndpoint(`${published}/x`)).toBe("https://http-intake.logs.datadoghq.eu/***");
  });
});
