import { describe, expect, test } from "vitest";
import { explainResponse, explainScheme, recogniseSiem } from "../../src/siem/hints.js";
import { type SiemAnswers, type SiemName, siemAnswers } from "../../src/siem/hints-table.js";
import { Siem } from "../../src/siem/index.js";

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
    // Its path imitates Splunk's; the host says whose it is.
    ["CrowdStrike", "https://x.ingest.eu-1.crowdstrike.com/services/collector"],
    [undefined, "https://siem.example.com/audit"],
    // They have Splunk's path, and want other credentials.
    [undefined, "https://us-east-1.aws.edge.axiom.co/services/collector/raw"],
    [undefined, "https://logs.eu-west-1.amazonaws.com/services/collector/event?logGroup=a"],
    [undefined, "https://cloud.us.humio.com/services/collector/raw"],
    [undefined, "not a URL"],
  ])("knows %s by its endpoint", (siem, endpoint) => {
    expect(recogniseSiem(endpoint)).toBe(siem);
  });

  test("knows the endpoints that the presets build", () => {
    const built = Siem.splunk({ host: "splunk.example.com", token: 0 }).endpoint;
    expect(recogniseSiem(String(built))).toBe("Splunk");
  });
});

const splunkCloud = "https://http-inputs-acme.splunkcloud.com/services/collector/health";

/** None of them is already as an explanation would ask for it. */
const endpoints: Readonly<Record<SiemName, string>> = {
  Splunk: splunkCloud,
  "Sumo Logic": sumoLogic,
  Datadog: "https://http-intake.logs.datadoghq.eu/api/v2/logs",
  Dynatrace: "https://abc12345.live.dynatrace.com/api/v2/logs/ingest",
  CrowdStrike: "https://ingest.us-1.crowdstrike.com/api/ingest/hec/x",
};

const known = Object.entries(siemAnswers) as [SiemName, SiemAnswers][];

describe("explainResponse", () => {
  test.each(
    known.flatMap(([siem, { byStatus }]) =>
      Object.entries(byStatus).map(([code, meaning]) => [siem, Number(code), meaning] as const),
    ),
  )("explains %s's %i in its own terms", (siem, code, meaning) => {
    expect(explainResponse(code, endpoints[siem])).toBe(`${siem}: ${meaning}`);
    expect(meaning).toMatch(/\.$/);
  });

  test.each(known.map(([siem]) => siem))("knows how %s refuses a credential", (siem) => {
    expect(explainResponse(401, endpoints[siem])).toBeDefined();
  });

  test.each([
    [403, '{"text":"Token disabled","code":1}', /the token is disabled/],
    [401, '{"text":"Token is required","code":2}', /the token is missing/],
    [401, '{"text":"Invalid authorization","code":3}', /the scheme is not Splunk's/],
    [403, '{"text":"Invalid token","code":4}', /unknown to this Splunk, or disabled/],
    [400, '{"text":"No data","code":5}', /no data in the body/],
    [400, '{"text":"Invalid data format","code": 6,"invalid-event-number":0}', /"event" member/],
    [400, '{"text":"Incorrect index","code":7}', /index is not among/],
    [503, '{"text":"Server is busy","code":9}', /queues are full/],
    [400, '{"text":"Data channel is missing","code":10}', /indexer acknowledgement/],
    [403, "Forbidden", /unknown to this Splunk, or disabled/],
    [403, '{"text":"?","code":99}', /unknown to this Splunk, or disabled/],
  ])("reads Splunk's own code in %i %s", (status, body, meaning) => {
    expect(explainResponse(status, splunk, body)).toMatch(meaning);
  });

  test("says that a path alone is a hint", () => {
    expect(explainResponse(503, splunk)).toMatch(/^If this is Splunk: the indexer's queues/);
    expect(explainResponse(404, "https://dt.example.com/api/v2/logs/ingest")).toMatch(
      /^If this is Dynatrace: log ingestion is off/,
    );
    expect(explainScheme("Bearer x", splunk)).toMatch(/^If this is Splunk: authorization begins/);
  });

  test.each([
    [404, splunk, "Splunk x", /the path is right, but nothing is served there/],
    [404, `${splunk}/1.0?index=a`, undefined, /the path is right/],
    [404, "https://splunk.example.com/services/collector/raw/x", undefined, /is no HEC endpoint/],
    [401, splunk, "Splunk x", /the token is unknown to this Splunk/],
    [401, splunk, undefined, /must read "Splunk <HEC token>"/],
    [401, endpoints.Dynatrace, "Api-Token x", /of another environment, or has expired/],
    [401, endpoints.CrowdStrike, "Bearer x", /does not accept the API key/],
    [401, datadog, undefined, /does not accept the API key in the endpoint's query/],
    [400, endpoints.Dynatrace, undefined, /check log_format \(json or cef\)\.$/],
  ])("never asks of %i at %s with %s for what is there already", (status, url, given, meaning) => {
    expect(explainResponse(status, url, null, given)).toMatch(meaning);
  });

  test("warns of a success that is none in full", () => {
    expect(explainResponse(200, endpoints.Dynatrace)).toMatch(/only a part/);
  });

  test("is silent where the status code says it all", () => {
    expect(explainResponse(200, splunk)).toBeUndefined();
    expect(explainResponse(401, "https://siem.example.com")).toBeUndefined();
  });
});

describe("explainScheme", () => {
  test.each([
    ["Splunk", "Splunk token", undefined],
    ["Splunk", "splunk token", undefined],
    ["Splunk", "Bearer token", /begins with "Bearer", but must read "Splunk <HEC token>"/],
    ["Dynatrace", "Api-Token x", undefined],
    ["Dynatrace", "x", /has no scheme word, but must read "Api-Token <access token>"/],
    ["CrowdStrike", "Basic x", /begins with "Basic", but must read "Bearer/],
    ["Sumo Logic", "anything", undefined],
    ["Datadog", "anything", undefined],
  ] as const)("judges for %s: %s", (siem, authorization, expected) => {
    const found = explainScheme(authorization, endpoints[siem]);
    if (expected) expect(found).toMatch(expected);
    else expect(found).toBeUndefined();
  });

  test("shows none of a credential whose first part is no well-known word", () => {
    expect(explainScheme("my-secret part two", splunk)).toContain("begins with another word");
  });
});
