import { describe, expect, test } from "vitest";
import { explainResponse, recogniseSiem, Siem } from "../../src/siem/index.js";

const splunk = "https://splunk.example.com:8088/services/collector/raw";
const sumoLogic = "https://endpoint4.collection.sumologic.com/receiver/v1/http/Zm9v";
const datadog = "https://http-intake.logs.datadoghq.eu/api/v2/logs?dd-api-key=x";

describe("recogniseSiem", () => {
  test.each([
    ["Splunk", splunk],
    ["Sumo Logic", sumoLogic],
    ["Dynatrace", "https://abc12345.live.dynatrace.com/api/v2/logs/ingest"],
    ["Datadog", datadog],
    ["CrowdStrike", "https://ingest.us-1.crowdstrike.com/api/ingest/hec/x"],
    [undefined, "https://siem.example.com/audit"],
    [undefined, "not a URL"],
  ])("knows %s by its endpoint", (siem, endpoint) => {
    expect(recogniseSiem(endpoint)).toBe(siem);
  });

  test("knows the endpoints that the presets build", () => {
    const built = Siem.splunk({ host: "splunk.example.com", token: 0 }).endpoint;
    expect(recogniseSiem(String(built))).toBe("Splunk");
  });
});

describe("explainResponse", () => {
  test("says what a service's own answers mean", () => {
    expect(explainResponse(401, splunk)).toContain('"Splunk <token>"');
    expect(explainResponse(401, sumoLogic)).toContain("URL");
  });

  test("is silent where the status code says it all", () => {
    expect(explainResponse(200, splunk)).toBeUndefined();
    expect(explainResponse(401, "https://siem.example.com")).toBeUndefined();
  });
});
