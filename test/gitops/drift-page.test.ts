import type { Browser } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderDriftHtml } from "../../src/gitops/render/drift-html.js";
import {
  accessibilityProblems,
  hasBrowser,
  keepPicture,
  lackOfBrowser,
  type OpenedPage,
  type PageOptions,
  pageUrl,
  schemes,
  startBrowser,
  unfold,
  withPage,
} from "../support/browser.js";
import { realisticReport } from "../verifier/realistic-report.js";
import { realisticDrift } from "./realistic-drift.js";
import { sampleDrift, sampleFinding, sampleStack } from "./sample-drift.js";

describe.skipIf(!hasBrowser)(`the drift page in a real browser${lackOfBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const withDrift = (options: PageOptions, work: (opened: OpenedPage) => Promise<void>) =>
    withPage(browser, renderDriftHtml(realisticDrift(), realisticReport()), options, work);

  test("says the verdict first, then each stack, each difference, and what deliveries do", async () => {
    await withDrift({}, async ({ page, requests, problems }) => {
      await expect(page.locator(".headline").innerText()).resolves.toBe(
        "2 of 4 stacks in sync, 1 out of sync, 1 inconclusive.",
      );
      await expect(page.locator("header.error .badges li").allInnerTexts()).resolves.toEqual([
        "✓ 2 in sync",
        "! 1 inconclusive",
        "✕ 2 drift",
        "! 1 pending",
        "✕ 1 delivery failing",
        "! deliveries inconclusive",
      ]);
      await expect(page.locator("h2").allInnerTexts()).resolves.toEqual([
        "Stacks",
        "What differs",
        "Ignored",
        "Ignore rules to review",
        "What no plan can tell",
        "Deliveries",
      ]);
      const differs = page.getByRole("region", { name: "What differs" }).locator("tbody tr");
      await expect(differs.nth(1).locator("th, td").allInnerTexts()).resolves.toEqual([
        ...["eu", "✕ drift", "enabled", "true", "false"],
      ]);
      await expect(differs.count()).resolves.toBe(4);
      await expect(
        page.getByRole("region", { name: "Regions" }).locator("tbody").count(),
      ).resolves.toBe(realisticReport().regions.length);
      expect(requests.filter((url) => !url.endsWith("/favicon.ico"))).toEqual([pageUrl]);
      expect(problems.filter((text) => !text.includes("ERR_FAILED"))).toEqual([]);
    });
  });

  test("leaves out what there is nothing to say of", async () => {
    const stacks = [sampleStack({ verdict: "in sync", findings: [], unverifiable: [] })];
    const page = renderDriftHtml(sampleDrift({ verdict: "in sync", stacks, health: false }));
    await withPage(browser, page, {}, async ({ page }) => {
      await expect(page.locator("h2").allInnerTexts()).resolves.toEqual(["Stacks"]);
      await expect(page.locator("header.passed .facts").innerText()).resolves.toBe(
        "Checked at 2026-11-22 04:17:00 UTC, without looking at deliveries.",
      );
    });
  });

  test("shows what others wrote as text only", async () => {
    const hostile = '</td></table><script>document.title = "owned"</script><img src=x>\u0000"\'&';
    const finding = sampleFinding({ region: hostile, field: hostile, actual: hostile });
    const stack = sampleStack({ stack: hostile, findings: [finding] });
    const page = renderDriftHtml(sampleDrift({ stacks: [stack] }));
    await withPage(browser, page, { bypassCSP: true }, async ({ page, requests }) => {
      await expect(page.title()).resolves.toMatch(/^Audit-log webhooks:/);
      await expect(page.locator("script, img").count()).resolves.toBe(0);
      const cell = page.getByRole("region", { name: "What differs" }).locator("td").first();
      await expect(cell.innerText()).resolves.toContain("<script>");
      expect(requests.some((url) => url.endsWith("/x"))).toBe(false);
    });
  });

  test.each(schemes)("has no accessibility violation in %s", async (scheme) => {
    await withDrift({ colorScheme: scheme, bypassCSP: true }, async ({ page }) => {
      await unfold(page);
      await expect(accessibilityProblems(page)).resolves.toEqual([]);
    });
  });

  test.each([320, 1280])(
    "fits a window of %i pixels: only tables scroll sideways",
    async (width) => {
      await withDrift({ width }, async ({ page }) => {
        await expect(page.evaluate("document.documentElement.scrollWidth")).resolves.toBe(width);
      });
    },
  );

  test.each(schemes)("is kept as a picture in %s", async (scheme) => {
    await withDrift({ colorScheme: scheme }, ({ page }) =>
      keepPicture(page, `drift-report-${scheme}`),
    );
  });
});
