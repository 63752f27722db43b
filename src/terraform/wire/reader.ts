import { decodeUtf8 } from "../utf8.js";

/** Bytes that are no protobuf message of the expected kind. */
export class WireError extends Error {
  constructor(message: string) {
    super(message);
    this.name = "WireError";
  }
}

/** Protobuf's wire types; groups (3, 4) were never used by the plugin protocol. */
export const wireType = { varint: 0, fixed64: 1, bytes: 2, fixed32: 5 } as const;

/** Reads protobuf's wire format. */
export class WireReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at >= this.#bytes.length;
  }

  /** The next field's number and wire type. */
  tag(): { no: number; type: number } {
    const tag = Number(this.#varint());
    const no = Math.floor(tag / 8);
    if (no < 1 || no > 0x1fff_ffff) throw new WireError("a field number out of range");
    return { no, type: tag % 8 };
  }

  bool(): boolean {
    return Number(this.#varint()) !== 0;
  }

  /** An int64 or enum; the protocol's fit a JavaScript number, and others are refused. */
  integer(): number {
    const varint = this.#varint();
    const value = typeof varint === "number" ? varint : Number(BigInt.asIntN(64, varint));
    if (!Number.isSafeInteger(value)) throw new WireError("an integer beyond 2^53");
    return value;
  }

  bytes(): Buffer {
    const start = this.#skipBytes();
    return this.#bytes.subarray(start, this.#at);
  }

  string(): string {
    const start = this.#skipBytes();
    const text = decodeUtf8(this.#bytes, start, this.#at);
    if (text === undefined) throw new WireError("a string that is not UTF-8");
    return text;
  }

  /** Passes over a field that this version of the protocol does not know. */
  skip(type: number): void {
    if (type === wireType.varint) this.#varint();
    else if (type === wireType.fixed64) this.#advance(8);
    else if (type === wireType.bytes) this.#skipBytes();
    else if (type === wireType.fixed32) this.#advance(4);
    else throw new WireError(`wire type ${type} is not supported`);
  }

  /** Passes over bytes with a length before them, and says where they begin. */
  #skipBytes(): number {
    return this.#advance(Number(this.#varint()));
  }

  /** A number as long as that is exact, as bigints are slow and nearly all that is ever sent is small. */
  #varint(): number | bigint {
    let value = 0;
    for (let scale = 1; scale < 2 ** 49; scale *= 0x80) {
      const byte = this.#byte();
      value += (byte & 0x7f) * scale;
      if (byte < 0x80) return value;
    }
    return this.#longVarint(BigInt(value));
  }

  #longVarint(low: bigint): bigint {
    let value = low;
    for (let shift = 49n; shift < 70n; shift += 7n) {
      const byte = this.#byte();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError("a varint of more than ten bytes");
  }

  #byte(): number {
    return this.#bytes[this.#advance(1)] as number;
  }

  /** @returns where the bytes begin that were passed over */
  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new WireError("the message ends too early");
    this.#at = start + length;
    return start;
  }
}
