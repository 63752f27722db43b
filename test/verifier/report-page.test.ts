import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { renderHtml } from "../../src/verifier/render/html.js";
import { realisticReport } from "./realistic-report.js";

const artifacts = resolve(dirname(fileURLToPath(import.meta.url)), "../../artifacts");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const chromiums = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = [process.env.CHROMIUM_PATH ?? "", ...chromiums].find((path) =>
  existsSync(path),
);
const lack = executablePath ? "" : " (SKIPPED: needs Chromium)";
const schemes = ["light", "dark"] as const;

interface Opened {
  page: Page;
  /** Addresses that the page asked for, its own among them. */
  requests: string[];
  problems: string[];
}

describe.skipIf(!executablePath)(`the report page in a real browser${lack}`, () => {
  let browser: Browser;

  beforeAll(async () => {
    browser = await chromium.launch({
      ...(executablePath ? { executablePath } : {}),
      args: [
        "--no-sandbox",
        "--headless",
        "--disable-gpu",
        "--disable-background-networking",
        "--no-first-run",
      ],
    });
  });

  afterAll(() => browser?.close());

  /** Opens the report as a browser opens a saved file, but from memory: its address alone is answered. */
  async function withPage(
    options: { colorScheme?: "light" | "dark"; width?: number; bypassCSP?: boolean },
    work: (opened: Opened) => Promise<void>,
  ): Promise<void> {
    const { colorScheme = "light", width = 1280, bypassCSP = false } = options;
    const viewport = { width, height: 800 };
    const context = await browser.newContext({ colorScheme, viewport, bypassCSP });
    const requests: string[] = [];
    const problems: string[] = [];
    try {
      await context.route("**/*", (route) => {
        const isPage = route.request().url() === "http://report.invalid/";
        return isPage
          ? route.fulfill({ contentType: "text/html", body: renderHtml(realisticReport()) })
          : route.abort();
      });
      const page = await context.newPage();
      page.on("request", (request) => requests.push(request.url()));
      page.on("console", (message) => problems.push(message.text()));
      page.on("pageerror", (error) => problems.push(error.message));
      await page.goto("http://report.invalid/");
      await work({ page, requests, problems });
    } finally {
      await context.close();
    }
  }

  test("asks for nothing but itself and reports no problem", async () => {
    await withPage({}, async ({ page, requests, problems }) => {
      await page.waitForLoadState("networkidle");
      // Browsers ask for an icon on their own; a file that is opened from disk has none either.
      const asked = requests.filter((url) => !url.endsWith("/favicon.ico"));
      expect(asked).toEqual(["http://report.invalid/"]);
      expect(problems.filter((text) => !text.includes("ERR_FAILED"))).toEqual([]);
    });
  });

  test.each(schemes)("has no accessibility violation in %s, opened or closed", async (scheme) => {
    // The page's own policy forbids scripts, and the checker is one.
    await withPage({ colorScheme: scheme, bypassCSP: true }, async ({ page }) => {
      await page.addScriptTag({ path: axe });
      for (const step of ["closed", "opened"]) {
        const { violations, passes } = await page.evaluate<AxeResults>("axe.run(document)");
        const found = violations.map(({ id, nodes }) => `${step}: ${id} ${nodes[0]?.html}`);
        expect(found).toEqual([]);
        expect(passes.map(({ id }) => id)).toContain("color-contrast");
        await page.evaluate("document.querySelectorAll('details').forEach((d) => (d.open = true))");
      }
    });
  });

  test("takes the reader's colours", async () => {
    const backgrounds = new Set<string>();
    for (const colorScheme of schemes) {
      await withPage({ colorScheme }, async ({ page }) => {
        backgrounds.add(
          await page.evaluate<string>("getComputedStyle(document.body).backgroundColor"),
        );
      });
    }
    expect(backgrounds.size).toBe(2);
  });

  test("can be read with the keyboard: the table scrolls, each region opens", async () => {
    await withPage({ width: 420 }, async ({ page }) => {
      await page.keyboard.press("Tab");
      await expect(focused(page)).resolves.toBe("Regions");
      for (const { region, timeline } of realisticReport().regions) {
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
      await withPage({ width }, async ({ page }) => {
        await expect(page.evaluate("document.documentElement.scrollWidth")).resolves.toBe(width);
        const advice = await page.locator("dd").first().boundingBox();
        expect((advice?.x ?? 0) + (advice?.width ?? width)).toBeLessThanOrEqual(width);
      });
    },
  );

  test.each(schemes)("is kept as a picture in %s", async (scheme) => {
    await mkdir(artifacts, { recursive: true });
    await withPage({ colorScheme: scheme }, async ({ page }) => {
      const path = join(artifacts, `verification-report-${scheme}.png`);
      const picture = await page.screenshot({ path, fullPage: true });
      expect(picture.subarray(1, 4).toString()).toBe("PNG");
    });
  });
});

/** The name of what has the keyboard's focus. */
function focused(page: Page): Promise<string> {
  return page.evaluate<string>(
    "document.activeElement.getAttribute('aria-label') ?? document.activeElement.textContent",
  );
}
