const initialSize = 256;

/** Writes msgpack items into a buffer that grows. */
export class MsgpackWriter {
  #bytes = Buffer.allocUnsafe(initialSize);
  #at = 0;

  /** What was written; the writer must not be used any more. */
  finish(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  nil(): void {
    this.#tag(0xc0);
  }

  /** Extension type 0, by which Terraform writes an unknown value. */
  unknown(): void {
    this.raw(Buffer.of(0xd4, 0, 0));
  }

  bool(value: boolean): void {
    this.#tag(value ? 0xc3 : 0xc2);
  }

  /** An integer between -2^63 and 2^64 - 1, in its shortest form. */
  integer(value: number | bigint): void {
    if (value >= -0x20 && value <= 0x7f) this.#tag(Number(value) & 0xff);
    else if (value >= 0) this.#unsigned(value);
    else this.#signed(value);
  }

  float(value: number): void {
    this.#tag(0xcb);
    const at = this.#grow(8);
    this.#bytes.writeDoubleBE(value, at);
  }

  string(value: string): void {
    const length = Buffer.byteLength(value, "utf8");
    if (length < 32) this.#tag(0xa0 | length);
    else this.#sized(length, [0xd9, 0xda, 0xdb]);
    const at = this.#grow(length);
    this.#bytes.write(value, at, "utf8");
  }

  binary(bytes: Uint8Array): void {
    this.#sized(bytes.length, [0xc4, 0xc5, 0xc6]);
    this.raw(bytes);
  }

  array(length: number): void {
    if (length < 16) this.#tag(0x90 | length);
    else this.#sized(length, [undefined, 0xdc, 0xdd]);
  }

  map(length: number): void {
    if (length < 16) this.#tag(0x80 | length);
    else this.#sized(length, [undefined, 0xde, 0xdf]);
  }

  raw(bytes: Uint8Array): void {
    const at = this.#grow(bytes.length);
    this.#bytes.set(bytes, at);
  }

  #unsigned(value: number | bigint): void {
    if (value <= 0xffffffff) {
      this.#sized(Number(value), [0xcc, 0xcd, 0xce]);
      return;
    }
    this.#tag(0xcf);
    const at = this.#grow(8);
    this.#bytes.writeBigUInt64BE(BigInt(value), at);
  }

  #signed(value: number | bigint): void {
    if (value < -0x80000000) {
      this.#tag(0xd3);
      const at = this.#grow(8);
      this.#bytes.writeBigInt64BE(BigInt(value), at);
      return;
    }
    const number = Number(value);
    const [tag, size] = number >= -0x80 ? [0xd0, 1] : number >= -0x8000 ? [0xd1, 2] : [0xd2, 4];
    this.#tag(tag);
    const at = this.#grow(size);
    this.#bytes.writeIntBE(number, at, size);
  }

  /** A tag for the size class of 8, 16 or 32 bits, and the number in that many bits. */
  #sized(number: number, [tag8, tag16, tag32]: [number | undefined, number, number]): void {
    const [tag, size] =
      tag8 !== undefined && number <= 0xff ? [tag8, 1] : number <= 0xffff ? [tag16, 2] : [tag32, 4];
    this.#tag(tag);
    const at = this.#grow(size);
    this.#bytes.writeUIntBE(number, at, size);
  }

  #tag(tag: number): void {
    const at = this.#grow(1);
    this.#bytes[at] = tag;
  }

  #grow(size: number): number {
    const at = this.#at;
    const needed = at + size;
    if (needed > this.#bytes.length) {
      const larger = Buffer.allocUnsafe(Math.max(needed, this.#bytes.length * 2));
      larger.set(this.#bytes.subarray(0, at));
      this.#bytes = larger;
    }
    this.#at = needed;
    return at;
  }
}
