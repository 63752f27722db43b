import type { DriftReport } from "../drift-report.js";
import { sentence } from "./sentence.js";

/** The report as GitHub Actions' workflow commands, which show up on the run's page. */
export function renderDriftAnnotations({ stacks }: DriftReport): string[] {
  return stacks.flatMap(({ stack, findings, error }) => [
    ...(error
      ? [command(`${stack} could not be checked`, `${error.message}\n${error.remedy}`)]
      : []),
    ...findings.map((finding) => command(stack, sentence(finding))),
  ]);
}

function command(title: string, message: string): string {
  return `::error title=${escapeProperty(title)}::${escapeData(message)}`;
}

function escapeData(text: string): string {
  return text.replaceAll("%", "%25").replaceAll("\r", "%0D").replaceAll("\n", "%0A");
}

function escapeProperty(text: string): string {
  return escapeData(text).replaceAll(":", "%3A").replaceAll(",", "%2C");
}
