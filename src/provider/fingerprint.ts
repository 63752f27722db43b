import { randomBytes, scrypt } from "node:crypto";
import { promisify } from "node:util";
import type { PrivateState } from "../terraform/index.js";

const derive = promisify<string, Buffer, number, Buffer>(scrypt);
const key = "authorization";

/** What private state keeps of a credential: enough to notice another one, useless to find it out. */
interface Fingerprint {
  salt: string;
  hash: string;
}

/**
 * Notices changed credentials without storing them, by a salted slow hash (scrypt) in Terraform's private state.
 *
 * All resources that are written in one run share a salt, so that fifty webhooks with one credential cost one
 * derivation and not fifty.
 */
export class CredentialFingerprints {
  readonly #derived = new Map<string, Promise<string>>();
  #salt: string | undefined;

  /** True if `secret` is the one that was remembered; `false` when none was. */
  async matches(secret: string, privateState: PrivateState): Promise<boolean> {
    const known = readFingerprint(privateState);
    return known !== undefined && (await this.#derive(secret, known.salt)) === known.hash;
  }

  /** True if a secret was remembered, and not forgotten since. */
  isKnown(privateState: PrivateState): boolean {
    return readFingerprint(privateState) !== undefined;
  }

  /** Forgets which secret Konnect has: nobody knows whether the last write reached it. */
  forget(privateState: PrivateState): void {
    privateState.delete(key);
  }

  /** Begins to derive what {@link remember} needs, which takes as long as a quick call to Konnect. */
  anticipate(secret: string): void {
    this.#derive(secret, this.#saltOfRun()).catch(() => undefined); // `remember` meets the same failure
  }

  async remember(secret: string, privateState: PrivateState): Promise<void> {
    const salt = this.#saltOfRun();
    privateState.set(key, { salt, hash: await this.#derive(secret, salt) });
  }

  #saltOfRun(): string {
    this.#salt ??= randomBytes(16).toString("base64");
    return this.#salt;
  }

  #derive(secret: string, salt: string): Promise<string> {
    const memoKey = `${salt}:${secret}`;
    const known = this.#derived.get(memoKey);
    if (known) return known;
    const derived = derive(secret, Buffer.from(salt, "base64"), 32).then((hash) =>
      hash.toString("base64"),
    );
    this.#derived.set(memoKey, derived);
    return derived;
  }
}

function readFingerprint(privateState: PrivateState): Fingerprint | undefined {
  const stored = privateState.get(key);
  if (typeof stored !== "object" || stored === null || !("salt" in stored)) return undefined;
  const { salt, hash } = stored as { salt?: unknown; hash?: unknown };
  return typeof salt === "string" && typeof hash === "string" ? { salt, hash } : undefined;
}
