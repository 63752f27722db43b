import { Ajv2020 } from "ajv/dist/2020.js";
import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { parseDuration } from "../../src/verifier/duration.js";
import { reportJsonSchema } from "../../src/verifier/json-schema.js";
import { renderBrief } from "../../src/verifier/render/brief.js";
import { renderHtml } from "../../src/verifier/render/html.js";
import { rendererFor } from "../../src/verifier/render/index.js";
import { renderJUnit } from "../../src/verifier/render/junit.js";
import { renderMarkdown } from "../../src/verifier/render/markdown.js";
import { renderText } from "../../src/verifier/render/text.js";
import { wrap } from "../../src/verifier/render/wrap.js";
import { verificationReportSchema } from "../../src/verifier/report.js";
import { sampleReport } from "./sample-report.js";

const hostile = '</td><script>alert("1")</script>\u0000\u001b[2J|`@everyone #1';

function hostileReport(text = hostile) {
  return sampleReport({
    hint: text,
    endpoint: text,
    log_format: text,
    differences: [{ field: text, expected: text, actual: text }],
    last_attempt: { at: "x", response_code: 500, response_message: text },
    timeline: [{ after_ms: 1, kind: "attempt", text }],
  });
}

describe("the text report", () => {
  test("is a table, and says below a row what to do", () => {
    expect(
      renderText(sampleReport()),
    ).toBe(`REGION  VERDICT        EVIDENCE                                          LATENCY
eu      refused        the endpoint answered 401 Unauthorized                  -
        Endpoint: https://siem.example.com/in
        Fix: Check it.
au      error          no connection to Konnect                                -
        No connection.
        Fix: Look at the network.
us      delivered      probe at the receiver, signature valid              0.8 s

1 of 3 regions verified, 1 failed, 1 inconclusive.
Evidence asked for: signature. Took 4.2 s.
Begun at 2026-11-22T10:00:00.000Z.`);
  });

  test("keeps to 80 columns, whatever the words are", () => {
    const words = fc.array(fc.stringMatching(/^[a-z]{1,30}$/)).map((list) => list.join(" "));
    fc.assert(
      fc.property(words, (hint) => {
        const lines = renderText(sampleReport({ hint })).split("\n");
        expect(lines.filter((line) => line.length > 80)).toEqual([]);
      }),
    );
  });
});

describe("wrapping", () => {
  test("loses no word and breaks only at blanks", () => {
    fc.assert(
      fc.property(
        fc.array(fc.stringMatching(/^\S+$/)),
        fc.integer({ min: 1, max: 90 }),
        (words, width) => {
          const lines = wrap(words.join(" "), width);
          expect(lines.join(" ")).toBe(words.join(" "));
          expect(lines.filter((line) => line.length > width && line.includes(" "))).toEqual([]);
        },
      ),
    );
  });
});

describe("the brief report", () => {
  test("names region, answer, endpoint and fix in a few lines", () => {
    expect(
      renderBrief(sampleReport()),
    ).toBe(`eu: refused: the endpoint answered 401 Unauthorized (https://siem.example.com/in)
  Fix: Check it.
au: No connection.
  Fix: Look at the network.
us: delivered: probe at the receiver, signature valid
1 of 3 regions verified, 1 failed, 1 inconclusive.`);
  });
});

describe("the JUnit report", () => {
  test("has a test case per region, a failure for what failed and an error for what is inconclusive", () => {
    const xml = renderJUnit(sampleReport());
    expect(xml).toContain('tests="3" failures="1" errors="1" skipped="0" time="4.200"');
    expect(xml).toContain(
      '<testcase classname="konnect-audit.verify" name="audit events of us are delivered" time="1.012"/>',
    );
    expect(xml).toContain(
      '<failure type="refused" message="refused: the endpoint answered 401 Unauthorized">',
    );
    expect(xml).toContain('<error type="KONNECT_UNREACHABLE" message="No connection.">');
  });

  test("stays well-formed XML, whatever the SIEM says", () => {
    fc.assert(
      fc.property(fc.string({ unit: "grapheme" }), (text) => {
        const xml = renderJUnit(hostileReport(`${hostile}${text}`));
        expect(openTags(xml)).toEqual([]);
        expect(xml.replace(/[\n\t]/g, "")).not.toMatch(/\p{Cc}/u);
      }),
    );
  });
});

describe("the Markdown report", () => {
  test("has a row per region, and what to do for those that did not pass", () => {
    const markdown = renderMarkdown(sampleReport());
    expect(markdown).toContain(
      "| us | ✅ delivered | probe at the receiver, signature valid | 0.8 s |",
    );
    expect(markdown).toContain("| au | ⚠️ error | no connection to Konnect | – |");
    expect(markdown).toContain("- Fix: Check it.");
    expect(markdown).not.toContain("### us");
  });

  test("lets nothing that the SIEM says end a cell, name somebody or become markup", () => {
    const markdown = renderMarkdown(hostileReport());
    expect(markdown).not.toContain("<script>");
    expect(markdown).not.toContain("@everyone");
    const row = markdown.split("\n").find((line) => line.startsWith("| eu"));
    expect(row?.match(/(?<!\\)\|/g)).toHaveLength(5);
  });
});

describe("the HTML report", () => {
  const html = renderHtml(sampleReport());

  test("needs nothing else: no script, no link, no image, no address to load from", () => {
    expect(html).toContain("default-src 'none'");
    expect(html).not.toMatch(/<(?:script|link|img|iframe)|url\(|@import/);
  });

  test("can be read without seeing it: headings of rows and columns, a text for each time line", () => {
    expect(html).toContain('<html lang="en">');
    expect(html.match(/<th scope="row">/g)).toHaveLength(3);
    expect(html.match(/<th scope="col"/g)).toHaveLength(5);
    expect(html).toContain(
      'aria-label="Time line of us: probe after 0.2 s, arrival after 1.0 s, verdict after 1.0 s"',
    );
    expect(html.match(/<summary>/g)).toHaveLength(3);
  });

  test("has light and dark colours", () => {
    expect(html).toContain("prefers-color-scheme: dark");
  });

  test("shows what the SIEM said as text", () => {
    const page = renderHtml(hostileReport());
    expect(page).not.toContain("<script>");
    expect(openTags(page.replace(/^<!doctype html>/, ""))).toEqual([]);
  });
});

describe("a report file", () => {
  test("is written in the format that its ending names", () => {
    expect(rendererFor("a/b.xml")(sampleReport())).toMatch(/^<\?xml/);
    expect(rendererFor("b.HTML")(sampleReport())).toMatch(/^<!doctype html>/);
    const json: unknown = JSON.parse(rendererFor("c.json")(sampleReport()));
    expect(verificationReportSchema.parse(json)).toEqual(sampleReport());
  });

  test("with another ending is an error that names the known ones", () => {
    expect(() => rendererFor("report.pdf")).toThrow(/report\.pdf/);
  });
});

describe("the JSON Schema", () => {
  const validate = new Ajv2020().compile(reportJsonSchema("verification"));

  test("accepts a report, and no other shape", () => {
    expect(validate(sampleReport())).toBe(true);
    expect(validate({ ...sampleReport(), schema_version: 2 })).toBe(false);
    expect(validate({ ...sampleReport(), outcome: "fine" })).toBe(false);
    const { regions, ...rest } = sampleReport();
    expect(validate(rest)).toBe(false);
    expect(validate({ ...rest, regions: [{ ...regions[0], verdict: "perhaps" }] })).toBe(false);
  });
});

describe("a duration", () => {
  test.each([
    ["500ms", 500],
    ["90s", 90_000],
    ["1.5m", 90_000],
    ["6h", 21_600_000],
    ["7d", 604_800_000],
  ])("%s is %i milliseconds", (text, milliseconds) => {
    expect(parseDuration(text)).toBe(milliseconds);
  });

  test.each(["", "90", "s", "-1s", "1 fortnight", "1e3s"])("%j is refused", (text) => {
    expect(() => parseDuration(text)).toThrow(/no duration/);
  });
});

const voidTags = new Set(["meta"]);

/** The tags that are not closed in order; empty for well-formed markup. */
function openTags(markup: string): string[] {
  const stack: string[] = [];
  const text = markup.replace(/<style>[^<]*<\/style>|<\?xml[^>]*\?>/g, "");
  for (const [, closing, name = "", selfClosing] of text.matchAll(
    /<(\/?)([a-zA-Z]\w*)(?:\s[^<>]*?)?(\/?)>/g,
  )) {
    if (selfClosing || voidTags.has(name)) continue;
    if (!closing) stack.push(name);
    else if (stack.at(-1) === name) stack.pop();
    else stack.push(`/${name}`);
  }
  const stray = text.replace(/<\/?[a-zA-Z]\w*(?:\s[^<>]*?)?\/?>/g, "").includes("<");
  return stray ? [...stack, "a stray <"] : stack;
}
