// Field and curve of RFC 8032, section 5.1.
const p = 2n ** 255n - 19n;
const d = 37095705934669439343138083508754565189542113879843219016388785533085940283555n;

// RFC 8032 writes a point as y in 255 bits; these are the y of the eight points whose order divides 8.
const orderEight = 55188659117513257062467267217118295137698188065244968500265048394206261417927n;
const smallOrder: ReadonlySet<bigint> = new Set([0n, 1n, p - 1n, orderEight, p - orderEight]);

/**
 * Checks the 32 bytes of an Ed25519 public key, which OpenSSL takes unseen: under a key of small order anybody's signature
 * is valid, and under one that is no point of the curve nobody's is.
 *
 * @returns what is wrong, as the end of the sentence "The key …"; `undefined` when nothing is
 */
export function checkEd25519Point(bytes: Uint8Array): string | undefined {
  const littleEndian = BigInt(`0x${Buffer.from(bytes).reverse().toString("hex")}`);
  const y = littleEndian & (2n ** 255n - 1n);
  if (smallOrder.has(y % p)) return "is of small order, so that anybody could sign under it";
  if (y >= p || !isOnCurve(y)) return "has an `x` that is no point of the curve";
  return undefined;
}

/** True if x² = (y² - 1) / (d y² + 1) has a solution: if numerator times denominator is a square (Euler's criterion). */
function isOnCurve(y: bigint): boolean {
  const square = (y * y) % p;
  const product = ((square + p - 1n) * (d * square + 1n)) % p;
  return product === 0n || power(product, (p - 1n) / 2n) === 1n;
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n;
  for (let [square, rest] = [base, exponent]; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % p;
    square = (square * square) % p;
  }
  return result;
}
