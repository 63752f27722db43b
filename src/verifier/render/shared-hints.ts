/** The hints that several regions have, and which regions; said once, they are read. */
export function sharedHints(
  regions: readonly { region: string; hint: string | null; outcome?: string }[],
): Map<string, string[]> {
  const byHint = new Map<string, string[]>();
  for (const { region, hint } of regions) {
    if (hint) byHint.set(hint, [...(byHint.get(hint) ?? []), region]);
  }
  return new Map([...byHint].filter(([, names]) => names.length > 1));
}
