import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { cleanText, createCleaner } from "../../src/core/foreign-text.js";
import { refusalWords } from "../../src/verifier/refusal-words.js";

describe("what a SIEM said to Konnect", () => {
  test.each([
    [401, "Unauthorized"],
    [401, "401 Unauthenticated"],
    [403, '{"text":"Invalid token","code":4}'],
    [403, "Access denied: the API key is not valid."],
    [400, "Incorrect index"],
    [413, "batch too large, the limit is 1048576 bytes"],
    [503, "Server is busy"],
    [null, "dial tcp 10.0.0.7:443: connect: connection refused"],
    [null, "x509: certificate is valid for a-long-name-1.example.com, not siem.example.com"],
  ])("is shown where it is ordinary: %s %s", (code, words) => {
    expect(refusalWords(code, words, cleanText)).toBe(words);
  });

  test.each([
    [401, "unknown token planted-cred-EEEE"],
    [401, "bad credential: hunter"],
    [403, '{"error":"forbidden","token":"abcdefgh"}'],
    [407, "proxy user planted"],
  ])("is not shown where it refuses a credential in other words: %i %s", (code, words) => {
    expect(refusalWords(code, words, cleanText)).toBeNull();
  });

  test.each([
    [400, "token abcDEF123456 is malformed", "token *** is malformed"],
    [400, "Authorization: Bearer planted-cred-EEEE", "Authorization: Bearer ***"],
    [500, '{"token":"planted-cred"}', '{"token":"***"}'],
    [500, "no user Zm9vOmJhcmJheg==", "no user ***"],
    [429, "key=S3cr3tS3cr3t over quota", "key=*** over quota"],
    [200, "welcome planted", null],
    [
      null,
      'Post "https://http-intake.logs.datadoghq.eu/api/v2/logs?dd-api-key=planted": EOF',
      /^Post "https:\/\/http-intake\.logs\.datadoghq\.eu\/.*dd-api-key=\*\*\*.*": EOF$/,
    ],
  ])("is shown without what looks like a key: %s %s", (code, words, shown) => {
    const found = refusalWords(code, words, cleanText);
    if (shown instanceof RegExp) expect(found).toMatch(shown);
    else expect(found).toBe(shown);
  });

  test("is shown without the secrets that are known, on one line and bounded", () => {
    const clean = createCleaner(["Bearer Planted"]);
    expect(refusalWords(500, "the planted one\u001b[31m\n::error::x", clean)).toBe(
      "the *** one\\x1b[31m : :error: :x",
    );
    expect(refusalWords(500, "many words ".repeat(100), cleanText)).toHaveLength(160);
    expect(refusalWords(500, " \n", cleanText)).toBeNull();
    expect(refusalWords(500, null, cleanText)).toBeNull();
  });

  test("shows nothing of a random token that a refusal echoes", () => {
    const token = fc.stringMatching(/^[A-Za-z0-9+/_-]{16,40}$/);
    const around = fc.constantFrom("bad token: ", '{"token":"', "Invalid ", "denied (");
    const code = fc.constantFrom(401, 403, 407);
    fc.assert(
      fc.property(code, around, token, (status, before, secret) => {
        expect(refusalWords(status, `${before}${secret}`, cleanText) ?? "").not.toContain(secret);
      }),
    );
  });
});
