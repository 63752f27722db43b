const units = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000, d: 86_400_000 } as const;

/** Milliseconds that anything waits at most, seven days: Node's timers take no more than 24. */
export const longestWait = 7 * units.d;

/** Milliseconds of a duration such as `500ms`, `90s`, `2m`, `6h` or `1d`; `undefined` of any other text. */
export function milliseconds(text: string): number | undefined {
  const match = /^(\d+(?:\.\d+)?)(ms|s|m|h|d)$/.exec(text.trim());
  const unit = match?.[2] as keyof typeof units | undefined;
  return match && unit ? Number(match[1]) * units[unit] : undefined;
}
