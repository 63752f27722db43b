import { describe, expect, test } from "vitest";
import { createKonnectClient } from "../../src/konnect/client.js";
import { isOutcomeUnknown } from "../../src/konnect/unknown-outcome.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

type Script = Parameters<typeof startScriptedServer>;

/** What a write ends with, against scripted answers. */
async function failureOf(
  script: Script,
  { signal, maxRetries = 0 }: { signal?: AbortSignal; maxRetries?: number } = {},
) {
  await using server = await startScriptedServer(...script);
  const serverUrl = `${server.url}/{region}`;
  const retry = { maxRetries, minWait: 1 };
  const client = createKonnectClient({ token: "kpat_x", serverUrl, requestTimeout: 100, retry });
  try {
    return await client.updateWebhook("eu", { enabled: true }, { signal }).then(
      () => expect.fail("the write has failed"),
      (error: unknown) => error,
    );
  } finally {
    await client.close();
  }
}

describe("the outcome of a write", () => {
  test.each<[string, Script]>([
    ["whose answer never came", [answers.silence()]],
    ["whose connection broke", [answers.reset()]],
    ["that ended in a failure of Konnect's", [answers.json(500, {})]],
    ["that a gateway lost", [answers.json(504, {})]],
    ["whose answer can't be read", [answers.text(200, "<html>")]],
    ["that was redirected", [answers.text(307, "")]],
  ])("is unknown of one %s", async (_, script) => {
    expect(isOutcomeUnknown(await failureOf(script))).toBe(true);
  });

  test("is unknown of one that was stopped", async () => {
    const stop = new AbortController();
    const stopping: Script[0] = () => stop.abort();
    expect(isOutcomeUnknown(await failureOf([stopping], { signal: stop.signal }))).toBe(true);
  });

  test.each([400, 401, 403, 404, 409, 429])(
    "is known of one that Konnect refused with %i",
    async (status) => {
      expect(isOutcomeUnknown(await failureOf([answers.json(status, {})]))).toBe(false);
    },
  );

  test.each([undefined, null, new Error("x"), "KONNECT_TIMEOUT", { code: "KONNECT_TIMEOUT" }])(
    "is no matter of %s",
    (failure) => {
      expect(isOutcomeUnknown(failure)).toBe(false);
    },
  );
});

describe("the start of a replay job", () => {
  const range = { start_at: "2026-11-22T10:00:00Z", end_at: "2026-11-22T11:00:00Z" };

  async function start(...script: Script) {
    await using server = await startScriptedServer(...script);
    const serverUrl = `${server.url}/{region}`;
    const client = createKonnectClient({ token: "kpat_x", serverUrl, retry: { minWait: 1 } });
    const done = await client.startReplayJob("eu", range).catch((error: Error) => error);
    await client.close();
    return { done, tries: server.requests.length };
  }

  test.each([
    ["the connection broke", answers.reset()],
    ["a gateway lost the answer", answers.json(504, {})],
  ])("is not repeated where %s: that would be a second job", async (_, answer) => {
    const { done, tries } = await start(
      answer,
      answers.json(202, { ...range, status: "accepted" }),
    );
    expect([isOutcomeUnknown(done), tries]).toEqual([true, 1]);
  });

  test.each([429, 503])(
    "is repeated where Konnect said by %i that it did nothing",
    async (status) => {
      const script = [
        answers.json(status, {}),
        answers.json(202, { ...range, status: "accepted" }),
      ];
      const { done, tries } = await start(...script);
      expect([done, tries]).toMatchObject([{ status: 202 }, 2]);
    },
  );
});
