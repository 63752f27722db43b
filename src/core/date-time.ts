// The offset is not optional, as it is to Date.parse; the hour 24, which that takes too, is none.
const rfc3339 =
  /^(\d{4})-(\d{2})-(\d{2})[Tt](?:[01]\d|2[0-3]):\d{2}:\d{2}(?:\.\d+)?(?:[Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads an RFC 3339 date-time.
 *
 * @returns milliseconds since the Unix epoch, or `undefined` when the text is none
 */
export function parseDateTime(text: string): number | undefined {
  const [, year, month, day] = rfc3339.exec(text) ?? [];
  const time = Date.parse(text);
  if (day === undefined || Number.isNaN(time)) return undefined;
  // Date.parse takes the 31st of any month; RFC 3339 does not.
  const days = new Date(Date.UTC(Number(year), Number(month), 0)).getUTCDate();
  return Number(day) <= days ? time : undefined;
}

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
