import { describe, expect, test } from "vitest";
import { shownSides } from "../../src/gitops/resource-changes.js";

function sidesOf(before: string | null, after: string | null) {
  return shownSides(
    {
      ...{ address: "konnectaudit_webhook.eu", mode: "managed", name: "eu" },
      type: "konnectaudit_webhook",
      change: {
        ...{ actions: ["update"], before: { endpoint: before }, after: { endpoint: after } },
        ...{ after_unknown: {}, before_sensitive: {}, after_sensitive: {} },
      },
    },
    "endpoint",
  );
}

describe("An endpoint that is itself the credential", () => {
  const url = "https://collectors.sumologic.com/receiver/v1/http/";

  test("is shown without its last segment, and a change of that alone is told", () => {
    const { before, after } = sidesOf(`${url}planted-old`, `${url}planted-new`);
    expect(before).toBe(`${url}***`);
    expect(after).toBe(`${url}*** (differs in a masked part)`);
  });

  test("is masked too where the other side is none", () => {
    expect(sidesOf(null, `${url}planted-new`)).toEqual({ before: "(none)", after: `${url}***` });
  });

  test("keeps its path where the path is no secret", () => {
    const { before } = sidesOf("https://siem.example.com/in", "https://siem.example.com/out");
    expect(before).toBe("https://siem.example.com/in");
  });
});
