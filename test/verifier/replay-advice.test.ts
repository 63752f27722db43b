import { afterEach, describe, expect, test } from "vitest";
import { replayAdvice } from "../../src/verifier/replay-advice.js";
import { verdictNames } from "../../src/verifier/verdicts.js";
import { verify } from "../../src/verifier/verify.js";
import { sampleReport } from "./sample-report.js";
import { createVerifierStage, type VerifierStage } from "./stage.js";

let stage: VerifierStage | undefined;

afterEach(() => stage?.[Symbol.asyncDispose]());

/** The advice for the region eu of a report. */
function advice(changes: Parameters<typeof sampleReport>[0]) {
  const found = replayAdvice(sampleReport(changes)).find(({ region }) => region === "eu");
  return found ?? expect.fail("no advice for eu");
}

describe("the advice on lost deliveries", () => {
  test("begins before the first failed delivery that was seen, also when all is well again", async () => {
    stage = await createVerifierStage(["eu"]);
    const { client, clock, emulator, siem } = stage;
    siem.use([{ kind: "status", code: 401 }]);
    await stage.configure("eu");
    // Reading the status is an event too; were it delivered, the failure would be history before the verification.
    emulator.faults.add({ delivery: { kind: "drop" }, count: 1 });
    const { body } = await client.getWebhookStatus("eu");
    siem.use([{ kind: "status", code: 202 }]);
    const report = await verify({ regions: ["eu"], client, clock, adviseReplays: true });
    expect(report.outcome).toBe("passed");
    const fiveMinutes = 300_000;
    const failed = Date.parse(body.last_attempt_at ?? "");
    const since = new Date(failed - fiveMinutes).toISOString();
    const until = report.regions[0]?.last_attempt?.at;
    expect(report.replay_advice?.[0]).toMatchObject({
      command: `konnect-audit replay --region eu --since ${since} --until ${until}`,
      text: expect.stringMatching(/one was accepted at .* last good check if that is earlier/),
    });
    // All is well again: there is nothing to wait for.
    expect(report.replay_advice?.[0]?.text).not.toContain("accepts again");
  });

  test("has no end while deliveries still fail", () => {
    const { command, text } = advice({ lost_since: "2026-11-22T09:30:00.000Z" });
    expect(command).toBe("konnect-audit replay --region eu --since 2026-11-22T09:25:00.000Z");
    expect(text).toMatch(/at the latest; when the first one failed can't be seen/);
  });

  test("goes back no further than Konnect keeps events", () => {
    const since = "2026-11-01T00:00:00.000Z";
    expect(advice({ lost_since: since }).command).toBe(
      "konnect-audit replay --region eu --since 7d",
    );
    const gone = advice({ lost_since: since, lost_until: "2026-11-02T00:00:00.000Z" });
    expect(gone).toMatchObject({
      command: null,
      text: expect.stringContaining("longer ago than Konnect keeps events"),
    });
  });

  test.each(verdictNames)("never takes it for a proof that no failure was seen (%s)", (verdict) => {
    const { command, text } = advice({ verdict, lost_since: null });
    expect(command).toBeNull();
    expect(text).not.toMatch(/nothing to replay|nothing was lost|no event was lost/i);
    expect(text).toMatch(/does not prove that none was lost|not delivered|nothing is delivered/);
  });

  test("says of what is inconclusive that nothing is known", () => {
    expect(advice({ verdict: null, outcome: "error" }).text).toContain("nothing is known");
  });
});
