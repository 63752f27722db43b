// RFC 3339, with the offset that Go's decoder insists on.
const rfc3339 = /^(\d{4})-(\d{2})-(\d{2})[Tt]\d{2}:\d{2}:\d{2}(\.\d+)?([Zz]|[+-]\d{2}:\d{2})$/;

/**
 * Reads an RFC 3339 time.
 *
 * @returns milliseconds since the Unix epoch, or `undefined` when the text is none
 */
export function parseTime(text: string): number | undefined {
  const match = rfc3339.exec(text);
  const time = match ? Date.parse(text) : Number.NaN;
  if (!match || Number.isNaN(time)) return undefined;
  // Date.parse takes the 31st of any month; RFC 3339 does not.
  const days = new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  return Number(match[3]) <= days ? time : undefined;
}
