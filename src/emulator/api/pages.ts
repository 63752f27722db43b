import { parseJson } from "../../core/json.js";
import type { World } from "../world.js";
import type { Answer } from "./operation.js";
import { invalid, type ListQuery } from "./query.js";

/** A list whose items have an order that does not change while a caller pages through. */
export interface ListSpec<Item> {
  /** In the order in which they are shown. */
  items: readonly Item[];
  /** Unique, and in the order of the items when compared as text. */
  keyOf: (item: Item) => string;
  /** True if the keys fall from one item to the next. @default false */
  descending?: boolean;
}

/** How a call asks for a page. */
export interface PageRequest {
  size: number;
  /** Where the cursor that came with the call stands. */
  after: string | undefined;
  before: string | undefined;
}

/** One page of a list, with the cursors of its neighbours. */
export interface Page<Item> {
  items: readonly Item[];
  next: string | null;
  previous: string | null;
}

/** Where a cursor stands that names no item: an empty page has neighbours too. */
const listStart = "start";
const listEnd = "end";

/**
 * Reads `page[size]`, `page[after]` and `page[before]`.
 *
 * @param keyPattern what every key of the list looks like
 * @param beyond what happens to a size beyond the largest
 * @throws Problem 400 that names the parameter
 */
export function readPageRequest(
  query: ListQuery,
  keyPattern: RegExp,
  {
    defaultSize,
    maxSize,
    beyond,
  }: { defaultSize: number; maxSize: number; beyond: "cap" | "refuse" },
): PageRequest {
  const text = query.page("size") ?? String(defaultSize);
  const size = /^\d+$/.test(text) ? Number(text) : 0;
  if (size < 1 || (size > maxSize && beyond === "refuse")) {
    throw invalid("page[size]", `must be between 1 and ${maxSize}`);
  }
  const after = readCursor("after", query, keyPattern);
  const before = readCursor("before", query, keyPattern);
  if (after !== undefined && before !== undefined) {
    throw invalid("page[before]", "cannot be combined with page[after]");
  }
  return { size: Math.min(size, maxSize), after, before };
}

/**
 * Cuts a page out of a list; a cursor names the item that it stands at.
 *
 * An item that a cursor names may be gone by then: the page begins, or ends, where it would have been.
 */
export function cutPage<Item>(
  { items, keyOf, descending = false }: ListSpec<Item>,
  { size, after, before }: PageRequest,
): Page<Item> {
  const comesAfter = (one: string, other: string) => (descending ? one < other : one > other);
  /** How many items there are before the first that fits. */
  const countBefore = (fits: (key: string) => boolean) => {
    const index = items.findIndex((item) => fits(keyOf(item)));
    return index < 0 ? items.length : index;
  };
  let start = 0;
  let end = size;
  if (after !== undefined && after !== listStart) {
    start = countBefore((key) => comesAfter(key, after));
    end = start + size;
  } else if (before !== undefined) {
    end = before === listEnd ? items.length : countBefore((key) => !comesAfter(before, key));
    start = Math.max(0, end - size);
  }
  const page = items.slice(start, end);
  const cursorAt = (index: number, otherwise: string) => {
    const item = page.at(index);
    return writeCursor(item === undefined ? otherwise : keyOf(item));
  };
  return {
    items: page,
    next: end < items.length ? cursorAt(-1, listStart) : null,
    previous: start > 0 ? cursorAt(0, listEnd) : null,
  };
}

/**
 * The answer of a list.
 *
 * @param link the link to a page, from the parameters that lead there
 * @param level where this list's document has what tells of its pages
 */
export function pageAnswer<Item>(
  { next, previous }: Page<Item>,
  data: readonly unknown[],
  query: ListQuery,
  request: PageRequest,
  link: (parameters: [string, string][]) => string,
  level: "meta" | "page",
  { knobs }: World,
): Answer {
  const neighbour = (direction: "after" | "before", cursor: string | null) =>
    cursor === null || knobs.listNext === "cursor"
      ? cursor
      : link(query.withPage(direction, cursor, request.size));
  const samePage = writeCursor(request.after ?? listStart);
  const meta = {
    next: neighbour("after", knobs.listNext === "repeats" ? samePage : next),
    previous: neighbour("before", previous),
    size: request.size,
  };
  if (knobs.listMeta === "missing") return { status: 200, body: { data } };
  const isDirect = (level === "meta") === (knobs.listMeta === "documented");
  return { status: 200, body: { data, meta: isDirect ? meta : { page: meta } } };
}

function writeCursor(key: string): string {
  return Buffer.from(JSON.stringify({ at: key })).toString("base64url");
}

function readCursor(
  direction: "after" | "before",
  query: ListQuery,
  keyPattern: RegExp,
): string | undefined {
  const cursor = query.page(direction);
  if (cursor === undefined) return undefined;
  const edge = direction === "after" ? listStart : listEnd;
  const key = decodeCursor(cursor);
  if (key !== undefined && (key === edge || keyPattern.test(key))) return key;
  throw invalid(`page[${direction}]`, "is not a cursor of this list");
}

function decodeCursor(cursor: string): string | undefined {
  const read = parseJson(Buffer.from(cursor, "base64url").toString("utf8"));
  const isOurs = typeof read === "object" && read !== null && "at" in read;
  return isOurs && typeof read.at === "string" ? read.at : undefined;
}
