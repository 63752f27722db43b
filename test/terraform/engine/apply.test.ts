import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../src/terraform/cty/value.js";
import { DiagnosticError } from "../../../src/terraform/index.js";
import { apply, config, type Note, note, notes } from "./notes.js";

describe("applying", () => {
  const planned = { ...note, id: UNKNOWN, stamp: UNKNOWN, revision: UNKNOWN };

  test("hands the secret to create alone, and stores null", async () => {
    const seen: unknown[] = [];
    const client = await notes({
      create: ({ config: given, planned: plannedValues }) => {
        seen.push(given.token, plannedValues.token);
        return { ...note, token: given.token };
      },
    });
    const { state } = await apply(client, null, planned, { ...config, token: "secret" });
    expect(seen).toEqual(["secret", null]);
    expect(state).toEqual(note);
  });

  test("leaves no state when create fails, the prior state when update does, and Terraform's own when delete does", async () => {
    const fail = () => {
      throw new DiagnosticError("Refused", "Try later.", ["text"]);
    };
    const client = await notes({ create: fail, update: fail, delete: fail });
    expect(await apply(client, null, planned)).toMatchObject({ state: null, private: "" });
    const update = await apply(client, note, { ...planned, text: "new" });
    expect(update).toMatchObject({ state: note, private: '{"a":1}' });
    expect(update.diagnostics).toMatchObject([{ summary: "Refused" }]);
    // What was planned may be the second half of a replacement: its private state is not that of the object.
    const failed = await apply(client, note, null);
    expect(failed).toMatchObject({ state: null, private: "" });
    expect(failed.diagnostics).toMatchObject([{ summary: "Refused" }]);
  });

  test("keeps the state of an object that exists, though the answer is wrong", async () => {
    const answers: [unknown, string][] = [
      [{ ...note, text: "other" }, '"text" is not what was planned'],
      [{ ...note, revision: UNKNOWN }, '"revision" is still unknown after apply'],
      [{ ...note, revision: "four" }, "revision: needs a number, got a string"],
      [undefined, "Needs an object, got nothing"],
    ];
    for (const [answer, message] of answers) {
      const client = await notes({ create: () => answer as Note });
      const { state, diagnostics } = await apply(client, null, planned);
      expect(state).toMatchObject({ folder: "inbox" });
      expect(diagnostics).toHaveLength(1);
      expect(diagnostics[0]?.detail).toContain(message);
    }
  });

  test("adds warnings to a success", async () => {
    const client = await notes({
      create: ({ diagnostics }) => {
        diagnostics.warn("Adopted", "It was there before.", ["folder"]);
        return note;
      },
    });
    const { state, diagnostics } = await apply(client, null, planned);
    expect(state).toEqual(note);
    expect(diagnostics).toMatchObject([{ severity: 2, summary: "Adopted" }]);
  });

  test("aborts the calls in flight when Terraform stops, and says so in one error", async () => {
    let reached: () => void = () => undefined;
    const inFlight = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const client = await notes({
      create: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          reached();
        }),
    });
    const running = apply(client, null, planned);
    await inFlight;
    await client.call("StopProvider", {});
    expect(await running).toMatchObject({
      state: null,
      diagnostics: [{ severity: 1, summary: "Interrupted: creating test_note" }],
    });
  });

  test("turns an unexpected error into one diagnostic without its message", async () => {
    const client = await notes({
      create: () => {
        throw new Error("response: kpat_secret");
      },
    });
    const { diagnostics } = await apply(client, null, planned);
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics) + client.log.join("")).not.toContain("kpat_secret");
    expect(client.log.join("")).toContain("apply.test.ts");
  });
});
