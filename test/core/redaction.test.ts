import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createRedactor } from "../../src/core/redaction.js";

const redact = (text: string) => createRedactor(["abcdef123456"])(text);
const base64 = (text: string) => Buffer.from(text).toString("base64");
const hex = (text: string) => Buffer.from(text).toString("hex");

describe("letters and digits of a secret", () => {
  test.each([
    ["xx abcdef yy", "xx *** yy"],
    ["xx abcde yy", "xx abcde yy"],
    ["abcde", "abcde"],
    ["23456!", "23456!"],
    ["123456", "***"],
    ["ABCDEF", "***"],
    ["a b c d e f", "***"],
    ["(a-b_c.d/e+f)", "(***)"],
    ["abcdef then 123456", "*** then ***"],
    ["abcdef 123456", "***"],
    ["abcdef, abcdef", "***, ***"],
    ["zabcdefz", "z***z"],
    ["bcdef12 and c-d-e-f-1-2", "*** and ***"],
    ["ａｂｃｄｅｆ", "***"],
    ["ábcdéf", "***"],
    ["", ""],
  ])("in %j leave %j", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });
});

describe("an escaped secret", () => {
  test.each([
    ["%61%62%63%64%65%66", "***"],
    ["%61bcdef", "***"],
    ["ab%20cd%20ef", "***"],
    ["%u0061bcdef", "***"],
    ["&#97;&#98;cdef", "***"],
    ["&#97bcdef", "***"],
    ["&#x61;&#X62;cdef", "***"],
    ["a&amp;b&lt;cdef!", "***!"],
    ["\\u0061bcdef", "***"],
    ["ab\\u0026cdef", "***"],
    ["\\u{61}bcdef", "***"],
    ["\\u{000061}bcdef", "***"],
    ["\\x61bcdef", "***"],
    ["ab\\ncd\\tef", "***"],
    ["ab\u001b[31mcd\u001b[0;1mef", "***"],
    ["ab\u009b2Kcdef", "***"],
    ["ab<b>cd</b>ef", "***"],
    ["ab<>cdef", "***"],
    [`ab<${"y".repeat(100)}>cdef`, "***"],
    ["%2561bcdef", "***"],
    ["%252561bcdef", "***"],
    ["&amp;#97;bcdef", "***"],
    ["&#38;#97;bcdef", "***"],
    ["\\u005cu0061bcdef", "***"],
    ["&#x110000;abcdef", "&#x110000;***"],
    ["&#1114112;abcdef", "&#1114112;***"],
    ["100% abcdef%", "100% ***%"],
    ["&abcdef&", "&***&"],
    ["<abcdef", "<***"],
  ])("in %j leaves %j", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  test("is looked for behind three levels of escapes, and no more: each costs a look at the whole", () => {
    expect(redact("%252561bcdef")).toBe("***");
    expect(redact("%25252561bcdef")).toBe("%25252561bcdef");
  });

  test("hides nothing of a text that only resembles it", () => {
    for (const text of ["%7a%62%63%64", "\\u0061b\\u0063", "&#97;&#98;&#99;", "<b>abc</b>de"]) {
      expect(redact(text)).toBe(text);
    }
  });

  test("is taken out where it begins and ends, wherever an escape lies", () => {
    const spelling = fc.constantFrom(
      (each: string) => each,
      (each: string) => `%${each.charCodeAt(0).toString(16)}`,
      (each: string) => `&#${each.charCodeAt(0)};`,
      (each: string) => `\\u00${each.charCodeAt(0).toString(16)}`,
      (each: string) => `<i>${each}`,
    );
    fc.assert(
      fc.property(fc.array(spelling, { minLength: 12, maxLength: 12 }), (escapes) => {
        const text = [..."abcdef123456"].map((each, at) => escapes[at]?.(each) ?? each).join("");
        const shown = redact(`[${text}]`);
        // Markup before the first letter is no part of it.
        expect(shown.replace("[<i>", "[")).toBe("[***]");
      }),
    );
  });
});

describe("a secret in another encoding", () => {
  test.each([
    [base64("abcdef123456"), "***"],
    [base64("xabcdef123456"), "eG***g=="],
    [base64("xyabcdef123456"), "eHl***Y="],
    [base64("xyzabcdef123456xyz"), "eHl6***eHl6"],
    [base64("abcdef123456").slice(0, 7), "***"],
    [base64("abcdef123456").slice(0, 6), base64("abcdef123456").slice(0, 6)],
    [hex("abcdef123456"), "***"],
    [hex("cdef"), "***"],
    [hex("cdef").toUpperCase(), "***"],
    [hex("cde"), hex("cde")],
    [`${hex("cde")}6`, `${hex("cde")}6`],
  ])("in %j leaves %j", (text, shown) => {
    expect(redact(text)).toBe(shown);
  });

  test("in base64 is found whatever was encoded before and after it", () => {
    fc.assert(
      fc.property(fc.string({ maxLength: 9 }), fc.string({ maxLength: 9 }), (before, after) => {
        const shown = redact(base64(`${before}abcdef123456${after}`));
        expect(shown).toContain("***");
        for (const shift of ["", "x", "xy"]) {
          const own = base64(`${shift}abcdef123456`).slice(shift.length + 1, -4);
          for (let at = 0; at + 7 <= own.length; at++) {
            expect(shown).not.toContain(own.slice(at, at + 7));
          }
        }
      }),
    );
  });
});

describe("a short secret", () => {
  test.each([
    ["ab1", "AB1 ab1 ab12", "AB1 *** ***2"],
    ["ab12", "AB12 a-b-1-2 ab1", "*** *** ab1"],
    ["ab-$", "AB ab-$ ab-", "AB *** ab-"],
    ["$$", "a $$ $$$ $", "a *** *** $"],
    ["aa", "aaa aa a", "*** *** a"],
    ["abcde", "ABCDE abcd", "*** abcd"],
    ["abcdef", "ABCDEF abcde", "*** abcde"],
  ])("(%s) in %j leaves %j", (secret, text, shown) => {
    expect(createRedactor([secret])(text)).toBe(shown);
  });

  test.each([
    ["ab12", hex("ab12"), "***"],
    ["ab12", base64("ab12"), base64("ab12")],
    ["abc123", base64("xabc123"), "eG***w=="],
  ])("of some letters (%s) in %j leaves %j", (secret, text, shown) => {
    expect(createRedactor([secret])(text)).toBe(shown);
  });

  test("is not looked for in base64 or hexadecimal digits", () => {
    const text = `${base64("ab1")} ${hex("ab1")}`;
    expect(createRedactor(["ab1"])(text)).toBe(text);
  });
});

describe("what is secret of a header's value", () => {
  test.each(["Bearer", "basic", "SPLUNK", "Digest", "api-token", "Token", " Bearer ", "Bearer  "])(
    "%j says nothing",
    (value) => {
      const text = "Bearer basic splunk digest api-token token SPLUNK Digest Token";
      expect(createRedactor([value])(text)).toBe(text);
    },
  );

  test.each([
    ["Bearer abcdef123456", "Bearer ***"],
    ["  Bearer   abcdef123456  ", "Bearer ***"],
    ["Api-Token abcdef123456", "Bearer ***"],
    ["abcdef123456", "Bearer ***"],
    ["Bearer bearer", "Bearer abcdef123456"],
    // The second word of three is the secret's: a scheme has one word.
    ["Custom Bearer abcdef123456", "***"],
    ["9x abcdef123456", "Bearer ***"],
  ])("%j hides its credential only", (value, shown) => {
    expect(createRedactor([value])("Bearer abcdef123456")).toBe(shown);
  });

  test.each([
    ["9x abcdef123456", "9xabcd", "***"],
    ["my-token", "my-token", "***"],
    ["tokenizer", "tokenizer", "***"],
    ["bearers", "bearers", "***"],
  ])("%j is a credential as a whole: %j is shown as %j", (value, text, shown) => {
    expect(createRedactor([value])(text)).toBe(shown);
  });

  test("goes on over a line break", () => {
    expect(createRedactor(["Bearer abcdef\n123456"])("x abcdef 123456 y")).toBe("x *** y");
  });

  const basic = (text: string) => createRedactor([`Basic ${base64("audituser:pa:ss word")}`])(text);

  test.each([
    ["audituser", "***"],
    ["pa:ss word", "***"],
    ["audituser:pa:ss word", "***"],
    [base64("audituser:pa:ss word"), "***"],
    ["user and pass", "user and pass"],
    ["audituser and password", "*** and ***"],
  ])("of a Basic one is both parts: %j leaves %j", (text, shown) => {
    expect(basic(text)).toBe(shown);
  });

  test.each([
    ["bob:secretpass", "bob", "***"],
    ["bob:secretpass", "secretpass", "***"],
    [":secretpass", "secretpass", "***"],
    ["bob:", "bob", "***"],
  ])("of a Basic one of %j hides %j", (pair, text, shown) => {
    expect(createRedactor([`Basic ${base64(pair)}`])(text)).toBe(shown);
    expect(createRedactor([`Notbasic ${base64(pair)}`])(text)).toBe(text);
  });

  test("of a Basic one without a colon is what it encodes as it stands", () => {
    const redactOdd = createRedactor([`Basic ${base64("nocolonhere")}`]);
    expect(redactOdd(`x ${base64("nocolonhere")} y`)).toBe("x *** y");
    expect(redactOdd("x nocolonhere y")).toBe("x nocolonhere y");
  });

  test("of another scheme is not decoded", () => {
    const redactOdd = createRedactor([`Bearer ${base64("user:password")}`]);
    expect(redactOdd("user password")).toBe("user password");
  });
});

describe("secrets", () => {
  test("of which there are none leave every text as it is", () => {
    for (const none of [[], [undefined], [""], ["   "], ["Bearer "]]) {
      expect(createRedactor(none)("any *** text")).toBe("any *** text");
    }
  });

  test("are all taken out, each where it stands", () => {
    const both = createRedactor(["firstsecret", undefined, "", "second!secret", "firstsecret"]);
    expect(both("firstsecret; second!secret; third")).toBe("***; ***; third");
  });
});
