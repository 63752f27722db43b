import { decodeUtf8 } from "../utf8.js";
import { CtyError } from "./errors.js";

/** What the next msgpack item is, its payload not yet read for collections. */
export type Item =
  | { kind: "nil" }
  | { kind: "bool"; value: boolean }
  | { kind: "integer"; value: number | bigint }
  | { kind: "float"; value: number }
  | { kind: "string"; value: string }
  | { kind: "binary"; value: Buffer }
  | { kind: "array"; length: number }
  | { kind: "map"; length: number }
  /** Any extension type: Terraform's unknown values. */
  | { kind: "extension" };

/** Reads msgpack items one after the other. Bytes that end early or say nonsense are a CtyError. */
export class MsgpackReader {
  readonly #bytes: Buffer;
  #at = 0;

  constructor(bytes: Uint8Array) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  }

  get done(): boolean {
    return this.#at === this.#bytes.length;
  }

  next(): Item {
    const tag = this.#bytes[this.#advance(1)] as number;
    if (tag <= 0x7f) return { kind: "integer", value: tag };
    if (tag <= 0x8f) return { kind: "map", length: tag & 0x0f };
    if (tag <= 0x9f) return { kind: "array", length: tag & 0x0f };
    if (tag <= 0xbf) return this.#string(tag & 0x1f);
    if (tag >= 0xe0) return { kind: "integer", value: tag - 0x100 };
    return this.#tagged(tag);
  }

  #tagged(tag: number): Item {
    switch (tag) {
      case 0xc0:
        return { kind: "nil" };
      case 0xc2:
      case 0xc3:
        return { kind: "bool", value: tag === 0xc3 };
      case 0xc4:
      case 0xc5:
      case 0xc6:
        return { kind: "binary", value: this.#binary(this.#unsigned(1 << (tag - 0xc4))) };
      case 0xc7:
      case 0xc8:
      case 0xc9:
        return this.#extension(this.#unsigned(1 << (tag - 0xc7)));
      case 0xca:
        return { kind: "float", value: this.#bytes.readFloatBE(this.#advance(4)) };
      case 0xcb:
        return { kind: "float", value: this.#bytes.readDoubleBE(this.#advance(8)) };
      case 0xcc:
      case 0xcd:
      case 0xce:
        return { kind: "integer", value: this.#unsigned(1 << (tag - 0xcc)) };
      case 0xcf:
        return { kind: "integer", value: this.#bytes.readBigUInt64BE(this.#advance(8)) };
      case 0xd0:
      case 0xd1:
      case 0xd2: {
        const size = 1 << (tag - 0xd0);
        return { kind: "integer", value: this.#bytes.readIntBE(this.#advance(size), size) };
      }
      case 0xd3:
        return { kind: "integer", value: this.#bytes.readBigInt64BE(this.#advance(8)) };
      case 0xd4:
      case 0xd5:
      case 0xd6:
      case 0xd7:
      case 0xd8:
        return this.#extension(1 << (tag - 0xd4));
      case 0xd9:
      case 0xda:
      case 0xdb:
        return this.#string(this.#unsigned(1 << (tag - 0xd9)));
      case 0xdc:
      case 0xdd:
        return { kind: "array", length: this.#unsigned(tag === 0xdc ? 2 : 4) };
      case 0xde:
      case 0xdf:
        return { kind: "map", length: this.#unsigned(tag === 0xde ? 2 : 4) };
      default:
        throw new CtyError("a byte that msgpack does not define");
    }
  }

  #string(length: number): Item {
    const start = this.#advance(length);
    const value = decodeUtf8(this.#bytes, start, this.#at);
    if (value === undefined) throw new CtyError("a string that is not UTF-8");
    return { kind: "string", value };
  }

  #binary(length: number): Buffer {
    const start = this.#advance(length);
    return this.#bytes.subarray(start, this.#at);
  }

  #extension(length: number): Item {
    this.#advance(1 + length);
    return { kind: "extension" };
  }

  #unsigned(size: number): number {
    return this.#bytes.readUIntBE(this.#advance(size), size);
  }

  /** @returns where the bytes begin that were passed over */
  #advance(length: number): number {
    const start = this.#at;
    if (length > this.#bytes.length - start) throw new CtyError("the value ends too early");
    this.#at = start + length;
    return start;
  }
}
