import { type KeyObject, sign, verify } from "node:crypto";
import { cutCefSignature } from "./cef.js";
import type { LogFormat } from "./event.js";
import { wrapCps } from "./json.js";
import type { KeySet } from "./jwks.js";

/**
 * What is known of a line's signature.
 *
 * `invalid` means that the line is not what any of the keys signed; `unsigned` and `unverifiable` mean that nothing is
 * known, which must never be reported as either of the others.
 */
export type SignatureVerdict =
  | { outcome: "valid"; kid: string | undefined }
  | { outcome: "invalid"; reason: "no key matches" | "malformed signature" }
  | { outcome: "unsigned" }
  | { outcome: "unverifiable"; reason: "no usable key" };

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
 * spelling (a rounded `trace_id`, for one) and would fail.
 *
 * @param raw the line as it was received, without its line break
 */
export function verifyLine(raw: Uint8Array | string, keySet: KeySet): SignatureVerdict {
  const signed = readSignature(raw, keySet);
  if ("outcome" in signed) return signed;
  for (const { kid, publicKey } of keySet.keys) {
    const matches = signed.payloads.some((payload) =>
      verify(null, payload, publicKey, signed.signature),
    );
    if (matches) return { outcome: "valid", kid };
  }
  return { outcome: "invalid", reason: "no key matches" };
}

/** The same in Node's thread pool: several processors verify, and the event loop stays free. */
export async function verifyLineInPool(
  raw: Uint8Array | string,
  keySet: KeySet,
): Promise<SignatureVerdict> {
  const signed = readSignature(raw, keySet);
  if ("outcome" in signed) return signed;
  for (const { kid, publicKey } of keySet.keys) {
    for (const payload of signed.payloads) {
      if (await verifyInPool(payload, publicKey, signed.signature))
        return { outcome: "valid", kid };
    }
  }
  return { outcome: "invalid", reason: "no key matches" };
}

function verifyInPool(payload: Buffer, key: KeyObject, signature: Buffer): Promise<boolean> {
  return new Promise((resolve, reject) => {
    verify(null, payload, key, signature, (error, matches) => {
      if (error) reject(error);
      else resolve(matches);
    });
  });
}

/** What there is to verify, each payload with every key; or the verdict, where there is nothing. */
function readSignature(
  raw: Uint8Array | string,
  keySet: KeySet,
): SignatureVerdict | { payloads: readonly Buffer[]; signature: Buffer } {
  const bytes =
    typeof raw === "string"
      ? Buffer.from(raw)
      : Buffer.from(raw.buffer, raw.byteOffset, raw.byteLength);
  // Latin-1 maps each byte to one character and back, whatever encoding the bytes are in.
  const signed = cutSignature(bytes.toString("latin1"));
  if (!signed) return { outcome: "unsigned" };
  const signature = decodeSignature(signed.signature);
  if (!signature) return { outcome: "invalid", reason: "malformed signature" };
  if (keySet.keys.length === 0) return { outcome: "unverifiable", reason: "no usable key" };
  return {
    payloads: signed.payloads.map((payload) => Buffer.from(payload, "latin1")),
    signature,
  };
}

// Anchored at the end: a user agent can hold the same text.
const jsonSignature = /,\s*"sig"\s*:\s*"([^"]*)"\s*\}\s*$/;
const cpsSignature = /,\s*"sig"\s*:\s*"([^"]*)"\s*\}\s*\}\s*$/;

function cutSignature(line: string): { payloads: string[]; signature: string } | undefined {
  if (!line.trimStart().startsWith("{")) {
    const signed = cutCefSignature(line);
    return signed && { payloads: [signed.payload], signature: signed.signature };
  }
  return (
    cut(line, jsonSignature, (rest) => [`${rest}}`]) ??
    // Which of the two Konnect signs is not documented: the inner object or the wrapped line.
    cut(line, cpsSignature, (rest) => [`${unwrapOpening(rest)}}`, `${rest}}}`])
  );
}

function cut(
  line: string,
  pattern: RegExp,
  payloads: (rest: string) => string[],
): { payloads: string[]; signature: string } | undefined {
  const match = pattern.exec(line);
  if (!match) return undefined;
  return { payloads: payloads(line.slice(0, match.index)), signature: match[1] ?? "" };
}

/** 64 bytes in canonical base64url without padding; a second spelling of the same bytes is refused. */
function decodeSignature(text: string): Buffer | undefined {
  const bytes = Buffer.from(text, "base64url");
  return bytes.length === 64 && bytes.toString("base64url") === text ? bytes : undefined;
}

function unwrapCps(line: string): string {
  return unwrapOpening(line).slice(0, -1);
}

function unwrapOpening(line: string): string {
  return line.replace(/^\s*\{\s*"event"\s*:\s*/, "");
}
