import { describe, expect, test } from "vitest";
import { startRun } from "./provider-run.js";

const uuid = "d32d905a-ed33-46a3-a093-d8f536af9a8a";

describe("an import id", () => {
  test.each([
    ["konnectaudit_webhook", "EU", /^[^"]*its region[^"]*"EU" must be .*Did you mean "eu"\?$/],
    ["konnectaudit_webhook", "eu/x", /"eu\/x" must be a Konnect region/],
    ["konnectaudit_webhook_binding", "", /"" must be a Konnect region/],
    ["konnectaudit_replay_job", "eu\n", /"eu\\n" must be a Konnect region/],
    ["konnectaudit_destination", "siem", /konnectaudit_destinations finds it.*"siem" must be/],
    ["konnectaudit_destination", uuid.toUpperCase(), /must be a UUID in lower case/],
    ["konnectaudit_portal_webhook", uuid, /region\/portal_id.*its portal_id must be/],
    ["konnectaudit_portal_webhook", `eu/${uuid}/x`, /has more than two parts\.$/],
    ["konnectaudit_portal_webhook", `eu/${uuid.toUpperCase()}`, /its portal_id must be/],
  ])(
    "of a %s that is %j is one error that says what it is, without a call",
    async (type, id, why) => {
      const run = await startRun("http://127.0.0.1:9/{region}");
      const { values, told } = await run.import(type, id);
      expect(values).toBeNull();
      expect(told).toMatchObject([{ severity: "error", summary: "Invalid import id" }]);
      expect(told[0]?.detail).toMatch(why);
      expect(told[0]?.detail).toMatch(/[^.?!][.?]$/);
    },
  );
});
