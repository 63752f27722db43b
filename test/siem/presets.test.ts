import { describe, expect, test } from "vitest";
import { Siem, SiemError } from "../../src/siem/index.js";

/** Stands for a secret; presets never look into it. */
const token = Symbol("token");

describe("Siem.splunk", () => {
  test("sends lines to the raw endpoint and cps to the event endpoint", () => {
    const splunk = (logFormat: "cef" | "json" | "cps") =>
      Siem.splunk({ host: "splunk.example.com", token, logFormat }).endpoint;
    expect(splunk("cef")).toBe("https://splunk.example.com:8088/services/collector/raw");
    expect(splunk("json")).toBe("https://splunk.example.com:8088/services/collector/raw");
    expect(splunk("cps")).toBe("https://splunk.example.com:8088/services/collector/event");
  });

  test("puts the scheme word before the token, and port and index into the URL", () => {
    const options = { host: "http-inputs-acme.splunkcloud.com", port: 443, index: "konnect audit" };
    expect(Siem.splunk({ ...options, token })).toEqual({
      siem: "Splunk",
      endpoint:
        "https://http-inputs-acme.splunkcloud.com/services/collector/raw?index=konnect%20audit",
      authorization: { before: "Splunk ", credential: token },
      logFormat: "json",
      caveats: [],
    });
  });
});

describe("Siem.sumoLogic", () => {
  test("has its credential in the URL and none in the header", () => {
    const { endpoint, authorization } = Siem.sumoLogic({ url: token });
    expect(endpoint).toEqual({ before: "", credential: token });
    expect(authorization).toBeTypeOf("string");
  });
});

describe("Siem.datadog", () => {
  test("has its credential in the URL, at the site given", () => {
    expect(Siem.datadog({ apiKey: token, site: "datadoghq.eu" }).endpoint).toEqual({
      before: "https://http-intake.logs.datadoghq.eu/api/v2/logs?ddsource=konnect&dd-api-key=",
      credential: token,
    });
  });
});

describe("Siem.dynatrace", () => {
  test("uses Dynatrace's own scheme word, and says what Konnect's content type means there", () => {
    const destination = Siem.dynatrace({ host: "abc12345.live.dynatrace.com", token });
    expect(destination).toMatchObject({
      endpoint: "https://abc12345.live.dynatrace.com/api/v2/logs/ingest",
      authorization: { before: "Api-Token ", credential: token },
    });
    expect(destination.caveats).toEqual([expect.stringContaining("text/plain")]);
  });

  test("refuses cps, whose attributes it would not see", () => {
    const host = "abc12345.live.dynatrace.com";
    expect(() => Siem.dynatrace({ host, token, logFormat: "cps" })).toThrow(
      expect.objectContaining({ code: "SIEM_FORMAT_UNSUPPORTED" }),
    );
  });
});

describe("Siem.crowdStrike", () => {
  test("defaults to cps, which Konnect has for it", () => {
    const url = "https://ingest.us-1.crowdstrike.com/api/ingest/hec/x/v1/services/collector";
    expect(Siem.crowdStrike({ url, apiKey: token })).toMatchObject({
      endpoint: url,
      logFormat: "cps",
      authorization: { before: "Bearer ", credential: token },
    });
  });
});

describe("Siem.generic", () => {
  test("takes any scheme word", () => {
    const endpoint = "https://siem.example.com/audit";
    expect(Siem.generic({ endpoint, token }).authorization).toEqual({
      before: "Bearer ",
      credential: token,
    });
    expect(Siem.generic({ endpoint, token, scheme: "ApiKey" }).authorization).toEqual({
      before: "ApiKey ",
      credential: token,
    });
  });

  test.each([
    ["Sentinel's old API", "https://x.ods.opinsights.azure.com/api/logs", /Microsoft Sentinel/],
    ["Sentinel's API", "https://x.westeurope-1.ingest.monitor.azure.com/x", /Microsoft Sentinel/],
  ])("refuses %s with the reason and the relay that it needs", (_, endpoint, service) => {
    expect(() => Siem.generic({ endpoint, token })).toThrow(service);
    expect(() => Siem.generic({ endpoint, token })).toThrow(
      expect.objectContaining({
        code: "SIEM_NEEDS_RELAY",
        remedy: expect.stringContaining("relay"),
      }),
    );
  });

  test.each([
    ["https://es.example.com:9200/konnect/_bulk", /Elasticsearch.*Logstash's http input/],
    ["https://es.example.com:9200/konnect/_doc", /Elasticsearch.*Logstash's http input/],
    ["https://logs-prod-006.grafana.net/loki/api/v1/push", /Grafana Loki.*Alloy/],
    ["https://loki.example.com/loki/api/v1/push/", /Grafana Loki.*Alloy/],
    ["https://collector.example.com:4318/v1/logs", /OTLP.*webhookevent/],
    ["https://otlp-gateway.grafana.net/otlp/v1/logs", /OTLP.*webhookevent/],
    ["https://firehose.eu-west-1.amazonaws.com/", /Firehose.*API Gateway/],
    ["https://kinesis.eu-west-1.amazonaws.com/", /Kinesis.*API Gateway/],
    ["https://audit.s3.eu-west-1.amazonaws.com/konnect", /object store.*Vector/],
    ["https://s3-eu-west-1.amazonaws.com/audit/konnect", /object store.*Vector/],
    ["https://storage.googleapis.com/audit/konnect", /object store.*Vector/],
    ["https://acme.blob.core.windows.net/audit/konnect", /object store.*Vector/],
    ["https://log-api.newrelic.com/log/v1", /New Relic.*text\/plain.*Fluent Bit/],
    ["https://log-api.eu.newrelic.com/log/v1", /New Relic.*text\/plain.*Fluent Bit/],
    ["https://in.logs.betterstack.com/", /Better Stack.*text\/plain.*Vector/],
    ["https://s1234.eu-nbg-2.betterstackdata.com/", /Better Stack.*text\/plain.*Vector/],
  ])("warns that %s wants a relay, and names one", (endpoint, caveat) => {
    const { caveats } = Siem.generic({ endpoint, token });
    expect(caveats).toEqual([expect.stringMatching(caveat)]);
    expect(caveats[0]).toContain("Put a relay between the two");
  });

  test.each([
    "https://loki.example.com/loki/api/v1/raw",
    "https://api-acme.xdr.eu.paloaltonetworks.com/logs/v1/event",
    "https://s3.example.com/audit",
    "https://firehose.example.com/",
    "https://newrelic.example.com/log/v1",
  ])("has nothing to say against %s", (endpoint) => {
    expect(Siem.generic({ endpoint, token }).caveats).toEqual([]);
  });

  test.each(["", "Bearer", "ApiKey"])("sends the token behind the scheme %j", (scheme) => {
    const endpoint = "https://siem.example.com/audit";
    expect(Siem.generic({ endpoint, token, scheme }).authorization).toEqual({
      before: scheme === "" ? "" : `${scheme} `,
      credential: token,
    });
  });

  test.each([
    "https://us-east-1.aws.edge.axiom.co/services/collector/raw?index=konnect",
    "https://logs.us-east-1.amazonaws.com/services/collector/event?logGroup=a&logStream=b",
    "https://cloud.us.humio.com/services/collector/raw",
  ])("takes Bearer at %s, which only shares Splunk's path", (endpoint) => {
    for (const logFormat of ["cps", "json", "cef"] as const) {
      expect(Siem.generic({ endpoint, token, logFormat }).caveats).toEqual([]);
    }
  });

  test.each([
    [
      { endpoint: "https://hec.example.com/services/collector/raw" },
      /If it is Splunk.*begins with "Splunk".*Siem\.splunk/,
    ],
    [{ endpoint: "https://hec.example.com/services/collector/raw", scheme: "" }, /If it is Splunk/],
    [
      { endpoint: "https://hec.example.com/services/collector/event", scheme: "Splunk" },
      /If it is Splunk.*"event" member/,
    ],
    [{ endpoint: "https://dt.example.com/api/v2/logs/ingest" }, /If it is Dynatrace.*"Api-Token"/],
    [{ endpoint: "https://http-intake.logs.example.com/api/v2/logs" }, /If it is Datadog/],
  ])("takes a path alone for a hint: %j", (options, caveat) => {
    const { caveats } = Siem.generic({ token, ...options });
    expect(caveats.join("\n")).toMatch(caveat);
    expect(caveats.join("\n")).not.toContain("SIEM_");
  });

  test("refuses an endpoint that Konnect could not deliver to", () => {
    expect(() => Siem.generic({ endpoint: "http://siem.example.com", token })).toThrow(/https/);
  });
});

describe("What a known service could not take", () => {
  const splunk = "https://http-inputs-acme.splunkcloud.com/services/collector";
  const crowdStrike = "https://ingest.us-1.crowdstrike.com/api/ingest/hec/x/v1/services/collector";
  const dynatrace = "https://abc12345.live.dynatrace.com/api/v2/logs/ingest";
  const datadog = "https://http-intake.logs.datadoghq.eu/api/v2/logs";

  test.each<[string, () => unknown, string, RegExp]>([
    [
      "Splunk's raw endpoint with Bearer",
      () => Siem.generic({ endpoint: `${splunk}/raw`, token }),
      ...(["SIEM_SCHEME_REFUSED", /begins with "Splunk".*Siem\.splunk/] as const),
    ],
    [
      "Dynatrace with Bearer",
      () => Siem.generic({ endpoint: dynatrace, token, logFormat: "json" }),
      ...(["SIEM_SCHEME_REFUSED", /begins with "Api-Token".*Siem\.dynatrace/] as const),
    ],
    [
      "Datadog without its key in the URL",
      () => Siem.generic({ endpoint: datadog, token }),
      ...(["SIEM_SCHEME_REFUSED", /header that Konnect can't send.*Siem\.datadog/] as const),
    ],
    [
      "cef at Splunk's event endpoint",
      () => Siem.generic({ endpoint: `${splunk}/event`, token, scheme: "Splunk" }),
      ...(["SIEM_FORMAT_UNSUPPORTED", /"event" member, which only cps has/] as const),
    ],
    [
      "json at CrowdStrike's connector",
      () => Siem.crowdStrike({ url: crowdStrike, apiKey: token, logFormat: "json" }),
      ...(["SIEM_FORMAT_UNSUPPORTED", /CrowdStrike can't take logFormat "json"/] as const),
    ],
    [
      "cps at Dynatrace's endpoint",
      () => Siem.generic({ endpoint: dynatrace, token, scheme: "Api-Token", logFormat: "cps" }),
      ...(["SIEM_FORMAT_UNSUPPORTED", /hides them in another object/] as const),
    ],
    [
      "a port that is none",
      () => Siem.splunk({ host: "splunk.example.com", port: 88088, token }),
      ...(["SIEM_PORT_INVALID", /from 1 to 65535, found 88088/] as const),
    ],
  ])("is refused with the reason: %s", (_, make, code, message) => {
    expect(make).toThrow(expect.objectContaining({ code }));
    expect(make).toThrow(message);
  });

  test("is refused without being shown where it may be the credential", () => {
    const make = () =>
      Siem.generic({ endpoint: "https://siem.example.com", token, scheme: "Bearer planted" });
    expect(make).toThrow(expect.objectContaining({ code: "SIEM_SCHEME_INVALID" }));
    expect(make).not.toThrow("planted");
  });

  test.each([
    { endpoint: `${splunk}/raw`, scheme: "Splunk" },
    { endpoint: `${splunk}/event`, scheme: "splunk", logFormat: "cps" },
    { endpoint: `${crowdStrike}/raw`, logFormat: "json" },
    { endpoint: `${datadog}?dd-api-key=x` },
    { endpoint: "https://${var.host}/services/collector/raw" },
    { endpoint: `${splunk}/raw`, scheme: "${var.scheme}" },
  ] as const)("is nothing of %j", (options) => {
    expect(() => Siem.generic({ token, ...options })).not.toThrow();
  });
});

describe("Every preset", () => {
  test.each<[string, (host: string) => unknown]>([
    ["Splunk", (host) => Siem.splunk({ host, token })],
    ["Dynatrace", (host) => Siem.dynatrace({ host, token })],
    ["Datadog", (site) => Siem.datadog({ apiKey: token, site })],
  ])("of a host (%s) refuses a URL and takes an expression", (_, preset) => {
    for (const wrong of ["https://siem.example.com", "siem.example.com/path", "a b", ""]) {
      expect(() => preset(wrong)).toThrow(expect.objectContaining({ code: "SIEM_HOST_INVALID" }));
    }
    expect(() => preset("${var.host}")).not.toThrow();
  });

  test("fails with an error that is recognised across copies of the library", () => {
    const error = Object.assign(new Error("x"), { name: "SiemError", remedy: "y" });
    expect(SiemError.is(error)).toBe(true);
    expect(SiemError.is(new Error("x"))).toBe(false);
  });
});
