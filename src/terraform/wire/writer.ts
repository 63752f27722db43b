import { WireError, wireType } from "./reader.js";

/** Writes protobuf's wire format as a list of pieces, joined at the end. */
export class WireWriter {
  readonly #pieces: Uint8Array[] = [];

  finish(): Buffer {
    return Buffer.concat(this.#pieces);
  }

  bool(no: number, value: boolean): void {
    this.#varint(BigInt((no << 3) | wireType.varint));
    this.#varint(value ? 1n : 0n);
  }

  integer(no: number, value: number): void {
    if (!Number.isSafeInteger(value)) throw new WireError("an integer beyond 2^53");
    this.#varint(BigInt((no << 3) | wireType.varint));
    this.#varint(BigInt.asUintN(64, BigInt(value)));
  }

  bytes(no: number, value: Uint8Array): void {
    this.#varint(BigInt((no << 3) | wireType.bytes));
    this.#varint(BigInt(value.length));
    this.#pieces.push(value);
  }

  string(no: number, value: string): void {
    this.bytes(no, Buffer.from(value, "utf8"));
  }

  #varint(value: bigint): void {
    const bytes: number[] = [];
    let rest = value;
    while (rest >= 0x80n) {
      bytes.push(Number(rest & 0x7fn) | 0x80);
      rest >>= 7n;
    }
    bytes.push(Number(rest));
    this.#pieces.push(Uint8Array.from(bytes));
  }
}
