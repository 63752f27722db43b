/** A source of numbers in [0, 1). */
export type Random = () => number;

/** Lower-case hex digits. */
export function randomHex(random: Random, length: number): string {
  return digits(random, length, "0123456789abcdef");
}

/** Decimal digits without a leading zero, as Konnect's trace numbers have 19 of. */
export function randomDecimal(random: Random, length: number): string {
  return digits(random, 1, "12345678") + digits(random, length - 1, "0123456789");
}

/** A version 4 UUID (RFC 9562). */
export function randomUuid(random: Random): string {
  const hex = randomHex(random, 30);
  const variant = digits(random, 1, "89ab");
  return [
    ...[hex.slice(0, 8), hex.slice(8, 12), `4${hex.slice(12, 15)}`],
    ...[`${variant}${hex.slice(15, 18)}`, hex.slice(18)],
  ].join("-");
}

function digits(random: Random, length: number, alphabet: string): string {
  let text = "";
  while (text.length < length) text += alphabet.charAt(Math.floor(random() * alphabet.length));
  return text;
}
