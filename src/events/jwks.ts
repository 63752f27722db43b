import {
  createHash,
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  type KeyObject,
} from "node:crypto";
import { checkEd25519Point } from "./ed25519-point.js";
import { eventErrors } from "./errors.js";

/** A public key as `GET /v2/audit-log-webhook/jwks.json` answers it. */
export interface Ed25519Jwk {
  kty: "OKP";
  alg: "EdDSA";
  kid: string;
  crv: "Ed25519";
  /** The public key, base64url without padding: 43 characters. */
  x: string;
}

/** A key pair that audit events are signed with. */
export interface SigningKey {
  privateKey: KeyObject;
  jwk: Ed25519Jwk;
}

/** A key of a JWKS that lines can be verified with. */
export interface VerificationKey {
  kid: string | undefined;
  publicKey: KeyObject;
}

/** A JWKS, read: the keys that can be used, and why the others can't. */
export interface KeySet {
  keys: readonly VerificationKey[];
  rejected: readonly { kid: string | undefined; reason: string }[];
}

// PKCS #8 of an Ed25519 private key is this prefix and the 32 bytes of the seed (RFC 8410 section 7).
const pkcs8Prefix = Buffer.from("302e020100300506032b657004220420", "hex");

/**
 * Makes an Ed25519 key pair.
 *
 * @param seed 32 bytes that determine the key @default random bytes
 * @throws EventError `EVENT_KEY_SEED_INVALID`
 */
export function createSigningKey(seed?: Uint8Array): SigningKey {
  const privateKey = seed ? privateKeyOf(seed) : generateKeyPairSync("ed25519").privateKey;
  const { x = "" } = createPublicKey(privateKey).export({ format: "jwk" });
  // Konnect's published key ids have 40 hex digits; how they are made is not documented.
  const kid = createHash("sha1").update(x).digest("hex");
  return { privateKey, jwk: { kty: "OKP", alg: "EdDSA", kid, crv: "Ed25519", x } };
}

/** The seed of a key pair, to make the same pair again with {@link createSigningKey}. */
export function signingKeySeed({ privateKey }: SigningKey): Buffer {
  return privateKey.export({ format: "der", type: "pkcs8" }).subarray(pkcs8Prefix.length);
}

/** The JWKS document that publishes keys. */
export function formatJwks(keys: readonly SigningKey[]): { keys: Ed25519Jwk[] } {
  return { keys: keys.map(({ jwk }) => jwk) };
}

/**
 * Reads a JWKS document, keeping what can't be used apart from what can.
 *
 * @param document parsed JSON
 * @throws EventError `EVENT_JWKS_UNREADABLE` when it is no JWKS at all
 */
export function readJwks(document: unknown): KeySet {
  if (!isRecord(document) || !Array.isArray(document.keys)) {
    throw eventErrors.jwksUnreadable("it has no list named `keys`");
  }
  const keys: VerificationKey[] = [];
  const rejected: { kid: string | undefined; reason: string }[] = [];
  for (const jwk of document.keys as unknown[]) {
    const kid = isRecord(jwk) && typeof jwk.kid === "string" ? jwk.kid : undefined;
    const key = readEd25519Key(jwk);
    if (typeof key === "string") rejected.push({ kid, reason: key });
    else keys.push({ kid, publicKey: key });
  }
  return { keys, rejected };
}

function readEd25519Key(jwk: unknown): KeyObject | string {
  if (!isRecord(jwk)) return "is no object";
  if (jwk.kty !== "OKP" || jwk.crv !== "Ed25519") return "is no Ed25519 key";
  if (typeof jwk.x !== "string") return "has no `x`";
  // Checked here because Node accepts padded and over-long values in some releases.
  const bytes = Buffer.from(jwk.x, "base64url");
  if (bytes.length !== 32) return "has an `x` that is not 32 bytes";
  const problem = checkEd25519Point(bytes);
  if (problem) return problem;
  return createPublicKey({ key: { kty: "OKP", crv: "Ed25519", x: jwk.x }, format: "jwk" });
}

function privateKeyOf(seed: Uint8Array): KeyObject {
  if (seed.byteLength !== 32) throw eventErrors.keySeedInvalid(seed.byteLength);
  return createPrivateKey({
    key: Buffer.concat([pkcs8Prefix, seed]),
    format: "der",
    type: "pkcs8",
  });
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === "object" && value !== null;
}
