import { type KeyObject, sign, verify } from "node:crypto";
import type { LogFormat } from "../core/log-format.js";
import { wrapCps } from "./json.js";
import type { KeySet } from "./jwks.js";
import { type SignedPart, signedPart } from "./signed-part.js";

/**
 * What is known of a line's signature.
 *
 * `invalid` means that the line is not what any of the keys signed; `unsigned` and `unverifiable` mean that nothing is
 * known, which must never be reported as either of the others. A line in which a signature stands anywhere is never
 * `unsigned`.
 */
export type SignatureVerdict =
  | { outcome: "valid"; kid: string | undefined }
  | {
      outcome: "invalid";
      /** `moved`: the line was rewritten, its signature is not at its end. */
      reason: "no key matches" | "malformed signature" | "moved";
    }
  | { outcome: "unsigned" }
  | {
      outcome: "unverifiable";
      /** `pull record`: a record of `GET /v3/audit-logs`, of which it is not documented what its signature covers. */
      reason: "no usable key" | "pull record";
    };

/**
 * Signs a line and appends the signature the way that its format carries it.
 *
 * How Konnect signs `cps` is not documented; here the wrapped object is signed, as a `json` line is.
 *
 * @param line from {@link formatEvent}
 */
export function signLine(line: string, format: LogFormat, privateKey: KeyObject): string {
  if (format === "cps") return wrapCps(signLine(unwrapCps(line), "json", privateKey));
  const signature = sign(null, Buffer.from(line), privateKey).toString("base64url");
  return format === "cef"
    ? `${line} sig=${signature}`
    : `${line.slice(0, -1)},"sig":"${signature}"}`;
}

/**
 * Verifies a line's Ed25519 signature against every key of a JWKS (lines name no key).
 *
 * Works on the raw bytes with nothing but the signature cut out: a line that was parsed and printed again has another
 * spelling (a rounded `trace_id`, for one) and would fail. A header that a syslog relay has put before the line is no part
 * of it; a JSON line whose members were sorted is verified as it stands without its `sig`.
 *
 * @param raw the line as it was received, without its line break
 */
export function verifyLine(raw: Uint8Array | string, keySet: KeySet): SignatureVerdict {
  const signed = readSigned(signedPart(raw), keySet);
  if ("outcome" in signed) return signed;
  const key = keySet.keys.find(({ publicKey }) =>
    signed.payloads.some((payload) => verify(null, payload, publicKey, signed.bytes)),
  );
  return key ? { outcome: "valid", kid: key.kid } : unmatched(signed);
}

/** A line's verdict, and what it was drawn from. */
export interface VerifiedLine {
  verdict: SignatureVerdict;
  /** `undefined` for a line without a signature. */
  signed: SignedPart | undefined;
}

/** Verifies a line as {@link verifyLine} does, in Node's thread pool: the event loop goes on meanwhile. */
export async function verifyLineInPool(
  raw: Uint8Array | string,
  keySet: KeySet,
): Promise<VerifiedLine> {
  const signed = signedPart(raw);
  return { verdict: await verifyPartInPool(signed, keySet), signed };
}

async function verifyPartInPool(
  part: SignedPart | undefined,
  keySet: KeySet,
): Promise<SignatureVerdict> {
  const signed = readSigned(part, keySet);
  if ("outcome" in signed) return signed;
  for (const { kid, publicKey } of keySet.keys) {
    for (const payload of signed.payloads) {
      if (await verifyInPool(payload, publicKey, signed.bytes)) return { outcome: "valid", kid };
    }
  }
  return unmatched(signed);
}

/** What is to be verified, or the verdict where nothing is. */
function readSigned(
  signed: SignedPart | undefined,
  keySet: KeySet,
): (SignedPart & { bytes: Buffer }) | SignatureVerdict {
  if (!signed) return { outcome: "unsigned" };
  if (signed.payloads.length === 0) return unmatched(signed);
  const bytes = decodeSignature(signed.signature);
  if (!bytes && signed.pulled) return unmatched(signed);
  if (!bytes) return { outcome: "invalid", reason: "malformed signature" };
  if (keySet.keys.length === 0 && !signed.pulled) {
    return { outcome: "unverifiable", reason: "no usable key" };
  }
  return { ...signed, bytes };
}

function unmatched({ pulled, moved }: SignedPart): SignatureVerdict {
  if (pulled) return { outcome: "unverifiable", reason: "pull record" };
  return { outcome: "invalid", reason: moved ? "moved" : "no key matches" };
}

function verifyInPool(payload: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, payload, key, signature, (error, matches) => {
      if (error) reject(error);
      else resolve(matches);
    });
  });
}

/** 64 bytes in canonical base64url without padding; a second spelling of the same bytes is refused. */
function decodeSignature(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === 64 && bytes.toString("base64url") === text ? bytes : undefined;
}

function unwrapCps(line: string): string {
  return line.replace(/^\{"event":/, "").slice(0, -1);
}
