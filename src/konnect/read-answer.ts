import type * as z from "zod/mini";
import { type Cleaner, type CleanText, cleanly, joinClean } from "../core/foreign-text.js";
import { parseJson } from "../core/json.js";
import { konnectErrors, type Operation, type Problem } from "./errors.js";
import type { RawAnswer } from "./transport.js";
import { problemAnswer, steersTerminal } from "./wire.js";

/** Faults of an answer, or fields that Konnect refused, that a message names; a hostile answer may have any number. */
const mostNamed = 10;

/**
 * Reads the body of an answer by its schema.
 *
 * @throws KonnectError `KONNECT_UNREADABLE_ANSWER`
 */
export function readAnswer<Answer>(
  operation: Operation,
  schema: z.ZodMiniType<Answer>,
  raw: RawAnswer,
  clean: Cleaner,
): Answer {
  const unreadable = (reason: CleanText) =>
    konnectErrors.unreadableAnswer(operation, {
      call: clean(`${operation.method} ${operation.path}`, 200),
      status: raw.status,
      reason,
    });
  const json = raw.text === undefined ? undefined : parseJson(withoutByteOrderMark(raw.text));
  if (json === undefined) {
    const type = raw.headers["content-type"];
    const name = clean(String(type ?? "no content type").split(";")[0] ?? "", 80);
    throw unreadable(cleanly`is not JSON (${name})`);
  }
  const read = schema.safeParse(json);
  if (read.success) return read.data;
  const placesOf = (issues: readonly { path: readonly PropertyKey[] }[]) =>
    firstOf(issues.map(({ path }) => clean(path.join(".") || "body", 80)));
  const steering = read.error.issues.filter(({ message }) => message === steersTerminal);
  if (steering.length > 0) {
    throw konnectErrors.steeringAnswer(operation, placesOf(steering), raw.status);
  }
  throw unreadable(cleanly`does not have the documented shape (${placesOf(read.error.issues)})`);
}

/** Reads the body of an error answer, of which no member can be relied on: a gateway's HTML page has none. */
export function readFailure(raw: RawAnswer, clean: Cleaner): Problem {
  const json = raw.text === undefined ? undefined : parseJson(withoutByteOrderMark(raw.text));
  const { title, detail, instance, invalid_parameters = [] } = problemAnswer.parse(json);
  return {
    status: raw.status,
    title: title === undefined ? undefined : clean(title),
    detail: detail === undefined ? undefined : clean(detail),
    instance: instance === undefined ? undefined : clean(instance, 200),
    invalidParameters: invalid_parameters.slice(0, mostNamed).map(({ field, reason }) => ({
      field: clean(field, 80),
      reason: clean(reason, 200),
    })),
    unnamedParameters: Math.max(0, invalid_parameters.length - mostNamed),
  };
}

function firstOf(texts: readonly CleanText[]): CleanText {
  const distinct = [...new Set(texts)];
  const first = joinClean(distinct.slice(0, mostNamed), ", ");
  const more = distinct.length - mostNamed;
  return more > 0 ? cleanly`${first} and ${more} more` : first;
}

function withoutByteOrderMark(text: string): string {
  return text.replace(/^\ufeff/, "");
}
