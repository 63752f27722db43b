/** Regions that Konnect's audit-log API documents (its OpenAPI `servers`, 2026-08). */
export const knownRegions = ["us", "eu", "au", "me", "in", "sg"] as const;

export type KnownRegion = (typeof knownRegions)[number];

/** The host name that older documentation calls "all regions"; what it does to the webhook is undocumented. */
export const globalRegion = "global";

const wellFormed = /^[a-z][a-z0-9]*(-[a-z0-9]+)*$/;
const maxLength = 63; // a DNS label, because the region becomes one: https://{region}.api.konghq.com

/** True if `region` could be a Konnect region: a lower-case DNS label. */
export function isWellFormedRegion(region: string): boolean {
  return region.length <= maxLength && wellFormed.test(region);
}

/** True if `region` is one that Konnect documents. */
export function isKnownRegion(region: string): region is KnownRegion {
  return (knownRegions as readonly string[]).includes(region);
}

/**
 * The documented region nearest to a misspelt one.
 *
 * @returns `undefined` when nothing is near enough to be a likely slip.
 */
export function suggestRegion(region: string): KnownRegion | undefined {
  const wanted = region.trim().toLowerCase();
  if (isKnownRegion(wanted)) return wanted;
  const byPrefix = knownRegions.find((known) => wanted.startsWith(`${known}-`));
  if (byPrefix) return byPrefix;
  const transposed = knownRegions.find((known) => wanted === [...known].reverse().join(""));
  if (transposed) return transposed;
  const isNear = (known: string) =>
    Math.abs(wanted.length - known.length) <= 1 && editDistance(wanted, known) <= 1;
  return knownRegions.find(isNear);
}

function editDistance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let i = 1; i <= a.length; i++) {
    const next = [i];
    for (let j = 1; j <= b.length; j++) {
      const substitution = (row[j - 1] ?? 0) + (a[i - 1] === b[j - 1] ? 0 : 1);
      next.push(Math.min(substitution, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    row = next;
  }
  return row[b.length] ?? 0;
}
