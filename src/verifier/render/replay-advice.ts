import type { ReplayAdvice } from "../report.js";
import { wrap } from "./wrap.js";

/** What is known of lost deliveries, and the commands that bring them back: those stay on one line, to be copied. */
export function renderReplayAdvice(advice: readonly ReplayAdvice[]): string[] {
  return groupAdvice(advice).flatMap(({ regions, text, command }) => [
    ...wrap(`${regions.join(", ")}: ${text}`, 80),
    ...(command ? [`  ${command}`] : []),
  ]);
}

/** Advice that several regions share; commands last, so that they are found at the end. */
export function groupAdvice(
  advice: readonly ReplayAdvice[],
): { regions: string[]; text: string; command: string | null }[] {
  const byText = new Map<string, string[]>();
  const single: { regions: string[]; text: string; command: string }[] = [];
  for (const { region, text, command } of advice) {
    if (command) single.push({ regions: [region], text, command });
    else byText.set(text, [...(byText.get(text) ?? []), region]);
  }
  return [...[...byText].map(([text, regions]) => ({ regions, text, command: null })), ...single];
}
