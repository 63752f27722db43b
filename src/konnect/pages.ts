import { type CleanText, cleanly, ownText } from "../core/foreign-text.js";
import { konnectErrors } from "./errors.js";
import type { Call, Transport } from "./transport.js";
import type { Page } from "./wire.js";

/** How a list is read. */
export interface ListOptions {
  /** Items that are asked for at once. */
  pageSize: number;
  /** Pages after which the list is taken to be without an end. */
  mostPages: number;
}

/**
 * Reads a list page by page, each one when it is wanted.
 *
 * The list ends where Konnect says that it ends, and nowhere else: an incomplete list that looks complete would have
 * "not there" concluded from it.
 *
 * @throws KonnectError `KONNECT_UNREADABLE_ANSWER` when the next page is named in a form that is not known, when a cursor
 *   comes again, and when there is no end to the pages
 */
export async function* followPages<Item>(
  transport: Transport,
  call: Call<Page<Item>>,
  { pageSize, mostPages }: ListOptions,
): AsyncGenerator<Item, void, void> {
  const seen = new Set<string>();
  const refuse = (status: number, reason: CleanText) =>
    konnectErrors.unreadableAnswer(call, {
      call: transport.clean(`${call.method} ${call.path}`, 200),
      status,
      reason,
    });
  for (let cursor: string | undefined; ; ) {
    const { status, body } = await transport.send({
      ...call,
      query: {
        ...call.query,
        "page[size]": String(pageSize),
        ...(cursor === undefined ? {} : { "page[after]": cursor }),
      },
    });
    const next = nextCursor(body, pageSize);
    // Who finds what it looks for on this page needs no other.
    yield* body.data;
    if (next === undefined) return;
    if ("problem" in next) throw refuse(status, next.problem);
    cursor = next.cursor;
    if (seen.has(cursor))
      throw refuse(status, ownText("names the next page by a cursor that led here already"));
    seen.add(cursor);
    if (seen.size >= mostPages) {
      throw refuse(
        status,
        cleanly`names a next page after ${mostPages} pages: the list has no end`,
      );
    }
  }
}

type Next = { cursor: string } | { problem: CleanText };

/** Where the next page begins; `undefined`: this one is the last. */
function nextCursor({ data, meta, ...others }: Page<unknown>, pageSize: number): Next | undefined {
  if (!meta) return { problem: ownText("has no `meta`, which would name the next page") };
  const levels = [meta, meta.page].filter((level) => level !== undefined && level !== null);
  const named = levels.map(({ next }) => next).filter((next) => next !== undefined);
  const links = [...new Set(named)].filter((next) => next !== null && next !== "");
  if (links.length > 0) {
    const cursors = links.map((link) => cursorOf(link as string));
    const [first] = cursors;
    if (first === undefined || cursors.some((cursor) => cursor !== first)) {
      return { problem: ownText("names the next page in a form that is not known") };
    }
    return { cursor: first };
  }
  if (named.length > 0) return undefined;
  // Neither level has the member. A short page is the last one, if nothing else looks like a way on.
  const elsewhere = [others, ...levels].some(hasOtherCursor);
  const sizes = levels.map(({ size }) => size).filter((size) => typeof size === "number");
  if (data.length < Math.min(pageSize, ...sizes) && !elsewhere) return undefined;
  return {
    problem: ownText("is a full page, or has a cursor elsewhere, and does not name the next page"),
  };
}

/** True if a member that is not known may be the way to the next page. */
function hasOtherCursor(members: object): boolean {
  return Object.entries(members).some(
    ([name, value]) =>
      /^(?:links?|after|.*(?:next|cursor).*)$/i.test(name) &&
      value !== null &&
      value !== "" &&
      value !== false,
  );
}

/**
 * The cursor of the next page: as it stands, or in a link such as `/api/v2/audit-log-destinations?page%5Bafter%5D=…`, whose
 * path can't be relied on.
 *
 * @returns `undefined` for a link without one
 */
function cursorOf(next: string): string | undefined {
  if (!/^[/?]|^[a-z][a-z0-9+.-]*:|[?&]page(?:\[|%5b)/i.test(next)) return next;
  if (!URL.canParse(next, "https://konnect.invalid")) return undefined;
  return new URL(next, "https://konnect.invalid").searchParams.get("page[after]") || undefined;
}
