import { describe, expect, test } from "vitest";
import { Claims } from "../../src/provider/claims.js";

const eu = "webhook of region eu";

describe("claims", () => {
  test("let work on one object run one after the other, whatever became of the work before", async () => {
    const claims = new Claims();
    const seen: string[] = [];
    const work = (name: string, fails = false) =>
      claims.inTurn(eu, async () => {
        seen.push(`${name} begins`);
        await new Promise((resume) => setImmediate(resume));
        seen.push(`${name} ends`);
        if (fails) throw new Error(name);
        return name;
      });
    const results = await Promise.allSettled([work("a"), work("b", true), work("c")]);
    expect(results.map(({ status }) => status)).toEqual(["fulfilled", "rejected", "fulfilled"]);
    expect(seen).toEqual(["a begins", "a ends", "b begins", "b ends", "c begins", "c ends"]);
  });

  test("let work on other objects run at the same time", async () => {
    const claims = new Claims();
    let release = () => {};
    const held = claims.inTurn(eu, () => new Promise<void>((resolve) => (release = resolve)));
    await claims.inTurn("webhook of region us", async () => release());
    await held;
  });

  test("are known once they are made, and only the one that was made", () => {
    const claims = new Claims();
    claims.add(eu);
    expect(claims.has(eu)).toBe(true);
    expect(claims.has("webhook of portal eu/1")).toBe(false);
  });
});
