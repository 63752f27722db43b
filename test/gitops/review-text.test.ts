import { readFileSync } from "node:fs";
import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { Writable } from "node:stream";
import { Command } from "commander";
import pc from "picocolors";
import { describe, expect, test } from "vitest";
import { registerReview } from "../../src/cli/commands/review.js";
import { CleanUps } from "../../src/core/clean-ups.js";
import { systemClock } from "../../src/core/clock.js";
import { renderDriftHtml } from "../../src/gitops/render/drift-html.js";
import { renderReviewText } from "../../src/gitops/render/review-text.js";
import { reviewPlan } from "../../src/gitops/review.js";
import type { Synthesis } from "../../src/gitops/synthesis.js";
import { createProject } from "./drift-stage.js";
import { uncleaned } from "./raw-text.js";
import { sampleDrift } from "./sample-drift.js";
import { samplePlan, samplePlanJson, sampleUpdate } from "./sample-plan.js";

const synthesis = (...policies: Synthesis["policies"]) =>
  uncleaned<Synthesis>({
    policies,
    warnings: ["eu", "us"].map((region) => ({ path: `audit/${region}`, text: "A caveat." })),
    errors: [],
  });
const policy = (name: string, result: "holds" | "violated" | "not judged" = "holds") =>
  uncleaned<Synthesis["policies"][number]>({ policy: name, result });

describe("the review as text", () => {
  test("says risks, changes and policies in plain words, once each", () => {
    const change = sampleUpdate({ enabled: false }, { authorization_revision: true });
    const review = reviewPlan("audit", samplePlan([change]), synthesis(policy("requireTls")));
    expect(renderReviewText([review], pc.createColors(false)).split("\n")).toEqual([
      "audit",
      "  ! Paused in eu",
      "    Delivery stops until it is enabled again.",
      "  ! Credential rotated in eu",
      "    The credential is written again, as its value differs or is not known here.",
      "  eu: update",
      "    konnectaudit_webhook.r0",
      "    enabled: true → false",
      "    authorization: (secret) → (secret, written)",
      "  Policies: requireTls holds.",
      "  Synth warns at audit/eu, audit/us: A caveat.",
      "  Not checkable: authorization, which Konnect never returns. The deploy's gate",
      "  or konnect-audit verify proves it.",
      "",
      "Audit-log webhooks: 1 change; 2 risks.",
    ]);
  });

  test("names policies that are violated or were not evaluated as risks", () => {
    const policies = synthesis(policy("p", "violated"), policy("q", "not judged"), policy("r"));
    const review = reviewPlan("audit", samplePlan([]), policies);
    expect(review.risks.map(({ name, resource }) => [name, resource])).toEqual([
      ["policy-violated", "p"],
      ["policy-not-evaluated", "q"],
    ]);
    expect(renderReviewText([review], pc.createColors(false))).toContain("no changes; 2 risks.");
  });
});

describe("konnect-audit review on a terminal", () => {
  async function printed(args: readonly string[], isTTY: boolean): Promise<string> {
    await using project = await createProject({});
    await writeFile(
      join(project.cwd, "audit.json"),
      samplePlanJson([sampleUpdate({ log_format: "json" })]),
    );
    let text = "";
    const stdout = Object.assign(
      new Writable({
        write(chunk, _encoding, done) {
          text += String(chunk);
          done();
        },
      }),
      { isTTY },
    );
    const program = new Command().exitOverride();
    registerReview(program, {
      stdout,
      stderr: stdout,
      env: {},
      signal: new AbortController().signal,
      cleanUps: new CleanUps(),
      watchParent: () => () => {},
      clock: systemClock,
      random: Math.random,
      cwd: project.cwd,
      interactive: false,
      exitCode() {},
    });
    await program.parseAsync(["review", "audit.json", ...args], { from: "user" });
    return text;
  }

  test("is text; Markdown elsewhere, and where it is asked for", async () => {
    const text = await printed([], true);
    expect(text).toContain("  eu: update\n");
    expect(text).not.toMatch(/\\_|<!--|\*\*/);
    expect(await printed([], false)).toMatch(/^<!-- konnect-audit review -->/);
    expect(await printed(["--markdown", "-"], true)).toMatch(/^<!-- konnect-audit review -->/);
  });
});

test("what no plan can show is a list of lines in the page, grouped by reason", () => {
  const page = renderDriftHtml(sampleDrift());
  expect(page).toContain(
    "<li>authorization (eu, us): Konnect never returns authorization.</li></ul></details>",
  );
  // The grid of a time line is for ordered lists only.
  const style = readFileSync(
    new URL("../../src/verifier/render/html-style.ts", import.meta.url),
    "utf8",
  );
  expect(style).not.toMatch(/^details li \{/m);
});
