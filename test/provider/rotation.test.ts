import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { CredentialFingerprints } from "../../src/provider/fingerprint.js";
import { lacksValue, rotates } from "../../src/provider/rotation.js";
import { PrivateBytes } from "../../src/terraform/engine/private-state.js";
import { UNKNOWN } from "../../src/terraform/index.js";

const withoutVersion = { authorization_version: null };

/** Private state after `authorization` was written. */
async function writtenWith(authorization: string) {
  const privateState = new PrivateBytes();
  await new CredentialFingerprints().remember(authorization, privateState);
  return new PrivateBytes(privateState.bytes());
}

describe("a rotation", () => {
  test("is seen by the hash in private state exactly when the value differs", async () => {
    const texts = fc.string({ minLength: 1, unit: "binary" });
    await fc.assert(
      fc.asyncProperty(texts, fc.option(texts, { nil: undefined }), async (before, other) => {
        const authorization = other ?? before;
        const answer = await rotates(
          { authorization, ...withoutVersion },
          withoutVersion,
          await writtenWith(before),
          new CredentialFingerprints(),
        );
        expect(answer).toBe(authorization !== before);
      }),
      { numRuns: 6 },
    );
  });

  test.each([
    ["no value leaves Konnect's", null, null, null, false],
    ["no value beats a raised version", null, 2, 1, false],
    ["the same version keeps it, whatever the value", "Bearer other", 1, 1, false],
    ["a raised version rotates the same value", "Bearer first", 2, 1, true],
    ["a first version rotates", "Bearer first", 1, null, true],
    ["a removed version goes back to the hash", "Bearer first", null, 1, false],
    ["an unknown value may rotate", UNKNOWN, null, null, "unknown"],
    ["an unknown value does not with the same version", UNKNOWN, 1, 1, false],
    ["an unknown version may rotate", "Bearer first", UNKNOWN, 1, "unknown"],
  ] as const)("%s", async (_, authorization, version, before, expected) => {
    const answer = await rotates(
      { authorization, authorization_version: version },
      { authorization_version: before },
      await writtenWith("Bearer first"),
      new CredentialFingerprints(),
    );
    expect(answer).toBe(expected);
  });

  test.each([
    ["empty, as after an import", new PrivateBytes()],
    ["another provider's", new PrivateBytes(Buffer.from('{"authorization":"x"}'))],
    ["no JSON", new PrivateBytes(Buffer.from([0xff, 0x00]))],
  ])("is due when private state is %s", async (_, privateState) => {
    const given = { authorization: "Bearer first", ...withoutVersion };
    const fingerprints = new CredentialFingerprints();
    expect(await rotates(given, withoutVersion, privateState, fingerprints)).toBe(true);
  });

  test("leaves no trace of the value in private state, and no two runs the same hash", async () => {
    const [one, two] = await Promise.all([writtenWith("planted"), writtenWith("planted")]);
    const texts = [one, two].map((state) => Buffer.from(state?.bytes() ?? []).toString());
    expect(texts.join()).not.toContain("planted");
    expect(texts[0]).not.toBe(texts[1]);
  });
});

describe("a rotation by authorization_version", () => {
  test.each([
    ["without a value when the version is raised", null, 2, 1, true],
    ["without a value when the version is new", null, 1, null, true],
    ["not with the same version", null, 1, 1, false],
    ["not without a version", null, null, 1, false],
    ["not while the version is unknown", null, UNKNOWN, 1, false],
    ["not with a value", "Bearer x", 2, 1, false],
    ["not while the value is unknown", UNKNOWN, 2, 1, false],
  ] as const)("lacks its value %s", (_, authorization, version, before, expected) => {
    const given = { authorization, authorization_version: version };
    expect(lacksValue(given, { authorization_version: before })).toBe(expected);
  });
});
