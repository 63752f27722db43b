import type { Clock } from "../core/clock.js";
import { type SignatureVerdict, verifyLine } from "../events/signature.js";
import type { KeySource, LoadedKeys } from "./key-source.js";

export interface KeyRingOptions {
  source: KeySource;
  clock: Clock;
  /** Milliseconds after which keys are loaded again. @default 3600000 */
  maxAge?: number | undefined;
  /** The least milliseconds between two loads, whatever comes in. @default 60000 */
  minInterval?: number | undefined;
}

/** Verifies lines with keys that are loaded on first use, cached, and loaded again when a line matches none of them. */
export class KeyRing {
  readonly #source: KeySource;
  readonly #clock: Clock;
  readonly #maxAge: number;
  readonly #minInterval: number;
  #keys: LoadedKeys | undefined;
  #loadedAt = Number.NEGATIVE_INFINITY;
  #loading: Promise<LoadedKeys> | undefined;

  constructor({ source, clock, maxAge = 3_600_000, minInterval = 60_000 }: KeyRingOptions) {
    this.#source = source;
    this.#clock = clock;
    this.#maxAge = maxAge;
    this.#minInterval = minInterval;
  }

  /** Why keys may be missing, after the last load. */
  get problems(): readonly string[] {
    return this.#keys?.problems ?? [];
  }

  /** Keys that can't be used, after the last load. */
  get rejected(): LoadedKeys["keySet"]["rejected"] {
    return this.#keys?.keySet.rejected ?? [];
  }

  /**
   * Verifies the lines of a batch.
   *
   * @throws what the key source throws when there are no keys from before to go on with
   */
  async verify(lines: readonly Uint8Array[]): Promise<SignatureVerdict[]> {
    const keys = await this.#load(this.#keys ? this.#maxAge : 0);
    const verdicts = lines.map((line) => judge(line, keys));
    if (!verdicts.some(mayHaveNewKey)) return verdicts;
    const fresh = await this.#load(this.#minInterval);
    return fresh === keys ? verdicts : lines.map((line) => judge(line, fresh));
  }

  /** Loads the keys unless they are younger than `age`. */
  async #load(age: number): Promise<LoadedKeys> {
    if (this.#keys && this.#clock.now() - this.#loadedAt < age) return this.#keys;
    this.#loading ??= this.#reload().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #reload(): Promise<LoadedKeys> {
    // Failed loads count too: a source that is down must not be asked with every delivery.
    this.#loadedAt = this.#clock.now();
    try {
      const loaded = await this.#source();
      this.#keys = keepKnown(loaded, this.#keys);
    } catch (error) {
      if (!this.#keys) throw error;
    }
    return this.#keys;
  }
}

/** Keys from before stay in use while their source has a problem. */
function keepKnown(loaded: LoadedKeys, known: LoadedKeys | undefined): LoadedKeys {
  if (loaded.problems.length === 0 || !known) return loaded;
  const { keys, rejected } = loaded.keySet;
  return { ...loaded, keySet: { keys: [...keys, ...known.keySet.keys], rejected } };
}

/** A signature that matches no key is only wrong when all keys are known. */
function judge(line: Uint8Array, { keySet, problems }: LoadedKeys): SignatureVerdict {
  const verdict = verifyLine(line, keySet);
  const incomplete = problems.length > 0 || keySet.rejected.length > 0;
  return incomplete && mayHaveNewKey(verdict)
    ? { outcome: "unverifiable", reason: "no usable key" }
    : verdict;
}

function mayHaveNewKey(verdict: SignatureVerdict): boolean {
  if (verdict.outcome === "unverifiable") return true;
  return verdict.outcome === "invalid" && verdict.reason === "no key matches";
}
