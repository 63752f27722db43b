import { Ajv2020 } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import * as fc from "fast-check";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { driftReportJsonSchema } from "../../src/gitops/drift-report.js";
import { renderDriftAnnotations } from "../../src/gitops/render/annotations.js";
import { renderDriftJUnit } from "../../src/gitops/render/drift-junit.js";
import { renderDriftMarkdown } from "../../src/gitops/render/drift-markdown.js";
import { renderDriftText } from "../../src/gitops/render/drift-text.js";
import { commentLimit, fitMarkdown } from "../../src/gitops/render/fit-markdown.js";
import { sampleDrift, sampleFinding, sampleStack } from "./sample-drift.js";
import { parseXml, type XmlElement } from "./xml.js";

const hostile = '</details><script>alert("1")</script>\u0000\u001b[2J|`@everyone -->\n# x';
const ignored = {
  ...sampleFinding({ field: "enabled" }),
  reason: "maintenance",
  expires: "2027-01-31",
};
const failed = sampleStack({
  stack: "broken",
  verdict: "error",
  findings: [],
  unverifiable: [],
  error: { code: "GITOPS_TERRAFORM_FAILED", message: "No token.", remedy: "Set KONNECT_TOKEN." },
});

const hostileReport = (text: string) =>
  sampleDrift({
    stacks: [
      sampleStack({
        stack: text,
        findings: [sampleFinding({ expected: text, actual: text, field: text, region: text })],
        ignored: [{ ...ignored, reason: text }],
        error: { code: text, message: text, remedy: text },
      }),
      sampleStack({ stack: text, findings: [sampleFinding({ actual: text, resource: text })] }),
    ],
  });

describe("the JSON Schema of the drift report", () => {
  const validate = addFormats.default(new Ajv2020()).compile(driftReportJsonSchema());

  test("accepts what is printed, and no other shape", () => {
    const report = JSON.parse(
      JSON.stringify(sampleDrift({ stacks: [sampleStack({ ignored: [ignored] }), failed] })),
    );
    expect(validate(report), JSON.stringify(validate.errors)).toBe(true);
    expect(validate({ ...report, schemaVersion: 2 })).toBe(false);
    expect(validate({ ...report, verdict: "fine" })).toBe(false);
    const { stacks, ...rest } = report;
    expect(validate(rest)).toBe(false);
  });
});

describe("the drift report as Markdown", () => {
  test("begins with the marker, then says what is wrong before anything else", () => {
    const markdown = renderDriftMarkdown(
      sampleDrift({ stacks: [sampleStack(), failed] }),
      commentLimit,
    );
    expect(markdown.split("\n").slice(0, 2)).toEqual([
      "<!-- konnect-audit drift -->",
      "## ❌ Audit-log webhooks: 0 of 2 stacks in sync, 1 out of sync, 1 inconclusive",
    ]);
    expect(markdown).toContain(
      "| audit | eu | drift | log\\_format:<br>expected cef<br>found json |",
    );
    expect(markdown.indexOf("No token.")).toBeLessThan(markdown.indexOf("| audit | eu"));
    expect(markdown).toMatch(
      /<details><summary>What no plan can tell<\/summary>\n\n- authorization \((?:audit: )?eu, /,
    );
  });

  test("still lists what is ignored, and rules to review", () => {
    const rule = { region: "eu", field: "enabled", reason: "maintenance", expires: "2026-01-31" };
    const report = sampleDrift({
      verdict: "in sync",
      stacks: [sampleStack({ findings: [], ignored: [ignored] })],
      ignoreRules: { expired: [rule], stale: [{ ...rule, region: "us" }] },
    });
    for (const text of [
      renderDriftMarkdown(report, commentLimit),
      renderDriftText(report, pc.createColors(false)),
    ]) {
      expect(text).toMatch(/ignored until 2027-01-31: maintenance/i);
      expect(text).toMatch(/expired[\s\S]*eu, enabled \(until 2026-01-31\): maintenance/i);
      expect(text).toMatch(/match(?:es)? nothing any more[\s\S]*us, enabled/i);
    }
  });

  test("lets no value become markup, name somebody, or end a cell", () => {
    const markdown = renderDriftMarkdown(hostileReport(hostile), commentLimit);
    expect(markdown).not.toMatch(/<script>|@everyone/);
    expect(markdown.match(/<details>/g)).toHaveLength(markdown.match(/<\/details>/g)?.length ?? 0);
    expect(markdown.match(/(?<!\\)-->/g)).toHaveLength(1);
    const rows = markdown.split("\n").filter((line) => line.startsWith("| "));
    for (const row of rows) expect(row.match(/(?<!\\)\|/g)).toHaveLength(5);
  });

  test("stays within what GitHub takes, and says how much is left out", () => {
    const stacks = Array.from({ length: 2_000 }, (_, index) =>
      sampleStack({ stack: `s${index}`, findings: [sampleFinding({ actual: "ö".repeat(900) })] }),
    );
    const markdown = renderDriftMarkdown(sampleDrift({ stacks }), commentLimit);
    expect(Buffer.byteLength(markdown)).toBeLessThanOrEqual(commentLimit);
    const shown = markdown.split("\n").filter((line) => line.startsWith("| s")).length;
    expect(shown).toBeGreaterThan(50);
    expect(markdown).toMatch(/Shortened to fit: \d+ lines are left out/);
    expect(markdown.match(/<details>/g)?.length).toBe(markdown.match(/<\/details>/g)?.length);
  });
});

describe("fitting Markdown into a limit", () => {
  const section = fc.record({
    head: fc.string({ minLength: 1, maxLength: 20 }).map((text) => `# ${text}`),
    items: fc.array(fc.string({ unit: "grapheme", maxLength: 60 }).map((text) => `- item ${text}`)),
    tail: fc.constant("</details>"),
  });
  const itemsIn = (text: string) => text.match(/^- item/gm)?.length ?? 0;

  test("never exceeds it, and counts every line that it leaves out", () => {
    fc.assert(
      fc.property(fc.array(section), fc.integer({ min: 200, max: 3_000 }), (sections, limit) => {
        const text = fitMarkdown(sections, limit);
        expect(Buffer.byteLength(text)).toBeLessThanOrEqual(limit);
        const omitted = Number(/^_Shortened to fit: (\d+)/m.exec(text)?.[1] ?? 0);
        const all = sections.reduce((sum, { items }) => sum + itemsIn(items.join("\n")), 0);
        expect(itemsIn(text) + omitted).toBe(all);
      }),
    );
  });
});

describe("the drift report as JUnit XML", () => {
  /** What Jenkins' and GitLab's readers share: suites, counted cases, at most one outcome each. */
  function expectJUnit(root: XmlElement) {
    expect(root.name).toBe("testsuites");
    for (const suite of root.children) {
      expect(suite.name).toBe("testsuite");
      const outcomes = suite.children.flatMap((entry) => {
        expect(entry.name).toBe("testcase");
        expect(Object.keys(entry.attributes).sort()).toEqual(["classname", "name"]);
        expect(entry.children.length).toBeLessThanOrEqual(1);
        return entry.children.map(({ name }) => name);
      });
      const count = (name: string) => String(outcomes.filter((outcome) => outcome === name).length);
      expect(suite.attributes).toEqual({
        name: expect.any(String),
        tests: String(suite.children.length),
        failures: count("failure"),
        errors: count("error"),
        skipped: count("skipped"),
      });
    }
  }

  test("has a case per resource and check: failed, passed, skipped when ignored, and an error per stack", () => {
    const root = parseXml(
      renderDriftJUnit(
        sampleDrift({
          stacks: [sampleStack({ ignored: [{ ...ignored, kind: "pending" }] }), failed],
        }),
      ),
    );
    expectJUnit(root);
    const cases = root.children.flatMap(({ children }) =>
      children.map(({ attributes, children: [outcome] }) => [
        attributes.name,
        outcome?.name ?? "passed",
      ]),
    );
    expect(cases).toEqual([
      ["region eu: Konnect has what was applied", "failure"],
      ["region eu: the code is applied", "skipped"],
      ["region eu: no gate failed at the last apply", "passed"],
      ["region eu: deliveries succeed", "skipped"],
      ["region us: Konnect has what was applied", "passed"],
      ["region us: the code is applied", "passed"],
      ["region us: no gate failed at the last apply", "passed"],
      ["region us: deliveries succeed", "skipped"],
      ["the stack can be checked", "error"],
    ]);
  });

  test("is valid whatever the values are", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), (text) => {
        expectJUnit(parseXml(renderDriftJUnit(hostileReport(`${hostile}${text}`))));
      }),
    );
  });
});

describe("GitHub annotations of drift", () => {
  test("are one line each, whatever the values are", () => {
    const lines = renderDriftAnnotations(hostileReport("a\n::warning::b, c: 100%"));
    expect(lines).toHaveLength(3);
    for (const line of lines) expect(line).toMatch(/^::error title=[^:,\n]*::[^\n]*$/);
    expect(renderDriftAnnotations(sampleDrift())).toEqual([
      "::error title=audit::drift: eu, log_format: expected cef, found json",
    ]);
  });
});
