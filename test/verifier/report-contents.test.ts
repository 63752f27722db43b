import * as fc from "fast-check";
import { describe, expect, test } from "vitest";
import { pausedInCode, unopenedRegion } from "../../src/verifier/left-out.js";
import { renderBrief } from "../../src/verifier/render/brief.js";
import { renderHealth } from "../../src/verifier/render/health.js";
import { renderHtml } from "../../src/verifier/render/html.js";
import { rendererFor } from "../../src/verifier/render/index.js";
import { renderJUnit } from "../../src/verifier/render/junit.js";
import { renderMarkdown } from "../../src/verifier/render/markdown.js";
import { renderText } from "../../src/verifier/render/text.js";
import { replayAdvice } from "../../src/verifier/replay-advice.js";
import type { RegionReport, VerificationReport } from "../../src/verifier/report.js";
import type { HealthReport } from "../../src/verifier/status-report.js";
import { sampleReport } from "./sample-report.js";

const formats = {
  text: renderText,
  JSON: rendererFor("r.json"),
  JUnit: renderJUnit,
  Markdown: renderMarkdown,
  HTML: renderHtml,
};
const everyFormat = Object.entries(formats);

/** As one line without what a format adds: words may be wrapped and escaped. */
function plain(text: string): string {
  return text
    .replace(/\\([^nt])/g, "$1")
    .replace(/&(?:quot|#39|amp);/g, '"')
    .replace(/\u200b/g, "")
    .replace(/\s+/g, " ");
}

describe.each(everyFormat)("the report as %s", (_format, render) => {
  test("lists what was left out, and why", () => {
    const report = {
      ...sampleReport(),
      left_out: [pausedInCode("me"), unopenedRegion("sg")],
    };
    const text = plain(render(report));
    expect(text).toContain("Paused in the code, left out");
    expect(text).toContain("Konnect does not open sg to this token");
    expect(text).toMatch(/\bme\b/);
  });

  test("holds the warnings", () => {
    const report = { ...sampleReport(), warnings: ["mars is no region that Konnect documents"] };
    expect(plain(render(report))).toContain("mars is no region that Konnect documents");
  });

  test("holds what is known of lost deliveries, and the commands", () => {
    const report = sampleReport({ lost_since: "2026-11-22T09:30:00.000Z" });
    const text = plain(render({ ...report, replay_advice: replayAdvice(report) }));
    expect(text).toContain("konnect-audit replay --region eu --since 2026-11-22T09:25:00.000Z");
    expect(text).toContain(
      "when the first one failed can't be seen".replace("'", text.includes("can't") ? "'" : '"'),
    );
    expect(text).toContain("does not prove that none was lost");
    expect(text).not.toContain("nothing to replay");
  });

  test("says when it was made", () => {
    expect(plain(render(sampleReport()))).toContain("2026-11-22T10:00:00.000Z");
  });
});

test("Markdown begins with the marker by which a comment is found again", () => {
  expect(renderMarkdown(sampleReport())).toMatch(/^<!-- konnect-audit verify -->\n/);
});

describe("what others say", () => {
  const commands = fc.constantFrom(
    "::error::owned",
    "::stop-commands::tok",
    "::add-mask::e",
    "##[error]x",
    "##vso[task.complete]",
    "\n::error::x",
    "\u001b[31m",
    "\u009b2J",
    "\u202e",
    "\u2066",
    "\u200b",
    "&commat;octocat",
  );
  const hostile = fc
    .array(fc.oneof(commands, fc.string({ unit: "grapheme", maxLength: 30 }), fc.constant(" ")), {
      maxLength: 30,
    })
    .map((parts) => parts.join(""));
  const health = (text: string): HealthReport => ({
    schema_version: 1,
    kind: "konnect-audit/status",
    read_at: "2026-11-22T10:00:00.000Z",
    exit_code: 2,
    regions: [
      {
        region: "eu",
        health: "failing",
        endpoint: text,
        log_format: text,
        webhook_status: text,
        last_attempt: { at: text, response_code: 400, response_message: text },
        hint: text,
        error: { code: "X", message: text, remedy: text },
      },
    ],
    warnings: [text],
  });
  const report = (text: string): VerificationReport => {
    const region: Partial<RegionReport> = {
      endpoint: text,
      log_format: text,
      hint: text,
      differences: [{ field: text, expected: text, actual: text }],
      last_attempt: { at: "x", response_code: 500, response_message: text },
      timeline: [{ after_ms: 1, kind: "attempt", text }],
      error: { code: "X", message: text, remedy: text },
    };
    const given = sampleReport(region);
    return { ...given, warnings: [text], left_out: [{ ...pausedInCode("me"), text }] };
  };
  const outputs: [string, (text: string) => string][] = [
    ["brief", (text) => renderBrief(report(text))],
    ["status", (text) => renderHealth(health(text))],
    ...everyFormat.map(([name, render]): [string, (text: string) => string] => [
      name,
      (text) => render(report(text)),
    ]),
  ];

  test.each(outputs)("is no command and steers no terminal in %s", (_name, render) => {
    fc.assert(
      fc.property(hostile, (text) => {
        const shown = render(text);
        const lines = shown.split("\n");
        expect(lines.filter((line) => /^\s*::\s*[a-z]/i.test(line))).toEqual([]);
        expect(shown).not.toMatch(/##\[|##vso\[/);
        expect(shown.replace(/\n/g, "")).not.toMatch(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/u);
        expect(shown.length).toBeLessThan(200_000);
      }),
    );
  });

  test("can't write a character of Markdown's own by an entity", () => {
    expect(renderMarkdown(report("&commat;octocat &num;1"))).not.toMatch(/(?<!\\)&(?:commat|num)/);
  });

  test("is bounded, however much it is", () => {
    for (const [, render] of outputs) {
      expect(render("long ".repeat(200_000)).length).toBeLessThan(200_000);
    }
  });
});

describe("text on a terminal", () => {
  const same = "Check that the token is complete, and belongs to this organisation.";

  test("says a fix that several regions share once", () => {
    const report = sampleReport({ hint: same });
    report.regions.push({ ...(report.regions[1] as RegionReport), region: "me" });
    const text = renderText(report);
    expect(text.replace(/\s+/g, " ").split(same)).toHaveLength(2);
    expect(text).toContain("Fix for eu, me: ");
  });

  test("shows the failed regions first", () => {
    const rows = renderText(sampleReport())
      .split("\n")
      .flatMap((line) => /^(us|eu|au) /.exec(line)?.[1] ?? []);
    expect(rows).toEqual(["eu", "au", "us"]);
  });
});
