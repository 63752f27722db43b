import { extname } from "node:path";
import { cleanReport } from "../clean-report.js";
import { verifierErrors } from "../errors.js";
import type { VerificationReport } from "../report.js";
import { renderHtml } from "./html.js";
import { renderJUnit } from "./junit.js";
import { renderMarkdown } from "./markdown.js";
import { renderText } from "./text.js";

type Renderer = (report: VerificationReport) => string;

const byExtension: Readonly<Record<string, Renderer>> = {
  ".txt": (report) => `${renderText(report)}\n`,
  ".json": (report) => `${JSON.stringify(cleanReport(report), null, 2)}\n`,
  ".xml": renderJUnit,
  ".md": renderMarkdown,
  ".html": renderHtml,
};

/**
 * The format that a report file is written in, by its name's ending.
 *
 * @throws VerifierError `VERIFY_REPORT_FORMAT_UNKNOWN`
 */
export function rendererFor(path: string): Renderer {
  const renderer = byExtension[extname(path).toLowerCase()];
  if (!renderer) throw verifierErrors.reportFormatUnknown(path, Object.keys(byExtension));
  return renderer;
}
