import { hash as digest } from "node:crypto";

/** Where a chain ends: the last record's number, from 1, and its hash. */
export interface ChainEnd {
  number: number;
  hash: string;
}

/** The end of a chain without records. */
export const emptyChain: ChainEnd = { number: 0, hash: "" };

/**
 * Adds a record to a chain: its member `chain` holds its number and a hash of the chain before it and of the record.
 *
 * @param record a JSON object's text
 */
export function sealRecord(record: string, end: ChainEnd): { line: string; end: ChainEnd } {
  const number = end.number + 1;
  const hash = hashOf(record, { number, hash: end.hash });
  const line = `${record.slice(0, -1)},"chain":{"number":${number},"hash":"${hash}"}}`;
  return { line, end: { number, hash } };
}

const seal = /,"chain":\{"number":(\d{1,15}),"hash":"([\w-]{43})"\}\}$/;

/** A stored line's place in its chain, and the record without it; `undefined` for a line that is in no chain. */
export function readSeal(line: string): (ChainEnd & { record: string }) | undefined {
  const match = seal.exec(line.slice(-120));
  if (!match) return undefined;
  const record = `${line.slice(0, line.length - match[0].length)}}`;
  return { number: Number(match[1]), hash: match[2] ?? "", record };
}

/** Where a chain is broken. */
export interface ChainBreak {
  /** The line where it shows, as its reader names it. */
  place: string;
  /** The end of the sentence "The chain is broken: …". */
  reason: string;
}

/** How many breaks are kept; the others are counted. */
const mostBreaks = 10;

/** Follows a chain over stored lines: lines that were removed, added, altered or put in another order break it. */
export class ChainCheck {
  /** The first breaks. */
  readonly breaks: ChainBreak[] = [];
  breakCount = 0;
  /** Records in the chain that were seen. */
  records = 0;
  /** Stored lines before the chain's beginning, which an older version wrote. */
  recordsBefore = 0;
  /** The number of the first record that was seen. */
  firstNumber: number | undefined;
  /** True once the record with the expected hash was seen. */
  expectedSeen = false;
  #end: ChainEnd | undefined;
  readonly #expected: string | undefined;

  /** @param expected the hash of a record that must be in the chain: noted elsewhere when the chain was as long as that */
  constructor(expected?: string) {
    this.#expected = expected;
  }

  /** The last record that was seen. */
  get end(): ChainEnd | undefined {
    return this.#end;
  }

  /**
   * Looks at the next stored line.
   *
   * @param place names the line
   */
  add(line: string, place: string): void {
    const found = readSeal(line);
    if (!found) {
      if (this.#end) this.#break(place, `${place} is not part of it: it was added or altered`);
      else this.recordsBefore += 1;
      return;
    }
    const { number, hash, record } = found;
    this.records += 1;
    this.firstNumber ??= number;
    const before = this.#end ?? (number === 1 ? emptyChain : undefined);
    if (!before) {
      if (this.recordsBefore > 0) {
        this.#break(
          place,
          `${number - 1} ${lines(number - 1)} before ${place} are missing or altered`,
        );
      }
    } else if (number > before.number + 1) {
      const missing = number - before.number - 1;
      this.#break(
        place,
        `${missing} ${lines(missing)} before ${place} ${missing === 1 ? "is" : "are"} missing`,
      );
    } else if (number <= before.number) {
      this.#break(place, `${place} is out of order: lines were repeated or moved`);
    } else if (hashOf(record, { number, hash: before.hash }) !== hash) {
      this.#break(place, `${place}, or the one before it, was altered or replaced`);
    }
    this.expectedSeen ||= hash === this.#expected;
    this.#end = { number, hash };
  }

  #break(place: string, reason: string): void {
    this.breakCount += 1;
    if (this.breaks.length < mostBreaks) this.breaks.push({ place, reason });
  }
}

function lines(count: number): string {
  return count === 1 ? "line" : "lines";
}

function hashOf(record: string, { number, hash }: ChainEnd): string {
  return digest("sha256", `${hash}\n${number}\n${record}`, "base64url");
}
