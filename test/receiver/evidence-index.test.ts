import { describe, expect, test } from "vitest";
import { EvidenceIndex } from "../../src/receiver/evidence-index.js";
import { probeUserAgent } from "../../src/receiver/probe-marker.js";
import { type ReceivedEvent, receivedEvent } from "../../src/receiver/received-event.js";
import { signedLine, testKey, webhookRead } from "./deliveries.js";

const { key } = testKey();
const eventOf = (probeId: string): ReceivedEvent => {
  const line = signedLine(key, webhookRead({ user_agent: probeUserAgent(probeId) }));
  return receivedEvent(Buffer.from(line), { outcome: "valid", kid: undefined }, 0);
};

describe("the index of evidence", () => {
  test("holds a bounded number of events: the oldest probes are forgotten, and one can't fill it", () => {
    const index = new EvidenceIndex({ maxEvents: 5, maxEventsPerProbe: 2 });
    for (const probeId of ["a", "a", "a", "b", "c", "c", "d"]) index.add(eventOf(probeId));
    const held = ["a", "b", "c", "d"].map((probeId) => index.find(probeId).length);
    expect(held).toEqual([0, 1, 2, 1]);
  });

  test("leaves out events without a marker", () => {
    const index = new EvidenceIndex();
    index.add(receivedEvent(Buffer.from(signedLine(key)), { outcome: "unsigned" }, 0));
    expect(index.find("")).toEqual([]);
  });
});
