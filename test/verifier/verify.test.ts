import { afterEach, describe, expect, test } from "vitest";
import { receiverEvidence } from "../../src/receiver/evidence-source.js";
import { verificationReportSchema } from "../../src/verifier/report.js";
import { verify } from "../../src/verifier/verify.js";
import { createVerifierStage, type VerifierStage } from "./stage.js";

const stages: VerifierStage[] = [];

async function stageOf(...args: Parameters<typeof createVerifierStage>): Promise<VerifierStage> {
  const stage = await createVerifierStage(...args);
  stages.push(stage);
  return stage;
}

afterEach(async () => {
  await Promise.all(stages.splice(0).map((stage) => stage[Symbol.asyncDispose]()));
});

describe("a verification", () => {
  test("covers regions side by side: one that stays silent delays no other's verdict", async () => {
    const regions = ["us", "eu", "au", "me", "in", "sg", "zz"];
    const { client, clock, emulator, receiver, configure } = await stageOf(regions);
    for (const region of regions) await configure(region);
    emulator.faults.add({ region: "us", delivery: { kind: "drop" } });
    const order: string[] = [];
    const report = await verify({
      regions,
      client,
      clock,
      evidence: receiverEvidence(receiver),
      required: "signature",
      onProgress: (region, { kind }) => void (kind === "verdict" && order.push(region)),
    });
    expect(report.regions.map(({ region, verdict }) => [region, verdict])).toEqual(
      regions.map((region) => [region, region === "us" ? "silent" : "delivered"]),
    );
    expect(order.at(-1)).toBe("us");
    expect(report).toMatchObject({ outcome: "failed", exit_code: 2 });
    expect(verificationReportSchema.parse(report)).toEqual(report);
  });

  test("needs every one of several probes at the receiver", async () => {
    const { client, clock, receiver, configure } = await stageOf(["eu"]);
    await configure("eu");
    const report = await verify({
      regions: ["eu"],
      client,
      clock,
      evidence: receiverEvidence(receiver),
      probes: 3,
    });
    expect(report.regions[0]?.verdict).toBe("delivered");
    expect(report.regions[0]?.probes.map(({ signature }) => signature)).toEqual(
      Array(3).fill("valid"),
    );
  });

  test("only reads, and says with every call who it is", async () => {
    const { client, clock, emulator, configure } = await stageOf(["eu"]);
    await configure("eu");
    const before = (await client.getWebhook("eu")).body;
    const first = emulator.requests.length;
    const report = await verify({ regions: ["eu"], client, clock });
    const calls = emulator.requests.slice(first);
    expect(new Set(calls.map(({ method }) => method))).toEqual(new Set(["GET"]));
    const probe = report.regions[0]?.probes[0]?.id;
    expect(new Set(calls.map(({ userAgent }) => userAgent))).toEqual(
      new Set(["konnect-audit", `konnect-audit-probe/${probe}`]),
    );
    expect((await client.getWebhook("eu")).body).toEqual(before);
  });

  test("polls less and less often: a silent region costs few calls until the deadline", async () => {
    const { client, clock, emulator, configure } = await stageOf(["eu"]);
    await configure("eu");
    emulator.faults.add({ delivery: { kind: "drop" } });
    const first = emulator.requests.length;
    const report = await verify({ regions: ["eu"], client, clock, within: 90_000 });
    expect(report.regions[0]?.verdict).toBe("silent");
    expect(emulator.requests.length - first).toBeLessThanOrEqual(16);
  });

  test("tells the fields in which the webhook is not as expected, with secrets masked", async () => {
    const { client, clock, siem, configure } = await stageOf(["eu"]);
    await configure("eu");
    const expected = { endpoint: "https://siem.example.com/in?key=secret", log_format: "json" };
    const report = await verify({ regions: ["eu"], client, clock, expected });
    expect(report.regions[0]).toMatchObject({
      verdict: "misconfigured",
      differences: [
        { field: "endpoint", expected: "https://siem.example.com/in?key=***", actual: siem.url },
        { field: "log_format", expected: "json", actual: "cef" },
      ],
    });
    expect(JSON.stringify(report)).not.toContain("key=secret");
  });
});

describe("what keeps a verification from telling", () => {
  test("in one region is an error there, costs no other its verdict and exits 1", async () => {
    const { client, clock, emulator, configure } = await stageOf(["us", "eu"]);
    await configure("us");
    await configure("eu");
    emulator.faults.add({ region: "eu", effect: { kind: "status", status: 403 } });
    const report = await verify({ regions: ["us", "eu"], client, clock });
    expect(report.regions.map(({ outcome }) => outcome)).toEqual(["passed", "error"]);
    expect(report.regions[1]).toMatchObject({
      verdict: null,
      error: { code: "KONNECT_FORBIDDEN", remedy: expect.stringContaining("Audit Logs") },
    });
    expect(report.exit_code).toBe(1);
  });

  test("is waited out when it may pass", async () => {
    const { client, clock, emulator, configure } = await stageOf(["eu"]);
    await configure("eu");
    const report = await verify({
      regions: ["eu"],
      client,
      clock,
      onProgress: (_, { kind }) => {
        if (kind !== "probe") return;
        // One look with all of the client's own retries.
        emulator.faults.add({
          path: "/v2/audit-log-webhook/status",
          count: 5,
          effect: { kind: "status", status: 503 },
        });
      },
    });
    expect(report.regions[0]?.outcome).toBe("passed");
    expect(report.regions[0]?.timeline.map(({ kind }) => kind)).toContain("problem");
  });

  test("is not mistaken for silence when it lasts until the deadline", async () => {
    const { client, clock, emulator, receiver, configure } = await stageOf(["eu"]);
    await configure("eu");
    emulator.faults.add({ delivery: { kind: "drop" } });
    const verification = verify({
      regions: ["eu"],
      client,
      clock,
      evidence: receiverEvidence(receiver),
      within: 60_000,
      onProgress: (_, { kind }) => {
        if (kind !== "probe") return;
        emulator.faults.add({
          path: "/v2/audit-log-webhook/status",
          effect: { kind: "status", status: 502 },
        });
      },
    });
    const report = await verification;
    expect(report.regions[0]).toMatchObject({
      outcome: "error",
      verdict: null,
      error: { code: "KONNECT_SERVER_ERROR" },
    });
  });

  test("can be the user, who stops it: no verdict then", async () => {
    const { client, clock, emulator, configure } = await stageOf(["eu"]);
    await configure("eu");
    emulator.faults.add({ delivery: { kind: "drop" } });
    const stop = new AbortController();
    const report = await verify({
      regions: ["eu"],
      client,
      clock,
      signal: stop.signal,
      onProgress: () => stop.abort(),
    });
    expect(report.regions[0]).toMatchObject({ verdict: null, error: { code: "VERIFY_STOPPED" } });
    expect(report.exit_code).toBe(1);
  });

  test("is a receiver that can't be asked, found out before any probe is sent", async () => {
    const { client, clock, emulator, configure } = await stageOf(["eu"]);
    await configure("eu");
    const first = emulator.requests.length;
    const evidence = () => Promise.reject(new Error("connection refused"));
    const report = await verify({ regions: ["eu"], client, clock, evidence });
    expect(report.exit_code).toBe(1);
    expect(emulator.requests.length).toBe(first);
  });

  test.each([
    ["no region", { regions: [] }, "VERIFY_NO_REGION"],
    ["a malformed region", { regions: ["EU"] }, "VERIFY_REGION_MALFORMED"],
    [
      "evidence that only a receiver can give, without one",
      { regions: ["eu"], required: "signature" as const },
      "VERIFY_RECEIVER_NEEDED",
    ],
  ])("is bad input: %s", async (_name, input, code) => {
    const { client } = await stageOf([]);
    await expect(verify({ client, ...input })).rejects.toMatchObject({ code });
  });
});
