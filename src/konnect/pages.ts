/** One page of a list, as Konnect answers it. */
export interface Page<Item> {
  items: readonly Item[];
  /** A link with the next page's cursor in its query; the link's path can't be relied on. */
  next: string | null | undefined;
}

/**
 * Reads a list page by page, each one when it is wanted.
 *
 * @param read reads the page at a cursor; the first one without
 */
export async function* followPages<Item>(
  read: (cursor: string | undefined) => Promise<Page<Item>>,
): AsyncGenerator<Item, void, void> {
  const seen = new Set<string>();
  for (let cursor: string | undefined; ; ) {
    const { items, next } = await read(cursor);
    yield* items;
    cursor = cursorOf(next);
    // A cursor that comes again would have us read for ever.
    if (cursor === undefined || seen.has(cursor)) return;
    seen.add(cursor);
  }
}

/** The cursor in a link such as `/api/v2/audit-log-destinations?page%5Bafter%5D=…`. */
function cursorOf(next: string | null | undefined): string | undefined {
  if (!next) return undefined;
  return new URL(next, "https://konnect.invalid").searchParams.get("page[after]") ?? undefined;
}
