import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { preflight } from "../../src/verifier/preflight.js";
import { renderPreflight, renderPreflightBrief } from "../../src/verifier/render/preflight.js";
import { startRawServer } from "./raw-server.js";

const json = (text: string) => JSON.stringify(text).slice(1, -1);
const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
};

/** Ways in which a SIEM may write down the credential that it refuses. */
const spellings: Readonly<Record<string, (secret: string) => string>> = {
  "as it is": (secret) => secret,
  "JSON-escaped": json,
  "JSON-escaped twice": (secret) => json(json(secret)),
  "in JSON's code points": (secret) =>
    secret.replace(/./g, (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`),
  "HTML-escaped": (secret) => secret.replace(/[&<>"]/g, (each) => entities[each] ?? each),
  "in HTML's code points": (secret) => secret.replace(/./g, (each) => `&#${each.charCodeAt(0)};`),
  "URL-encoded": encodeURIComponent,
  "URL-encoded in whole": (secret) =>
    secret.replace(/./g, (each) => `%${each.charCodeAt(0).toString(16).padStart(2, "0")}`),
  "in base64": (secret) => Buffer.from(secret).toString("base64"),
  "in base64 behind a word": (secret) => Buffer.from(`Splunk ${secret}`).toString("base64"),
  "in base64 for URLs": (secret) => Buffer.from(secret).toString("base64url"),
  "in hexadecimal digits": (secret) => Buffer.from(secret).toString("hex"),
  "in small letters": (secret) => secret.toLowerCase(),
  "in capitals": (secret) => secret.toUpperCase(),
  "split by a line break": (secret) => `${secret.slice(0, 9)}\r\n${secret.slice(9)}`,
  "split by blanks": (secret) => secret.match(/.{1,4}/g)?.join(" ") ?? secret,
  "cut at its end": (secret) => `${secret.slice(0, -3)}…`,
  "cut at its beginning": (secret) => `…${secret.slice(3)}`,
};

/** Where it may stand in an answer. */
const places: Readonly<Record<string, (echo: string) => string>> = {
  body: (echo) => answer(401, `bad credential: ${echo}`),
  "JSON body": (echo) => answer(403, `{"error":{"token":"${echo}"}}`),
  "success's body": (echo) => answer(200, echo),
  "cut body": (echo) => answer(401, `${" ".repeat(2_048 - Math.floor(echo.length / 2))}${echo}`),
  "long body": (echo) => answer(400, `${"y ".repeat(95)}${echo}`),
  "redirect's path": (echo) => redirect(`http://127.0.0.1/${encodeURIComponent(echo)}/x`),
  "redirect's query": (echo) => redirect(`/x?t=${encodeURIComponent(echo)}`),
  "redirect's host": (echo) => redirect(`https://${echo.replace(/[^A-Za-z0-9]/g, "")}.example/`),
};

function answer(status: number, body: string): string {
  return `HTTP/1.1 ${status} X\r\nConnection: close\r\n\r\n${body}`;
}

function redirect(location: string): string {
  return `HTTP/1.1 302 F\r\nLocation: ${location}\r\nConnection: close\r\n\r\n`;
}

/** Six letters or digits in a row of a secret that a text shows too, whatever signs stand between them. */
function shownPart(texts: readonly string[], secret: string): string | undefined {
  const letters = (of: string) =>
    of
      .toLowerCase()
      .replaceAll("***", "|")
      .replace(/[^a-z0-9|]/g, "");
  const shown = texts.map(letters);
  const whole = letters(secret);
  const parts = Array.from({ length: Math.max(0, whole.length - 5) }, (_, at) =>
    whole.slice(at, at + 6),
  );
  return parts.find((part) => shown.some((each) => each.includes(part)));
}

/** Every line and every member that a preflight shows of an answer. */
async function everything(bytes: string, authorization: string): Promise<string[]> {
  await using server = await startRawServer((socket) => socket.end(bytes, "utf8"));
  const report = await preflight({ endpoint: server.url, authorization, newId: () => "an-id" });
  const pages = [renderPreflight(report), renderPreflightBrief(report)];
  const members = Object.values(report).flat().map(String);
  return [...pages.flatMap((page) => page.split("\n")), ...members].map((text) =>
    text.replaceAll(server.url, ""),
  );
}

const secret = "S3cr3t-T0ken/with+ch4rs&<\"quote'>=";

describe("what a preflight shows of an answer", () => {
  const cases = Object.keys(spellings).flatMap((spelling) =>
    Object.keys(places).map((place) => [spelling, place] as const),
  );

  test.each(cases)("holds nothing of a credential %s in the %s", async (spelling, place) => {
    const echo = spellings[spelling]?.(secret) ?? expect.fail("a spelling");
    const bytes = places[place]?.(echo) ?? expect.fail("a place");
    const shown = await everything(bytes, `Splunk ${secret}`);
    expect(shownPart(shown, secret)).toBeUndefined();
    expect(shownPart(shown, Buffer.from(secret).toString("base64"))).toBeUndefined();
  });

  test("holds nothing of the two parts of a Basic credential", async () => {
    const basic = Buffer.from("collector-user:pa55w0rd-of-it").toString("base64");
    const body = "no user collector-user with pa55w0rd-of-it";
    const shown = await everything(answer(401, body), `Basic ${basic}`);
    expect(shown.join("\n")).not.toMatch(/collector-user|pa55w0rd/);
  });

  test("holds nothing of any credential, however it is written and wherever it is cut", async () => {
    const character = fc.constantFrom(
      ..."abcdefghjkmnpqrtuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ0123456789-_+/=.~",
    );
    const credential = fc
      .array(character, { minLength: 16, maxLength: 48 })
      .map((each) => each.join(""))
      .filter((text) => text.replace(/[^A-Za-z0-9]/g, "").length >= 12);
    const spelling = fc.constantFrom(...Object.values(spellings));
    const place = fc.constantFrom(...Object.values(places));
    const cut = fc.tuple(fc.nat(8), fc.nat(8));
    await fc.assert(
      fc.asyncProperty(credential, spelling, place, cut, async (given, spell, put, [from, to]) => {
        const echo = spell(given).slice(from);
        const bytes = put(echo.slice(0, echo.length - to));
        const shown = await everything(bytes, `Bearer ${given}`);
        expect(shownPart(shown, given)).toBeUndefined();
      }),
      { numRuns: 60 },
    );
  });

  test("holds no escape, no line break and no command of a CI system", async () => {
    const body =
      "\u001b[31mred\u009b2J \u202eRTL\u2066\u200b\u2028 ::error::x\n::stop-commands::t\r\n##[error]y ##vso[z]";
    const shown = await everything(answer(400, body), `Splunk ${secret}`);
    expect(shown.join("")).not.toMatch(/[\p{Cc}\p{Cf}\p{Zl}\p{Zp}]/u);
    expect(shown.join(" ")).not.toMatch(/::(error|stop)|##\[|##vso\[/);
  });
});
