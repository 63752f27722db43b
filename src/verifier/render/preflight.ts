import pc from "picocolors";
import type { PreflightReport } from "../preflight.js";
import { wrap } from "./wrap.js";

type Colors = ReturnType<typeof pc.createColors>;

const words: Readonly<Record<PreflightReport["outcome"], (colors: Colors) => string>> = {
  passed: (colors) => colors.green("accepted"),
  failed: (colors) => colors.red("refused"),
  error: (colors) => colors.yellow("could not be told"),
};

/** A preflight's outcome for people. */
export function renderPreflight(
  { endpoint, outcome, finding, answer, hint, caveats, event_id: id }: PreflightReport,
  colors: Colors = pc.createColors(false),
): string {
  const more = [
    ...(answer ? [`It said: ${answer}`] : []),
    ...(hint ? [`Fix: ${hint}`] : []),
    ...caveats.map((caveat) => `Mind: ${caveat}`),
    ...(outcome === "passed"
      ? [
          `Look for user_agent konnect-audit-preflight/${id} in the SIEM: it accepts events before it indexes them.`,
        ]
      : []),
  ];
  return [
    `${words[outcome](colors)}: ${finding}`,
    endpoint,
    ...more.flatMap((paragraph) => wrap(paragraph, 80)),
  ].join("\n");
}
