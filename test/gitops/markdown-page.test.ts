import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderDriftMarkdown } from "../../src/gitops/render/drift-markdown.js";
import { commentLimit } from "../../src/gitops/render/fit-markdown.js";
import { renderReviewMarkdown } from "../../src/gitops/render/review-markdown.js";
import { reviewPlan } from "../../src/gitops/review.js";
import type { Synthesis } from "../../src/gitops/synthesis.js";
import {
  hasBrowser,
  keepPicture,
  lackOfBrowser,
  schemes,
  startBrowser,
  unfold,
  withPage,
} from "../support/browser.js";
import { renderGitHubMarkdown } from "../support/github-markdown.js";
import { uncleaned } from "./raw-text.js";
import { realisticDrift } from "./realistic-drift.js";
import { realisticPlan, realisticSynthesis } from "./realistic-plan.js";
import { sampleDrift, sampleFinding, sampleStack } from "./sample-drift.js";
import { samplePlan, sampleUpdate } from "./sample-plan.js";

const review = () =>
  renderReviewMarkdown([reviewPlan("audit-example", realisticPlan(), realisticSynthesis)], {
    limit: commentLimit,
    runUrl: "https://ci.example.com/runs/42",
  });
const drift = () => renderDriftMarkdown(realisticDrift(), commentLimit);

/** Rows of a table as texts. */
async function rowsOf(page: Page, table: string): Promise<string[][]> {
  const rows = await page.locator(`${table} tbody tr`).all();
  return Promise.all(rows.map((row) => row.locator("td").allInnerTexts()));
}

describe.skipIf(!hasBrowser)(`comments as GitHub shows them${lackOfBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  async function show(markdown: string, work: (page: Page) => Promise<void>): Promise<void> {
    await withPage(browser, await renderGitHubMarkdown(markdown), {}, async ({ page }) => {
      // Nothing of the markup is left over as text: no fence, marker, table rule or escape.
      await unfold(page);
      const text = (await page.locator("main").innerText()).replaceAll("=***", "");
      expect(text).not.toMatch(/<!--|<\/?details|\|\s*---|\\[_*|<>[\]]|\*\*/);
      await page.reload();
      await work(page);
    });
  }

  test("the review: risks as a list, a row per region, everything else folded", async () => {
    await show(review(), async (page) => {
      await expect(page.locator("h2").innerText()).resolves.toBe(
        "Audit-log webhooks: 4 changes, 1 other resource; 5 risks",
      );
      await expect(
        page.locator("main > ul").first().locator("strong").allInnerTexts(),
      ).resolves.toEqual([
        "🔴 Removed",
        "🔴 Paused",
        "🔴 Endpoint host changed",
        "🟡 Credential rotated",
        "🟡 Format changed",
      ]);
      await expect(rowsOf(page, "main > table")).resolves.toEqual([
        ["audit-example", "us", "remove", ""],
        [
          "audit-example",
          "eu",
          "update",
          expect.stringMatching(/^endpoint: https:\S+ → https:\S+\nauthorization: /),
        ],
        [
          "audit-example",
          "au",
          "update",
          "enabled: true → false\nlog_format: cps → json (set back)",
        ],
        ["audit-example", "sg", "create", "https://siem.example.com/in?key=***"],
      ]);
      await expect(page.locator("main > p", { hasText: "Policies" }).innerText()).resolves.toBe(
        "Policies: requireEveryRegion(us, eu, au, sg), requireTlsVerification, allowEndpointHosts(*.example.com) hold.",
      );
      await expect(page.locator("main > ul").nth(1).innerText()).resolves.toMatch(
        /^⚠️ Synth warns at audit-example\/audit: /,
      );
      await expect(page.locator("a").getAttribute("href")).resolves.toBe(
        "https://ci.example.com/runs/42",
      );
      await expect(page.locator("details table").isVisible()).resolves.toBe(false);
      await page.locator("summary", { hasText: "before and after" }).click();
      await expect(page.locator("details table").isVisible()).resolves.toBe(true);
    });
  });

  test("the drift report: what is inconclusive, what differs, the rest folded", async () => {
    await show(drift(), async (page) => {
      await expect(page.locator("h2").innerText()).resolves.toBe(
        "⚠️ Audit-log webhooks: 2 of 4 stacks in sync, 1 out of sync, 1 inconclusive",
      );
      await expect(page.locator("h3").allInnerTexts()).resolves.toEqual([
        "Inconclusive",
        "Expired ignore rules: what they covered counts again",
        "Ignore rules that match nothing any more",
      ]);
      const rows = await rowsOf(page, "main > table");
      expect(rows).toHaveLength(4);
      expect(rows[1]).toEqual([
        "audit-example-labs",
        "eu",
        "drift",
        "enabled:\nexpected true\nfound false",
      ]);
      await expect(page.locator("summary").allInnerTexts()).resolves.toEqual([
        "Ignored (1)",
        "Stacks (4)",
        "What no plan can tell",
      ]);
      await expect(page.locator("details li").first().isVisible()).resolves.toBe(false);
    });
  });

  test("their tables fit the column of a comment", async () => {
    for (const markdown of [review(), drift()]) {
      await show(markdown, async (page) => {
        const table = page.locator("main > table");
        const [needed, given] = await table.evaluate((shown) => [
          shown.scrollWidth,
          shown.clientWidth,
        ]);
        expect(needed).toBeLessThanOrEqual(Number(given));
      });
    }
  });

  test("whatever values hold, they stay text in their cell", async () => {
    const hostile =
      "a | b\n</details><script>x</script> @team #1 www.e.org e@f.org `c` [d](http://e) ![f](g) --> *h* ~~i~~ \\";
    const message = { path: hostile, text: hostile };
    const synthesis = uncleaned<Synthesis>({
      policies: [{ policy: hostile, result: "holds" }],
      warnings: [message],
      errors: [message],
    });
    const shown = hostile.replace("\n", " ").replace(/@|#/g, "$&\u200b");
    const finding = sampleFinding({ region: hostile, field: hostile, actual: hostile });
    const stack = sampleStack({ stack: hostile, findings: [finding] });
    const texts = {
      drift: renderDriftMarkdown(sampleDrift({ stacks: [stack] }), commentLimit),
      review: renderReviewMarkdown(
        [
          reviewPlan(
            hostile,
            samplePlan([sampleUpdate({ region: hostile, log_format: hostile })]),
            synthesis,
          ),
        ],
        { limit: commentLimit },
      ),
    };
    for (const markdown of Object.values(texts)) {
      await withPage(browser, await renderGitHubMarkdown(markdown), {}, async ({ page }) => {
        const [row = []] = await rowsOf(page, "main > table");
        expect(row[0]).toBe(shown);
        await expect(page.locator("script, img, a, em, del, main code").count()).resolves.toBe(0);
      });
    }
  });

  test("one that was cut to GitHub's limit still closes what it opened, and says what is left out", async () => {
    const changes = Array.from({ length: 1_500 }, () =>
      sampleUpdate({ log_format: "x".repeat(200) }),
    );
    const text = renderReviewMarkdown([reviewPlan("audit", samplePlan(changes))], {
      limit: commentLimit,
    });
    expect(Buffer.byteLength(text)).toBeLessThanOrEqual(commentLimit);
    await withPage(browser, await renderGitHubMarkdown(text), {}, async ({ page }) => {
      await expect(page.locator("main > p em").last().innerText()).resolves.toMatch(
        /^Shortened to fit: [1-9]\d* lines are left out/,
      );
    });
  });

  test.each(schemes)("are kept as pictures in %s", async (colorScheme) => {
    for (const [name, markdown] of Object.entries({ review: review(), drift: drift() })) {
      await withPage(browser, await renderGitHubMarkdown(markdown), { colorScheme }, ({ page }) =>
        keepPicture(page, `${name}-comment-${colorScheme}`),
      );
    }
  });
});
