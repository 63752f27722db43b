const httpDate =
  /^(?:[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{5,8}, \d{2}-[A-Z][a-z]{2}-\d{2} \d{2}:\d{2}:\d{2} GMT|[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d{2}:\d{2}:\d{2} \d{4})$/;

/**
 * Reads a date as HTTP's headers carry it (RFC 9110, the two obsolete forms too); `Date.parse` takes nearly anything.
 *
 * @returns milliseconds since the Unix epoch, or `undefined` when the text is none
 */
export function parseHttpDate(text: string | undefined): number | undefined {
  const trimmed = text?.trim() ?? "";
  if (!httpDate.test(trimmed)) return undefined;
  // The form of C's asctime() has no zone and means UTC.
  const time = Date.parse(trimmed.endsWith("GMT") ? trimmed : `${trimmed} GMT`);
  return Number.isNaN(time) ? undefined : time;
}
