import { createServer as createHttpServer, type IncomingHttpHeaders } from "node:http";
import { type AddressInfo, createServer as createTcpServer, type Server } from "node:net";
import { gunzipSync } from "node:zlib";
import { afterEach, describe, expect, test } from "vitest";
import { systemClock } from "../../src/core/clock.js";
import { ownText } from "../../src/core/foreign-text.js";
import { startEmulator } from "../../src/emulator/index.js";
import { createKonnectClient } from "../../src/konnect/client.js";
import { noKeys } from "../../src/receiver/key-source.js";
import type { ReceivedEvent } from "../../src/receiver/received-event.js";
import { startReceiver } from "../../src/receiver/server.js";
import { type PreflightOptions, preflight } from "../../src/verifier/preflight.js";
import { explainFailure } from "../../src/verifier/preflight-findings.js";
import { preflightReportSchema } from "../../src/verifier/preflight-report.js";
import { renderPreflight, renderPreflightBrief } from "../../src/verifier/render/preflight.js";
import { startSiem } from "./siem.js";

const authorization = "Splunk preflight-test-credential";
const closing: (() => unknown)[] = [];

afterEach(async () => {
  for (const close of closing.splice(0)) await close();
});

async function siem(...args: Parameters<typeof startSiem>) {
  const started = await startSiem(...args);
  closing.push(() => started.close());
  return started;
}

async function listening(server: Server): Promise<number> {
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closing.push(() => server.close());
  return (server.address() as AddressInfo).port;
}

function check(endpoint: string, options: Partial<PreflightOptions> = {}) {
  return preflight({ endpoint, authorization, ...options });
}

describe("a preflight", () => {
  test.each(["cef", "json", "cps"] as const)(
    "posts one marked %s event that a receiver takes like any other",
    async (logFormat) => {
      const received: ReceivedEvent[] = [];
      const receiver = await startReceiver({
        authorization,
        keys: noKeys,
        onEvents: (events) => void received.push(...events),
      });
      closing.push(() => receiver.close());
      const report = await check(receiver.url, { logFormat });
      expect(report).toMatchObject({ outcome: "passed", exit_code: 0, response_code: 202 });
      expect(preflightReportSchema.parse(report)).toEqual(report);
      expect(received).toHaveLength(1);
      expect(received[0]).toMatchObject({ format: logFormat, kind: "authorization" });
      expect(received[0]?.event).toMatchObject({
        user_agent: `konnect-audit-preflight/${report.event_id}`,
        name: "Authz.preflight",
      });
    },
  );

  test("is sent as Konnect sends its own deliveries: the same headers, gzip, a line", async () => {
    const seen: { headers: IncomingHttpHeaders; body: Buffer }[] = [];
    const port = await listening(
      createHttpServer((request, response) => {
        const chunks: Buffer[] = [];
        request.on("data", (chunk: Buffer) => chunks.push(chunk));
        request.on("end", () => {
          seen.push({ headers: request.headers, body: Buffer.concat(chunks) });
          response.writeHead(202).end();
        });
      }),
    );
    const endpoint = `http://127.0.0.1:${port}/in`;
    const emulator = await startEmulator({ knobs: { signing: "unsigned" } });
    closing.push(() => emulator.close());
    const client = createKonnectClient({ token: "kpat_x", serverUrl: emulator.serverUrl });
    closing.push(() => client.close());
    await client.updateWebhook("eu", { endpoint, authorization, enabled: true });
    await emulator.idle();
    await check(endpoint);
    const [konnects, own] = [seen[0], seen.at(-1)];
    const shape = ({ headers, body }: NonNullable<typeof own>) => {
      const { connection: _, "content-length": length, ...others } = headers;
      const [first = ""] = gunzipSync(body).toString().split("\n");
      const cef = first.replace(/^\S+ (\S+ CEF:0\|KongInc\|Konnect\|1\.0)\|.*$/, "$1");
      return { others, sized: Number(length) === body.length, cef };
    };
    expect(own && shape(own)).toEqual(konnects && shape(konnects));
    expect(own && shape(own).cef).toBe("konghq.com CEF:0|KongInc|Konnect|1.0");
  });

  test("names a host name that does not exist", async () => {
    const report = await check("https://nobody.invalid/in");
    // A resolver that is out of reach says that it does not know, instead of that there is none.
    expect(report.finding).toMatch(
      /^the host name (nobody\.invalid does not exist|can't be resolved at present)$/,
    );
    expect(report.exit_code).not.toBe(0);
  });

  test.each([401, 403, 404, 413, 429, 500, 503])("that gets %i fails with a hint", async (code) => {
    const { url } = await siem([{ kind: "status", code }]);
    const report = await check(url);
    expect(report).toMatchObject({ outcome: "failed", exit_code: 2, response_code: code });
    expect(report.hint).toBeTruthy();
  });

  test("that is redirected fails, and the other host never hears of the credential", async () => {
    const other = await siem([{ kind: "status", code: 200 }]);
    const { url } = await siem([{ kind: "redirect", location: other.url }]);
    const report = await check(url);
    expect(report).toMatchObject({ outcome: "failed", response_code: 302 });
    expect(report.finding).toBe(`the endpoint answered 302 Found, a redirect to ${other.url}`);
    expect(report.hint).toMatch(/redirects/);
    expect(other.deliveries).toBe(0);
  });

  test("names a port that speaks no TLS", async () => {
    const port = await listening(createHttpServer((_, response) => response.end()));
    const report = await check(`https://127.0.0.1:${port}/in`);
    expect(report).toMatchObject({ outcome: "failed", finding: "the port speaks no TLS" });
  });

  test("can't tell from here when nothing listens, or nobody answers", async () => {
    const port = await listening(createTcpServer(() => undefined));
    const silent = await check(`http://127.0.0.1:${port}/in`, { timeout: 50 });
    expect(silent).toMatchObject({ outcome: "error", exit_code: 1 });
    expect(silent.finding).toBe("there was no answer in time");
    const { url, close } = await siem([]);
    await close();
    expect(await check(url)).toMatchObject({ finding: "nothing listens at that port" });
  });

  test("shows the SIEM's words without the credential, should it echo that", async () => {
    const port = await listening(
      createHttpServer((request, response) => {
        response.writeHead(403).end(`{"text":"Invalid token ${request.headers.authorization}"}`);
      }),
    );
    const report = await check(`http://127.0.0.1:${port}/services/collector/raw`);
    expect(report.answer).toBe('{"text":"Invalid token Splunk ***"}');
    // Only the path says that it is Splunk.
    expect(report.hint).toMatch(/^If this is Splunk:/);
    const page = renderPreflight(report);
    expect(page).not.toContain("preflight-test-credential");
    expect(page.split("\n")[0]).toBe("refused: the endpoint answered 403 Forbidden");
  });

  test.each([
    [
      "Bearer x",
      "/services/collector/raw",
      /^If this is Splunk: authorization begins with "Bearer", but must/,
    ],
    [
      "Api-Key x",
      "/services/collector/raw",
      /^If this is Splunk: authorization begins with another word, but/,
    ],
    [
      "secret-itself",
      "/api/v2/logs/ingest",
      /^If this is Dynatrace: authorization has no scheme word, but must/,
    ],
    [
      "secret-itself",
      "/in",
      /authorization has no scheme word: most services want "Bearer <token>"/,
    ],
  ])("names the wrong scheme of %j", async (given, path, hint) => {
    const { url } = await siem([{ kind: "status", code: 401 }]);
    const report = await check(new URL(path, url).href, { authorization: given });
    expect(report.hint).toMatch(hint);
    expect(JSON.stringify(report)).not.toContain("secret-itself");
  });

  test("warns of a private address, which Konnect can't reach", async () => {
    const { url } = await siem([{ kind: "status", code: 200 }]);
    expect((await check(url)).caveats).toEqual([
      expect.stringContaining("127.0.0.1 is a private address"),
    ]);
  });

  test.each([
    ["plain http to another host", { endpoint: "http://siem.example.com/in" }, /https/],
    ["a credential in the URL", { endpoint: "https://user:pw@siem.example.com" }, /user name/],
    ["a Konnect token", { authorization: "Bearer kpat_abc" }, /Konnect token/],
    [
      "no time at all",
      { timeout: 0 },
      /\(--timeout\) is out of range: it must be a duration from 1ms to 7d/,
    ],
    [
      "a negative time",
      { timeout: -1 },
      /\(--timeout\) is out of range: it must be a duration from 1ms to 7d/,
    ],
    ["an endless time", { timeout: Number.POSITIVE_INFINITY }, /from 1ms to 7d/],
    ["a time that is none", { timeout: Number.NaN }, /--timeout/],
    ["an absurd time", { timeout: 1e12 }, /from 1ms to 7d/],
  ])("refuses %s before anything is sent", async (_name, input, message) => {
    const options = { endpoint: "https://siem.example.com/in", authorization, ...input };
    await expect(preflight(options)).rejects.toThrow(message);
  });

  test("says when it was made", async () => {
    const { url } = await siem([{ kind: "status", code: 202 }]);
    const report = await check(url, { clock: { ...systemClock, now: () => 1_795_000_000_000 } });
    expect(report.started_at).toBe("2026-11-18T11:06:40.000Z");
    expect(renderPreflight(report)).toContain(`${url} at 2026-11-18T11:06:40.000Z`);
  });

  test.each([
    ["https://firehose.us-east-1.amazonaws.com/", "Amazon Data Firehose"],
    ["http://127.0.0.1:9/loki/api/v1/push", "Grafana Loki"],
    ["http://127.0.0.1:9/v1/logs", "OTLP"],
    ["http://127.0.0.1:9/konnect/_bulk", "Logstash"],
  ])("warns that %s needs a relay, and names it", async (endpoint, service) => {
    const report = await check(endpoint, { timeout: 1_000 });
    expect(report.caveats.join()).toMatch(new RegExp(`relay.*${service}|${service}.*relay`));
    expect(renderPreflightBrief({ ...report, outcome: "passed" })).toContain("Warning: ");
  });
});

describe("a failed connection", () => {
  test.each([
    ["CERT_HAS_EXPIRED", "a certificate in the chain has expired", true],
    ["ENOTFOUND", "the host name siem.example.com does not exist", true],
    ["ERR_SSL_SOMETHING_NEW", "TLS fails (ERR_SSL_SOMETHING_NEW)", true],
    ["HPE_INVALID_CONSTANT", "the port speaks no HTTP", true],
    ["EAI_AGAIN", "the host name can't be resolved at present", false],
    ["EWHATEVER", "the connection failed (EWHATEVER)", false],
  ])("by %s means: %s", (code, text, certain) => {
    const host = ownText("siem.example.com");
    const failed = { code, host, now: 0, stage: "answer" as const };
    expect(explainFailure(failed)).toMatchObject({ text, certain });
  });
});
