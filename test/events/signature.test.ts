import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { formatEvent } from "../../src/events/format.js";
import { createSigningKey, formatJwks, readJwks, signingKeySeed } from "../../src/events/jwks.js";
import { signLine, verifyLine } from "../../src/events/signature.js";
import { anyEvent, anyFormat } from "./arbitraries.js";
import { altered, signedByVectorKey, vectorKey } from "./vectors.js";

const vectorKeys = readJwks(formatJwks([vectorKey]));
const strangerKey = createSigningKey();

describe("a signature", () => {
  test.each(Object.entries(signedByVectorKey))("made elsewhere over %s is valid", (_, line) => {
    expect(verifyLine(line, vectorKeys)).toEqual({ outcome: "valid", kid: vectorKey.jwk.kid });
  });

  test.each(Object.entries(altered))("of a line altered since (%s) is invalid", (_, line) => {
    expect(verifyLine(line, vectorKeys)).toEqual({ outcome: "invalid", reason: "no key matches" });
  });

  test("is valid right after signing, with any key of the set", () => {
    fc.assert(
      fc.property(anyEvent, anyFormat, (event, format) => {
        const line = signLine(formatEvent(event, format), format, vectorKey.privateKey);
        const keys = readJwks(formatJwks([strangerKey, vectorKey]));
        expect(verifyLine(line, keys)).toEqual({ outcome: "valid", kid: vectorKey.jwk.kid });
      }),
      { numRuns: 100 },
    );
  });

  test("covers every byte: none can be changed and still pass", () => {
    fc.assert(
      fc.property(
        anyEvent,
        anyFormat,
        fc.nat(),
        fc.integer({ min: 1, max: 255 }),
        (event, format, place, flip) => {
          const raw = Buffer.from(
            signLine(formatEvent(event, format), format, vectorKey.privateKey),
          );
          const at = place % raw.length;
          raw[at] = (raw[at] ?? 0) ^ flip;
          expect(verifyLine(raw, vectorKeys).outcome).not.toBe("valid");
        },
      ),
      { numRuns: 300 },
    );
  });

  test("is valid over a user agent whose last UTF-8 byte is a blank in Latin-1", () => {
    const line = signLine("x CEF:0|user_agent=⇠", "cef", vectorKey.privateKey);
    expect(verifyLine(line, vectorKeys).outcome).toBe("valid");
  });

  test("of a changed payload is invalid, not merely unverifiable", () => {
    const line = signedByVectorKey.json.replace('"granted":true', '"granted":false');
    expect(verifyLine(line, vectorKeys).outcome).toBe("invalid");
  });

  test("is invalid once JavaScript has parsed and printed the line", () => {
    const reprinted = JSON.stringify(JSON.parse(signedByVectorKey.json));
    expect(verifyLine(reprinted, vectorKeys).outcome).toBe("invalid");
  });

  test("that was cut short is malformed", () => {
    expect(verifyLine(altered.authorization.slice(0, -20), vectorKeys)).toEqual({
      outcome: "invalid",
      reason: "malformed signature",
    });
  });

  test("spelt with other padding bits is refused", () => {
    const respelt = signedByVectorKey.cef.replace(/Bg$/, "Bh");
    expect(verifyLine(respelt, vectorKeys)).toEqual({
      outcome: "invalid",
      reason: "malformed signature",
    });
  });

  test("that covers the whole wrapped line of cps is accepted too", () => {
    const inner = signedByVectorKey.json.split(',"sig"')[0] ?? "";
    const signature = signLine(`{"event":${inner}}}`, "cef", vectorKey.privateKey).split("sig=")[1];
    expect(verifyLine(`{"event":${inner},"sig":"${signature}"}}`, vectorKeys).outcome).toBe(
      "valid",
    );
  });
});

describe("a line whose signature can't be judged", () => {
  test("is unsigned when it has none, even when its user agent looks like one", () => {
    fc.assert(
      fc.property(anyEvent, fc.constantFrom("json" as const, "cps" as const), (event, format) => {
        expect(verifyLine(formatEvent(event, format), vectorKeys)).toEqual({ outcome: "unsigned" });
      }),
    );
  });

  test("is unverifiable without a usable key", () => {
    expect(verifyLine(signedByVectorKey.cef, readJwks({ keys: [] }))).toEqual({
      outcome: "unverifiable",
      reason: "no usable key",
    });
  });

  test("that is missing, malformed or moved is so without a key, too", () => {
    const none = readJwks({ keys: [] });
    const { cef } = signedByVectorKey;
    expect(verifyLine(cef.replace(/ sig=.*/, ""), none)).toEqual({ outcome: "unsigned" });
    expect(verifyLine(cef.slice(0, -1), none)).toEqual({
      outcome: "invalid",
      reason: "malformed signature",
    });
    expect(verifyLine(`${cef} host=relay`, none)).toEqual({ outcome: "invalid", reason: "moved" });
  });
});

describe("a JWKS", () => {
  test("keeps keys that can't be used apart, with the reason", () => {
    const keySet = readJwks({
      keys: [
        { kty: "RSA", kid: "rsa" },
        {
          // As published in Kong's documentation: 44 characters, so 33 bytes.
          kty: "OKP",
          crv: "Ed25519",
          alg: "EdDSA",
          kid: "1d4608c22e448672d5386b4071b70442as45c58265",
          x: "aFNAu9QEQhiunrGuyS14ePHzoOb2vash783p1-_Nrc3M",
        },
        vectorKey.jwk,
        null,
      ],
    });
    expect(keySet.keys.map(({ kid }) => kid)).toEqual([vectorKey.jwk.kid]);
    expect(keySet.rejected.map(({ reason }) => reason)).toEqual([
      "is no Ed25519 key",
      "has an `x` that is not 32 bytes",
      "is no object",
    ]);
  });

  test.each([null, {}, { keys: {} }])("that is none (%j) is an error with a code", (document) => {
    expect(() => readJwks(document)).toThrowError(
      expect.objectContaining({ code: "EVENT_JWKS_UNREADABLE" }),
    );
  });

  test("publishes the key of RFC 8032's first test vector as others spell it", () => {
    expect(vectorKey.jwk.x).toBe("11qYAYKxCrfVS_7TyWQHOg7hcvPapiMlrwIaaPcHURo");
    expect(vectorKey.jwk.kid).toMatch(/^[0-9a-f]{40}$/);
  });

  test("key can be made again from its seed", () => {
    const again = createSigningKey(signingKeySeed(strangerKey));
    expect(again.jwk).toEqual(strangerKey.jwk);
    expect(() => createSigningKey(Buffer.alloc(31))).toThrowError(
      expect.objectContaining({ code: "EVENT_KEY_SEED_INVALID" }),
    );
  });
});
