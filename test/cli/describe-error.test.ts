import { describe, expect, test } from "vitest";
import { describeError } from "../../src/cli/describe-error.js";

const env = { KONNECT_AUDIT_AUTHORIZATION: "Bearer receiver-secret-0123456789" };

describe("an error that is shown", () => {
  test("keeps its code, whatever words a credential has", () => {
    const error = Object.assign(new Error("x"), { code: "RECEIVER_KEYS_UNREADABLE" });
    expect(describeError(error, env).code).toBe("RECEIVER_KEYS_UNREADABLE");
  });

  test.each(["\u001b[31m", "receiver-secret-0123456789", "a b", ""])(
    "has no code in %j",
    (code) => {
      expect(describeError(Object.assign(new Error("x"), { code }), env).code).toBeUndefined();
    },
  );

  test.each([
    (text: string) => new Error(text),
    (text: string) => text,
    (text: string) => Object.assign(new Error("x"), { remedy: text }),
  ])("shows no secret of the environment and no escape, wherever it is", (thrown) => {
    const shown = JSON.stringify(describeError(thrown("receiver-secret-0123456789\u009b31m"), env));
    expect(shown).not.toMatch(/secret|\u009b/);
  });
});
