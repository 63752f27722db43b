import { afterEach, describe, expect, test } from "vitest";
import { receiverEvidence } from "../../src/receiver/evidence-source.js";
import { verificationReportSchema } from "../../src/verifier/report.js";
import { verify } from "../../src/verifier/verify.js";
import { createVerifierStage, type VerifierStage } from "./stage.js";

let stage: VerifierStage | undefined;

afterEach(() => stage?.[Symbol.asyncDispose]());

describe("a verification that is stopped", () => {
  test.each([0, 100, 1_500, 6_000, 25_000, 70_000])(
    "after %i ms says so, and leaves Konnect exactly as it found it",
    async (moment) => {
      const regions = ["eu", "us"];
      stage = await createVerifierStage(regions);
      const { client, clock, emulator, receiver } = stage;
      for (const region of regions) await stage.configure(region);
      // Nothing arrives, so that it would wait until its deadline.
      emulator.faults.add({ delivery: { kind: "drop" } });
      const webhooks = () =>
        Promise.all(regions.map(async (region) => (await client.getWebhook(region)).body));
      const before = await webhooks();
      const first = emulator.requests.length;
      const stop = new AbortController();
      const stopping = clock.sleep(moment).then(() => stop.abort());
      const report = await verify({
        ...{ regions, client, clock, probes: 2, signal: stop.signal },
        evidence: receiverEvidence(receiver),
      });
      await stopping;
      expect(report.regions.map(({ verdict, error }) => [verdict, error?.code])).toEqual(
        regions.map(() => [null, "VERIFY_STOPPED"]),
      );
      expect(report.exit_code).toBe(1);
      expect(verificationReportSchema.parse(report)).toEqual(report);
      const methods = emulator.requests.slice(first).map(({ method }) => method);
      expect(methods.filter((method) => method !== "GET")).toEqual([]);
      expect(await webhooks()).toEqual(before);
    },
  );
});
