import { type InvalidParameter, problems } from "../problem.js";

/** The paging parameters of every list. */
const pageParameters = ["page[size]", "page[after]", "page[before]"];

/** The query of a list. What it can't do it refuses: a filter that is ignored looks like one that matches everything. */
export class ListQuery {
  /**
   * @param filters names of the filters that the list has
   * @throws Problem 400 that names the parameter
   */
  constructor(
    private readonly query: URLSearchParams,
    filters: readonly string[],
  ) {
    const known = [...pageParameters, ...filters];
    for (const name of new Set(query.keys())) {
      const isMeant = /^(page|filter)($|\[)/.test(name);
      if (isMeant && !known.includes(name)) {
        throw invalid(name, `is none of ${known.join(", ")}`, "unknown_property");
      }
      if (isMeant && query.getAll(name).length > 1) throw invalid(name, "must be given once");
    }
  }

  /** A paging parameter, which may be there without a value. */
  page(name: "size" | "after" | "before"): string | undefined {
    return this.query.get(`page[${name}]`) || undefined;
  }

  /**
   * A filter's value.
   *
   * @throws Problem 400 for one without a value
   */
  filter(name: string): string | undefined {
    const value = this.query.get(name);
    if (value === "") throw invalid(name, "cannot be blank");
    return value ?? undefined;
  }

  /** Parameters of another page of the same list. */
  withPage(direction: "after" | "before", cursor: string, size: number): [string, string][] {
    const filters = [...this.query].filter(([name]) => !pageParameters.includes(name));
    return [...filters, [`page[${direction}]`, cursor], ["page[size]", String(size)]];
  }
}

/** Refuses a query parameter. */
export function invalid(
  name: string,
  reason: string,
  rule: NonNullable<InvalidParameter["rule"]> = "invalid",
) {
  return problems.invalidParameter(name, reason, rule, "query");
}
