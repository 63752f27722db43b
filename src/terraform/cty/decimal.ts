/**
 * A number that neither a JavaScript number nor a bigint holds exactly: `coefficient × 10^exponent`.
 * Terraform computes with 512-bit floats, so such numbers do reach providers.
 */
export class Decimal {
  private constructor(
    readonly coefficient: bigint,
    readonly exponent: number,
  ) {}

  /** The decimal with this value; trailing zeros go into the exponent, so equal values look equal. */
  static of(coefficient: bigint, exponent: number): Decimal {
    if (coefficient === 0n) return new Decimal(0n, 0);
    const text = coefficient.toString();
    const digits = text.replace(/0+$/, "");
    return new Decimal(BigInt(digits), exponent + text.length - digits.length);
  }

  equals(other: unknown): boolean {
    return (
      other instanceof Decimal &&
      other.coefficient === this.coefficient &&
      other.exponent === this.exponent
    );
  }

  /** The value as decimal text that Terraform and JSON read without loss. */
  toString(): string {
    return this.exponent === 0 ? `${this.coefficient}` : `${this.coefficient}e${this.exponent}`;
  }
}
