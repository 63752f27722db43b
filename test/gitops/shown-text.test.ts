import { mkdtemp, rm, stat, truncate, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { renderDriftAnnotations } from "../../src/gitops/render/annotations.js";
import { renderDriftJUnit } from "../../src/gitops/render/drift-junit.js";
import { renderDriftMarkdown } from "../../src/gitops/render/drift-markdown.js";
import { renderDriftText } from "../../src/gitops/render/drift-text.js";
import { commentLimit } from "../../src/gitops/render/fit-markdown.js";
import { renderReviewText } from "../../src/gitops/render/review-text.js";
import { reviewPlan } from "../../src/gitops/review.js";
import { appendStepSummary } from "../../src/gitops/write-report.js";
import { escapeMarkdown } from "../../src/verifier/render/escape.js";
import { sampleDrift, sampleFinding, sampleStack } from "./sample-drift.js";
import { samplePlan, sampleUpdate, sampleWebhook } from "./sample-plan.js";

const hostile =
  "x\n::stop-commands::tok\r\n##[error]two\u001b[31m\u009b31m\u202e section_start:1:a ::error::owned";

/** What steers a terminal, or begins a command of a CI system at a line's beginning. */
function problemsOf(text: string): string[] {
  return [
    ...(text.match(/[^\P{Cc}\n]|[\u202a-\u202e\u2066-\u2069\u200b-\u200f]/gu) ?? []),
    ...(text.match(/^\s*::(?!error title=|warning title=).*/gm) ?? []),
    ...(text.match(/##\[|section_start:/g) ?? []),
  ];
}

const drift = sampleDrift({
  stacks: [
    sampleStack({
      stack: hostile,
      findings: [
        sampleFinding({ region: hostile, field: hostile, expected: hostile, actual: hostile }),
      ],
      ignored: [{ ...sampleFinding({ actual: hostile }), reason: hostile, expires: "2027-01-31" }],
      unverifiable: [
        {
          resource: hostile,
          region: hostile,
          what: "delivery",
          reason: `${hostile} ${"w ".repeat(60)}${hostile}`,
        },
      ],
      error: { code: "X", message: `${hostile}\n${hostile}`, remedy: hostile },
    }),
  ],
  ignoreRules: {
    expired: [{ region: hostile, field: hostile, reason: hostile, expires: "2026-01-31" }],
    stale: [],
  },
});

describe("text of others", () => {
  test("steers no terminal and no CI system in the drift report as text", () => {
    expect(problemsOf(renderDriftText(drift, pc.createColors(false)))).toEqual([]);
  });

  test("steers none in annotations, which are one line each", () => {
    const lines = renderDriftAnnotations(drift);
    expect(lines).toHaveLength(2);
    for (const line of lines) expect(line).not.toContain("\n");
    expect(problemsOf(lines.join("\n"))).toEqual([]);
  });

  test("steers none in a review as text", () => {
    const change = {
      ...sampleUpdate({ log_format: hostile }),
      before: { ...sampleWebhook, region: hostile },
    };
    const checks = [
      {
        address: { to_display: hostile },
        status: "fail",
        instances: [{ status: "fail", problems: [{ message: hostile }] }],
      },
    ];
    const review = reviewPlan(hostile, samplePlan([change], { checks }));
    expect(problemsOf(renderReviewText([review], pc.createColors(false)))).toEqual([]);
  });

  test.each([
    "&commat;octocat",
    "&num;1",
    "&lt;img src=x&gt;",
    "&#60;b&#62;",
    "http&colon;//evil.example.com",
    "&lsqb;a&rsqb;&lpar;b&rpar;",
    "a &amp; b",
    "&",
    "\\&commat;octocat",
  ])("stays as it is in Markdown: %s", (text) => {
    const html = micromark(`- x ${escapeMarkdown(text)}\n`, {
      extensions: [gfm()],
      htmlExtensions: [gfmHtml()],
    });
    const shown = text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");
    // A zero-width space keeps a number from becoming a link to an issue.
    expect(html.replaceAll("\u200b", "")).toContain(`<li>x ${shown}</li>`);
  });
});

describe("a text at the beginning of a list's item", () => {
  test.each(["1. x", "12) x", " 1. x", "- x", "+ x", "---", "===", "-1", "1.5"])(
    "begins nothing of its own: %s",
    (text) => {
      const html = micromark(`- ${escapeMarkdown(text)}\n`, {
        extensions: [gfm()],
        htmlExtensions: [gfmHtml()],
      });
      expect(html).toBe(`<ul>\n<li>${text.trim()}</li>\n</ul>\n`);
    },
  );
});

describe("what no plan can show", () => {
  test("is grouped by its reason, with one place a region", () => {
    const markdown = renderDriftMarkdown(sampleDrift(), commentLimit);
    expect(markdown).toContain("- authorization (eu, us): Konnect never returns authorization.");
    const two = renderDriftMarkdown(
      sampleDrift({ stacks: [sampleStack(), sampleStack({ stack: "labs" })] }),
      commentLimit,
    );
    expect(two).toContain("- authorization (audit: eu, audit: us, labs: eu, labs: us): ");
  });
});

describe("the drift report as JUnit XML", () => {
  const names = (changes: Parameters<typeof sampleStack>[0], health = true) =>
    [
      ...renderDriftJUnit(sampleDrift({ health, stacks: [sampleStack(changes)] })).matchAll(
        /<testcase classname="([^"]*)" name="([^"]*)"/g,
      ),
    ].map(([, resource, name]) => `${resource} ${name}`);
  const check = (region: string, outcome: string) => ({
    resource: `check.${region}_health`,
    region,
    outcome: outcome as "succeed",
  });
  const inSync = { findings: [], deliveryChecks: [check("eu", "succeed"), check("us", "succeed")] };

  test("has the same cases whatever is found", () => {
    const kinds = ["drift", "pending", "gate failed", "delivery failing"] as const;
    for (const kind of kinds) {
      const resource = kind === "drift" || kind === "pending" ? undefined : "terraform_data.x";
      const found = sampleFinding({ kind, ...(resource ? { resource } : {}) });
      const stack = { ...inSync, findings: [found] };
      expect(names(stack)).toEqual(names(inSync));
      expect(
        names({ ...stack, findings: [], ignored: [{ ...found, reason: "r", expires: "e" }] }),
      ).toEqual(names(inSync));
    }
    const deferred = [check("eu", "unknown"), check("us", "succeed")];
    expect(names({ ...inSync, deliveryChecks: deferred })).toEqual(names(inSync));
    expect(names(inSync)).toHaveLength(8);
    expect(names(inSync, false)).toHaveLength(6);
  });

  test("skips a region whose deliveries no check can judge, and says why", () => {
    const xml = renderDriftJUnit(
      sampleDrift({
        stacks: [
          sampleStack({
            findings: [],
            deliveryChecks: [check("eu", "unknown")],
            unverifiable: ["eu", "us"].flatMap((region) => [
              {
                resource: `konnectaudit_webhook.${region}`,
                region,
                what: "authorization" as const,
                reason: "No.",
              },
              ...(region === "eu"
                ? [
                    {
                      resource: "check.eu_health",
                      region,
                      what: "delivery" as const,
                      reason: "Later.",
                    },
                  ]
                : []),
            ]),
          }),
        ],
      }),
    );
    expect(xml.match(/<skipped message="inconclusive">[^<]*/g)).toEqual([
      '<skipped message="inconclusive">Later.',
      '<skipped message="inconclusive">No health check of the code judges it.',
    ]);
  });
});

describe("the summary of a step", () => {
  test("is left as it is when it is full, and an error of the renderer is its own", async () => {
    const folder = await mkdtemp(join(tmpdir(), "konnect-audit-summary-"));
    try {
      const file = join(folder, "summary.md");
      await writeFile(file, "");
      for (const size of [1_048_576, 2_000_000, 1_048_570]) {
        await truncate(file, size);
        const limits: number[] = [];
        const render = (limit: number) => {
          limits.push(limit);
          return "a report that is longer";
        };
        expect(await appendStepSummary(file, render)).toBe(false);
        expect((await stat(file)).size).toBe(size);
        expect(limits.every((limit) => limit > 0)).toBe(true);
      }
      await truncate(file, 0);
      const broken = appendStepSummary(file, () => {
        throw new TypeError("a bug");
      });
      await expect(broken).rejects.toThrow(TypeError);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
});
