import { isUtf8 } from "node:buffer";

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
    const tag = this.#varint();
    const no = Number(tag >> 3n);
    if (no < 1 || no > 0x1fff_ffff) throw new WireError("a field number out of range");
    return { no, type: Number(tag & 7n) };
  }

  bool(): boolean {
    return this.#varint() !== 0n;
  }

  /** An int64 or enum; the protocol's fit a JavaScript number, and others are refused. */
  integer(): number {
    const value = Number(BigInt.asIntN(64, this.#varint()));
    if (!Number.isSafeInteger(value)) throw new WireError("an integer beyond 2^53");
    return value;
  }

  bytes(): Buffer {
    const length = this.#varint();
    if (length > BigInt(this.#bytes.length - this.#at)) {
      throw new WireError("the message ends too early");
    }
    return this.#take(Number(length));
  }

  string(): string {
    const bytes = this.bytes();
    if (!isUtf8(bytes)) throw new WireError("a string that is not UTF-8");
    return bytes.toString("utf8");
  }

  /** Passes over a field that this version of the protocol does not know. */
  skip(type: number): void {
    if (type === wireType.varint) this.#varint();
    else if (type === wireType.fixed64) this.#take(8);
    else if (type === wireType.bytes) this.bytes();
    else if (type === wireType.fixed32) this.#take(4);
    else throw new WireError(`wire type ${type} is not supported`);
  }

  #varint(): bigint {
    let value = 0n;
    for (let shift = 0n; shift < 70n; shift += 7n) {
      const byte = this.#take(1).readUInt8();
      value |= BigInt(byte & 0x7f) << shift;
      if (byte < 0x80) return BigInt.asUintN(64, value);
    }
    throw new WireError("a varint of more than ten bytes");
  }

  #take(length: number): Buffer {
    const end = this.#at + length;
    if (end > this.#bytes.length) throw new WireError("the message ends too early");
    const taken = this.#bytes.subarray(this.#at, end);
    this.#at = end;
    return taken;
  }
}
