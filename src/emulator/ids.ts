/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Lower-case hex digits. */
export function randomHex(random: Random, length: number): string {
  let text = "";
  while (text.length < length) {
    text += Math.floor(random() * 2 ** 32)
      .toString(16)
      .padStart(8, "0");
  }
  return text.slice(0, length);
}

/** Decimal digits without a leading zero, as Konnect's trace numbers have 19 of. */
export function randomDecimal(random: Random, length: number): string {
  let text = String(1 + Math.floor(random() * 8)); // stays below 2^63, as Konnect's do
  while (text.length < length) {
    text += String(Math.floor(random() * 1e9)).padStart(9, "0");
  }
  return text.slice(0, length);
}

/** A version 4 UUID (RFC 9562). */
export function randomUuid(random: Random): string {
  const hex = randomHex(random, 32);
  const variant = "89ab".charAt(Math.floor(random() * 4));
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-${variant}${hex.slice(17, 20)}-${hex.slice(20)}`;
}

/** A UUID as the emulator writes it: letter case makes no difference (RFC 9562 section 4). `undefined` if it is none. */
export function canonicalUuid(text: string): string | undefined {
  const isUuid = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text);
  return isUuid ? text.toLowerCase() : undefined;
}
