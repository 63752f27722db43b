import { cleanText } from "../core/foreign-text.js";

/** Characters of a text in a report: hints and advice are longer than what others say. */
const longest = 2_000;

/**
 * Cleans every text of a report, wherever it comes from: reports are also read from files, and what is cleaned in parts may
 * become a command when it is put together. A clean text stays as it is.
 */
export function cleanReport<Report>(report: Report): Report {
  return clean(report) as Report;
}

function clean(value: unknown): unknown {
  if (typeof value === "string") return cleanText(value, longest);
  if (Array.isArray(value)) return value.map(clean);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, each]) => [key, clean(each)]));
}
