import { existsSync } from "node:fs";
import { mkdir } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join, resolve } from "node:path";
import { fileURLToPath } from "node:url";
import type { AxeResults } from "axe-core";
import { type Browser, chromium, type Page } from "playwright-core";

const artifacts = resolve(dirname(fileURLToPath(import.meta.url)), "../../artifacts");
const axe = createRequire(import.meta.url).resolve("axe-core/axe.min.js");
const chromiums = ["/usr/bin/chromium", "/usr/bin/chromium-browser", "/usr/bin/google-chrome"];
const executablePath = [process.env.CHROMIUM_PATH ?? "", ...chromiums].find((path) =>
  existsSync(path),
);

/** Whether there is a browser; CHROMIUM_PATH names one that is somewhere else. */
export const hasBrowser = executablePath !== undefined;

/** What a test's name says of a browser that is not there. */
export const lackOfBrowser = hasBrowser ? "" : " (SKIPPED: needs Chromium)";

export const schemes = ["light", "dark"] as const;

export interface PageOptions {
  colorScheme?: (typeof schemes)[number];
  /** Pixels. @default 1280 */
  width?: number;
  /** Lets scripts in that the page's own policy forbids, such as the accessibility checker. */
  bypassCSP?: boolean;
}

export interface OpenedPage {
  page: Page;
  /** Addresses that the page asked for, its own among them. */
  requests: string[];
  problems: string[];
}

/** The one address that is answered. */
export const pageUrl = "http://report.invalid/";

export function startBrowser(): Promise<Browser> {
  return chromium.launch({
    ...(executablePath ? { executablePath } : {}),
    args: [
      "--no-sandbox",
      "--headless",
      "--disable-gpu",
      "--disable-background-networking",
      "--no-first-run",
    ],
  });
}

/** Opens a page as a browser opens a saved file, but from memory: its address alone is answered. */
export async function withPage(
  browser: Browser,
  html: string,
  { colorScheme = "light", width = 1280, bypassCSP = false }: PageOptions,
  work: (opened: OpenedPage) => Promise<void>,
): Promise<void> {
  const viewport = { width, height: 800 };
  const context = await browser.newContext({ colorScheme, viewport, bypassCSP });
  const requests: string[] = [];
  const problems: string[] = [];
  try {
    await context.route("**/*", (route) =>
      route.request().url() === pageUrl
        ? route.fulfill({ contentType: "text/html", body: html })
        : route.abort(),
    );
    const page = await context.newPage();
    page.on("request", (request) => requests.push(request.url()));
    page.on("console", (message) => problems.push(message.text()));
    page.on("pageerror", (error) => problems.push(error.message));
    await page.goto(pageUrl);
    await work({ page, requests, problems });
  } finally {
    await context.close();
  }
}

/** Opens every folded part of the page. */
export function unfold(page: Page): Promise<void> {
  return page.evaluate<void>(
    "document.querySelectorAll('details').forEach((part) => (part.open = true))",
  );
}

/**
 * What axe-core finds wrong with a page; the page has to have been opened with `bypassCSP`.
 *
 * @throws Error when contrast was not among what was checked
 */
export async function accessibilityProblems(page: Page): Promise<string[]> {
  await page.addScriptTag({ path: axe });
  const { violations, passes } = await page.evaluate<AxeResults>("axe.run(document)");
  if (!passes.some(({ id }) => id === "color-contrast")) throw new Error("Nothing was checked.");
  return violations.map(({ id, nodes }) => `${id} ${nodes[0]?.html}`);
}

/** Keeps a picture of the whole page in `artifacts/`. @throws Error if there is none */
export async function keepPicture(page: Page, name: string): Promise<void> {
  await mkdir(artifacts, { recursive: true });
  const picture = await page.screenshot({ path: join(artifacts, `${name}.png`), fullPage: true });
  if (picture.subarray(1, 4).toString() !== "PNG") throw new Error(`${name} is no picture.`);
}
