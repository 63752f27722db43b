import { WireError, wireType } from "./reader.js";

/** Writes protobuf's wire format as a list of pieces, joined at the end. */
export class WireWriter {
  readonly #pieces: Uint8Array[] = [];
  /** Bytes of tags, lengths and numbers that came after the last piece. */
  #numbers: number[] = [];

  finish(): Buffer {
    this.#endPiece();
    return Buffer.concat(this.#pieces);
  }

  bool(no: number, value: boolean): void {
    this.#tag(no, wireType.varint);
    this.#varint(value ? 1 : 0);
  }

  integer(no: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw new WireError("an integer beyond 2^53");
    this.#tag(no, wireType.varint);
    if (value < 0) this.#negative(BigInt(value));
    else this.#varint(value);
  }

  bytes(no: number, value: Uint8Array): void {
    this.#tag(no, wireType.bytes);
    this.#varint(value.length);
    this.#endPiece();
    this.#pieces.push(value);
  }

  string(no: number, value: string): void {
    this.bytes(no, Buffer.from(value, "utf8"));
  }

  #tag(no: number, type: number): void {
    this.#varint(no * 8 + type);
  }

  #varint(value: number): void {
    let rest = value;
    for (; rest >= 0x80; rest = Math.floor(rest / 0x80)) this.#numbers.push((rest % 0x80) | 0x80);
    this.#numbers.push(rest);
  }

  /** Negative numbers are their 64-bit two's complement: nine bytes of seven bits, and one of the last bit. */
  #negative(value: bigint): void {
    let rest = BigInt.asUintN(64, value);
    for (; rest >= 0x80n; rest >>= 7n) this.#numbers.push(Number(rest & 0x7fn) | 0x80);
    this.#numbers.push(Number(rest));
  }

  #endPiece(): void {
    if (this.#numbers.length === 0) return;
    this.#pieces.push(Buffer.from(this.#numbers));
    this.#numbers = [];
  }
}
