import type { Clock } from "../core/clock.js";
import { type SignatureVerdict, type VerifiedLine, verifyLineInPool } from "../events/signature.js";
import type { KeySource, LoadedKeys } from "./key-source.js";

export interface KeyRingOptions {
  source: KeySource;
  /** Its monotonic time counts: the wall clock may jump. */
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
    const { problems = [], keySet } = this.#keys ?? {};
    // Without the key's id: it is foreign text, which may hold a secret that only callers know.
    const rejected = new Set(
      (keySet?.rejected ?? []).map(({ reason }) => `a key can't be used: it ${reason}`),
    );
    return [...problems, ...rejected];
  }

  /** True if there is a key, after the last load. */
  get hasKeys(): boolean {
    return (this.#keys?.keySet.keys.length ?? 0) > 0;
  }

  /**
   * Verifies the lines of a batch.
   *
   * @throws what the key source throws when there are no keys from before to go on with
   */
  async verify(lines: readonly Uint8Array[]): Promise<VerifiedLine[]> {
    const keys = await this.#load(this.#keys ? this.#maxAge : 0);
    const judgeAll = (known: LoadedKeys) => Promise.all(lines.map((line) => judge(line, known)));
    const verdicts = await judgeAll(keys);
    if (!verdicts.some(({ verdict }) => mayHaveNewKey(verdict))) return verdicts;
    const fresh = await this.#load(this.#minInterval);
    return fresh === keys ? verdicts : judgeAll(fresh);
  }

  /** Loads the keys unless they are younger than `age`. */
  async #load(age: number): Promise<LoadedKeys> {
    if (this.#keys && this.#clock.monotonic() - this.#loadedAt < age) return this.#keys;
    this.#loading ??= this.#reload().finally(() => {
      this.#loading = undefined;
    });
    return this.#loading;
  }

  async #reload(): Promise<LoadedKeys> {
    // Failed loads count too: a source that is down must not be asked with every delivery.
    this.#loadedAt = this.#clock.monotonic();
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
async function judge(line: Uint8Array, { keySet, problems }: LoadedKeys): Promise<VerifiedLine> {
  const verified = await verifyLineInPool(line, keySet);
  const incomplete = problems.length > 0 || keySet.rejected.length > 0;
  return incomplete && mayHaveNewKey(verified.verdict)
    ? { ...verified, verdict: { outcome: "unverifiable", reason: "no usable key" } }
    : verified;
}

function mayHaveNewKey(verdict: SignatureVerdict): boolean {
  if (verdict.outcome === "unverifiable") return true;
  return verdict.outcome === "invalid" && verdict.reason === "no key matches";
}
