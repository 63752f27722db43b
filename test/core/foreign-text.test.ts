import fc from "fast-check";
import { describe, expect, test } from "vitest";
import {
  cleanLines,
  cleanly,
  cleanText,
  createCleaner,
  joinClean,
  longestCleanText,
  ownText,
} from "../../src/core/foreign-text.js";

const secret = "S3cr3t-T0ken/with+chars==";
const clean = createCleaner([`Bearer ${secret}`]);

/** Six or more letters and digits of the secret in a row, whatever stands between them. */
function leaks(shown: string, of: string): boolean {
  const letters = (text: string) => text.toLowerCase().replace(/[^a-z0-9]/g, "");
  const [text, hidden] = [letters(shown), letters(of)];
  for (let at = 0; at + 6 <= hidden.length; at++) {
    if (text.includes(hidden.slice(at, at + 6))) return true;
  }
  return false;
}

const entities = (text: string) => [...text].map((each) => `&#${each.codePointAt(0)};`).join("");
const hexEntities = (text: string) =>
  [...text].map((each) => `&#x${each.codePointAt(0)?.toString(16)};`).join("");
const percent = (text: string) =>
  [...Buffer.from(text)].map((each) => `%${each.toString(16).padStart(2, "0")}`).join("");
const unicode = (text: string) =>
  [...text].map((each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`).join("");

/** Spellings that a SIEM, a proxy or a framework echoes a value in. */
const spellings: Readonly<Record<string, (text: string) => string>> = {
  verbatim: (text) => text,
  "lower case": (text) => text.toLowerCase(),
  "upper case": (text) => text.toUpperCase(),
  json: (text) => JSON.stringify(text).replaceAll("/", "\\/"),
  "json twice": (text) => JSON.stringify(JSON.stringify(text)),
  "unicode escapes": unicode,
  "html named": (text) =>
    text.replaceAll("+", "&plus;").replaceAll("/", "&sol;").replaceAll("=", "&equals;"),
  "html decimal": entities,
  "html hexadecimal": hexEntities,
  "html twice": (text) => entities(text).replaceAll("&", "&amp;").replaceAll("&amp;", "&#38;"),
  url: encodeURIComponent,
  "url, each character": percent,
  "url twice": (text) => encodeURIComponent(encodeURIComponent(text)),
  base64: (text) => Buffer.from(text).toString("base64"),
  "base64 with something before": (text) => Buffer.from(`a:${text}`).toString("base64"),
  "base64 of the header": (text) => Buffer.from(`Bearer ${text}`).toString("base64url"),
  hexadecimal: (text) => Buffer.from(text).toString("hex"),
  "split by line breaks": (text) => text.replace(/.{3}/g, "$&\n"),
  "split by escaped line breaks": (text) => text.replace(/.{3}/g, "$&\\n"),
  "split by zero-width characters": (text) => [...text].join("\u200b"),
  "split by colors": (text) => [...text].join("\u001b[31m"),
  "split by markup": (text) => [...text].join("<b></b>"),
  "wide letters": (text) =>
    text.replace(/[A-Za-z0-9]/g, (each) => String.fromCharCode(each.charCodeAt(0) + 0xfee0)),
};

describe("secrets in foreign text", () => {
  test.each(Object.entries(spellings))("are taken out: %s", (_, spell) => {
    const shown = clean(`unknown token ${spell(secret)}, sorry`);
    expect(shown).toContain("***");
    expect(leaks(shown, secret)).toBe(false);
    expect(leaks(shown, Buffer.from(secret).toString("base64"))).toBe(false);
    expect(leaks(shown, Buffer.from(secret).toString("hex"))).toBe(false);
    expect(shown).toMatch(/^unknown token /);
  });

  test("are taken out when they are cut at either end", () => {
    expect(clean("unknown token S3cr3t-T0ken/with+ch…")).toBe("unknown token ***…");
    expect(clean("…T0ken/with+chars== is unknown")).toBe("…***== is unknown");
  });

  test("a scheme word is no secret, alone or before one", () => {
    expect(createCleaner(["Bearer "])("Bearer tokens are invalid")).toBe(
      "Bearer tokens are invalid",
    );
    expect(clean(`Bearer ${secret} is unknown`)).toBe("Bearer *** is unknown");
  });

  test("both parts of a Basic credential are secret", () => {
    const basic = `Basic ${Buffer.from("audit-user:pa55-w0rd!").toString("base64")}`;
    const shown = createCleaner([basic])("user audit-user with pa55-w0rd! is unknown");
    expect(shown).toBe("user *** with *** is unknown");
  });

  test("short ones are looked for as they stand", () => {
    expect(createCleaner(["x9!"])("x9! or X9!")).toBe("*** or X9!");
  });

  test("empty ones hide nothing", () => {
    expect(createCleaner(["", undefined, "  "])("invalid token")).toBe("invalid token");
  });

  test("leak nowhere in any spelling, place or cut", () => {
    const secrets = fc.string({
      unit: fc.constantFrom(..."abcdefghijkmnpqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789-_.~+/="),
      minLength: 16,
      maxLength: 64,
    });
    fc.assert(
      fc.property(
        secrets.filter((value) => value.replace(/[^a-z0-9]/gi, "").length >= 8),
        fc.constantFrom(...Object.values(spellings)),
        fc.string({ unit: "grapheme", maxLength: 40 }),
        fc.nat(12),
        (value, spell, around, cut) => {
          const spelled = spell(value);
          const text = `${around}${spelled.slice(0, spelled.length - cut)}`;
          const shown = createCleaner([`Splunk ${value}`])(text);
          // What the text around happens to hold is no leak.
          if (!leaks(around, value)) expect(leaks(shown, value)).toBe(false);
        },
      ),
      { numRuns: 500 },
    );
  });
});

describe("characters of foreign text", () => {
  test("that steer a terminal or reorder a line are shown", () => {
    expect(cleanText("a\u001b[31mb\u0007c\u009bd\u202ee\u2066f\u200bg\u2028h\ud800i")).toBe(
      "a\\x1b[31mb\\x07c\\x9bd\\u202ee\\u2066f\\u200bg h\\ud800i",
    );
  });

  test("stay on one line", () => {
    expect(cleanText("  a\r\nb\tc\u0085d\u00a0e\u2029f  ")).toBe("a b c d e f");
  });

  test("never begin a workflow command, wherever a line is broken", () => {
    for (const command of [
      "::error::x",
      "a ::stop-commands::tok",
      ":::error::x",
      "::\nadd-mask::e",
      "##[error]x",
      "###[error]x",
      "##vso[task.setvariable]x",
      "##teamcity[x]",
    ]) {
      const shown = cleanText(command);
      expect(shown).not.toMatch(/::\s*[a-z]/i);
      expect(shown).not.toMatch(/##[a-z]*\[/i);
    }
    expect(cleanText("https://[::1]:8080/ 12:30::5")).toBe("https://[::1]:8080/ 12:30::5");
  });

  test("are few, and whole", () => {
    expect(cleanText("x".repeat(10_000))).toHaveLength(longestCleanText);
    expect(cleanText("é".repeat(600)).at(-1)).toBe("…");
    expect(cleanText("abc😀def", 5)).toBe("abc…");
    expect(cleanText("abc", 3)).toBe("abc");
  });

  test("of any text: bounded, on one line, nothing invisible, no command", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary", maxLength: 2_000 }), (text) => {
        const shown = cleanText(text);
        expect(shown.length).toBeLessThanOrEqual(longestCleanText);
        expect(shown).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}\p{DI}]/u);
        expect(shown).not.toMatch(/::\s*[a-z]|##[a-z]*\[/i);
      }),
    );
  });
});

describe("messages of clean text", () => {
  test("are our own words with clean text in between", () => {
    const name = cleanText("a\nb");
    expect(cleanly`Could not read ${name} (HTTP ${404})${undefined}.`).toBe(
      "Could not read a b (HTTP 404).",
    );
    expect(joinClean([name, name], "; ")).toBe("a b; a b");
    // @ts-expect-error raw text is refused
    cleanly`Could not read ${String(name)}.`;
    // @ts-expect-error so is text that is not written out
    ownText(String(name));
    // @ts-expect-error and a template with something put in
    ownText(`Could not read ${String(name)}`);
    expect(ownText("written out")).toBe("written out");
  });

  test("of several lines are cleaned line by line, and keep their indentation", () => {
    const shown = cleanLines(`a\n  eu: ${secret}\r\u001b[31m\n::error::x`, clean);
    expect(shown).toBe("a\n  eu: *** \\x1b[31m\n: :error: :x");
    expect(cleanLines("x\n".repeat(500), clean).split("\n")).toHaveLength(201);
    expect(cleanLines("x".repeat(1e6), clean).length).toBeLessThan(5_000);
  });
});
