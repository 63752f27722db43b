import type { Browser, Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { failuresFirst } from "../../src/verifier/describe.js";
import { renderHtml } from "../../src/verifier/render/html.js";
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
import { realisticReport } from "./realistic-report.js";

describe.skipIf(!hasBrowser)(`the report page in a real browser${lackOfBrowser}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await startBrowser();
  });
  afterAll(() => browser?.close());

  const withReport = (options: PageOptions, work: (opened: OpenedPage) => Promise<void>) =>
    withPage(browser, renderHtml(realisticReport()), options, work);

  test("asks for nothing but itself and reports no problem", async () => {
    await withReport({}, async ({ page, requests, problems }) => {
      await page.waitForLoadState("networkidle");
      // Browsers ask for an icon on their own; a file that is opened from disk has none either.
      const asked = requests.filter((url) => !url.endsWith("/favicon.ico"));
      expect(asked).toEqual([pageUrl]);
      expect(problems.filter((text) => !text.includes("ERR_FAILED"))).toEqual([]);
    });
  });

  test.each(schemes)("has no accessibility violation in %s, opened or closed", async (scheme) => {
    // The page's own policy forbids scripts, and the checker is one.
    await withReport({ colorScheme: scheme, bypassCSP: true }, async ({ page }) => {
      await expect(accessibilityProblems(page)).resolves.toEqual([]);
      await unfold(page);
      await expect(accessibilityProblems(page)).resolves.toEqual([]);
    });
  });

  test("takes the reader's colours", async () => {
    const backgrounds = new Set<string>();
    for (const colorScheme of schemes) {
      await withReport({ colorScheme }, async ({ page }) => {
        backgrounds.add(
          await page.evaluate<string>("getComputedStyle(document.body).backgroundColor"),
        );
      });
    }
    expect(backgrounds.size).toBe(2);
  });

  test("can be read with the keyboard: the table scrolls, each region opens", async () => {
    await withReport({ width: 420 }, async ({ page }) => {
      await page.keyboard.press("Tab");
      await expect(focused(page)).resolves.toBe("Regions");
      for (const { region, timeline } of failuresFirst(realisticReport().regions)) {
        await page.keyboard.press("Tab");
        await expect(focused(page)).resolves.toBe(`What happened in ${region}`);
        const moments = page.locator("tbody", { hasText: `What happened in ${region}` });
        await expect(moments.locator("ol").isVisible()).resolves.toBe(false);
        await page.keyboard.press("Enter");
        await expect(moments.locator("ol").isVisible()).resolves.toBe(true);
        await expect(moments.locator("li").count()).resolves.toBe(timeline.length);
      }
    });
  });

  test.each([320, 420, 1280])(
    "fits a window of %i pixels: only the table scrolls sideways",
    async (width) => {
      await withReport({ width }, async ({ page }) => {
        await expect(page.evaluate("document.documentElement.scrollWidth")).resolves.toBe(width);
        const advice = await page.locator("dd").first().boundingBox();
        expect((advice?.x ?? 0) + (advice?.width ?? width)).toBeLessThanOrEqual(width);
      });
    },
  );

  test.each(schemes)("is kept as a picture in %s", async (scheme) => {
    await withReport({ colorScheme: scheme }, ({ page }) =>
      keepPicture(page, `verification-report-${scheme}`),
    );
  });
});

/** The name of what has the keyboard's focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
  );
}
