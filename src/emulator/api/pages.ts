import { problems } from "../problem.js";

/** One page of a list, with the cursors of its neighbours. */
export interface Page<Item> {
  items: Item[];
  next: string | null;
  previous: string | null;
  size: number;
}

/** How a call asks for a page. */
export interface PageRequest {
  size: number;
  after: string | undefined;
  before: string | undefined;
}

/**
 * Reads `page[size]`, `page[after]` and `page[before]`.
 *
 * @throws Problem 400 that names the parameter
 */
export function readPageRequest(
  query: URLSearchParams,
  { defaultSize, maxSize }: { defaultSize: number; maxSize: number },
): PageRequest {
  // The parameters may be there without a value.
  const parameter = (name: string) => query.get(`page[${name}]`) || undefined;
  const text = parameter("size") ?? String(defaultSize);
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size < 1 || size > maxSize) {
    throw problems.invalidParameter(
      "page[size]",
      `must be between 1 and ${maxSize}`,
      "invalid",
      "query",
    );
  }
  return { size, after: parameter("after"), before: parameter("before") };
}

/**
 * Cuts a page out of a list in a stable order; a cursor names the item that it stands at.
 *
 * An item that a cursor names may be gone by then: the page begins where it would have been.
 *
 * @param list in ascending order of `keyOf`
 * @param keyOf unique, and comparable as text
 * @throws Problem 400 for a cursor that was never given out
 */
export function cutPage<Item>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
  { size, after, before }: PageRequest,
): Page<Item> {
  const start = startOfPage(list, keyOf, { size, after, before });
  const end = Math.min(start + size, list.length);
  const items = list.slice(start, end);
  const first = items[0];
  const last = items.at(-1);
  return {
    items,
    size,
    next: last && end < list.length ? writeCursor(keyOf(last)) : null,
    previous: first && start > 0 ? writeCursor(keyOf(first)) : null,
  };
}

function startOfPage<Item>(
  list: readonly Item[],
  keyOf: (item: Item) => string,
  { size, after, before }: PageRequest,
): number {
  if (after !== undefined) {
    const key = readCursor("page[after]", after);
    return firstIndex(list, (item) => keyOf(item) > key);
  }
  if (before === undefined) return 0;
  const key = readCursor("page[before]", before);
  const end = firstIndex(list, (item) => keyOf(item) >= key);
  return Math.max(0, end - size);
}

/** Finds the first item that is beyond a border; all before it are not, and all after it are. */
function firstIndex<Item>(list: readonly Item[], isBeyond: (item: Item) => boolean): number {
  const index = list.findIndex(isBeyond);
  return index < 0 ? list.length : index;
}

function writeCursor(key: string): string {
  return Buffer.from(JSON.stringify({ at: key })).toString("base64url");
}

function readCursor(name: string, cursor: string): string {
  try {
    const read: unknown = JSON.parse(Buffer.from(cursor, "base64url").toString("utf8"));
    if (typeof read === "object" && read && "at" in read && typeof read.at === "string") {
      return read.at;
    }
  } catch {
    // Not JSON: refused below, as any other foreign cursor.
  }
  throw problems.invalidParameter(name, "is not a cursor of this list", "invalid", "query");
}
