import { connect } from "node:net";
import { describe, expect, test } from "vitest";
import { startStage } from "./stage.js";

const webhook = "/v2/audit-log-webhook";

/** Sends bytes as they are, and reads what comes until the connection closes. */
function raw(url: string, text: string): Promise<string> {
  const { hostname, port } = new URL(url);
  return new Promise((resolve, reject) => {
    const socket = connect(Number(port), hostname, () => socket.write(text));
    let answer = "";
    socket.on("data", (chunk) => (answer += String(chunk)));
    socket.on("close", () => resolve(answer));
    socket.on("error", reject);
  });
}

function read(answer: string) {
  const [head = "", body = ""] = answer.split("\r\n\r\n");
  const [line = "", ...fields] = head.split("\r\n");
  const headers = new Headers(
    fields.map((field): [string, string] => [
      field.slice(0, field.indexOf(":")),
      field.slice(field.indexOf(":") + 2),
    ]),
  );
  return { status: Number(line.split(" ")[1]), headers, body };
}

const lines = (...all: string[]) => `${all.join("\r\n")}\r\n\r\n`;
const authorized = ["Authorization: Bearer kpat_x", "Connection: close"];

describe("a method that a path does not have", () => {
  test.each([
    ["PUT", `/eu${webhook}`, "GET, HEAD, PATCH"],
    ["DELETE", `/eu${webhook}`, "GET, HEAD, PATCH"],
    ["DELETE", `/eu${webhook}/status`, "GET, HEAD"],
    ["POST", "/eu/v3/audit-log-webhook", "GET, HEAD, PATCH, DELETE"],
    ["PATCH", "/eu/v3/audit-log-destinations", "GET, HEAD, POST"],
    ["OPTIONS", "/eu/v3/audit-logs", "GET, HEAD"],
    ["PUT", "/_emulator/knobs", "GET, HEAD, PATCH"],
    ["POST", "/_emulator/requests", "GET, HEAD, DELETE"],
  ])("%s %s is a 405 that names those it has", async (method, path, allowed) => {
    await using stage = await startStage();
    const { status, headers } = await stage.call(method, path);
    expect(status).toBe(405);
    expect(headers.get("allow")).toBe(allowed);
  });
});

describe("HEAD", () => {
  test.each([`/eu${webhook}`, "/eu/v3/audit-logs", "/_emulator/knobs"])(
    "of %s answers as GET does, without the body",
    async (path) => {
      await using stage = await startStage();
      const got = await stage.call("GET", path);
      const { status, headers, body } = await stage.call("HEAD", path);
      expect([status, body]).toEqual([200, ""]);
      expect(headers.get("content-type")).toBe(got.headers.get("content-type"));
      expect(Number(headers.get("content-length"))).toBeGreaterThan(0);
    },
  );

  test("is no write: it changes nothing and leaves no access event", async () => {
    await using stage = await startStage();
    await stage.call("HEAD", `/eu${webhook}`);
    const { body } = await stage.call("GET", "/eu/v3/audit-logs");
    expect(body.data.map(({ type }: { type: string }) => type)).toEqual([
      "authorization",
      "authentication",
    ]);
  });
});

describe("a refused token", () => {
  test.each([undefined, "Bearer nonsense"])("as %s gets a challenge", async (authorization) => {
    await using stage = await startStage();
    const headers = { authorization: authorization ?? "" };
    const answer = await stage.call("GET", `/eu${webhook}`, undefined, headers);
    expect(answer.status).toBe(401);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
  });

  test("has a challenge when a fault plays it, too", async () => {
    await using stage = await startStage();
    stage.emulator.faults.add({ effect: { kind: "status", status: 401 } });
    const answer = await stage.call("GET", `/eu${webhook}`);
    expect(answer.headers.get("www-authenticate")).toMatch(/^Bearer /);
  });
});

describe("a body", () => {
  const body = JSON.stringify({ enabled: false });

  test.each(["text/plain", "application/x-www-form-urlencoded", "application/jsonp", ""])(
    "sent as %j is a 415",
    async (type) => {
      await using stage = await startStage();
      const sent = await stage.call("PATCH", `/eu${webhook}`, body, { "content-type": type });
      expect(sent).toMatchObject({ status: 415, body: { status: 415 } });
    },
  );

  test.each(["application/json; charset=utf-8", "Application/JSON", "application/json;"])(
    "sent as %j is read",
    async (type) => {
      await using stage = await startStage();
      const sent = await stage.call("PATCH", `/eu${webhook}`, body, { "content-type": type });
      expect(sent.status).toBe(200);
    },
  );
});

describe("a request's target", () => {
  test("may be a whole URL, whose host counts", async () => {
    await using stage = await startStage();
    const target = `http://eu.api.konghq.com${webhook}`;
    const answer = read(
      await raw(
        stage.emulator.url,
        lines(`GET ${target} HTTP/1.1`, "Host: us.localhost", ...authorized),
      ),
    );
    expect(answer.status).toBe(200);
    expect(stage.emulator.requests.at(-1)).toMatchObject({ region: "eu", path: webhook });
  });

  test("may be a whole URL with the region in its path", async () => {
    await using stage = await startStage();
    const target = `http://x/eu${webhook}`;
    const answer = read(
      await raw(stage.emulator.url, lines(`GET ${target} HTTP/1.1`, "Host: x", ...authorized)),
    );
    expect(JSON.parse(answer.body)).toEqual({ enabled: false, endpoint: "unconfigured" });
  });

  test("may be * for OPTIONS", async () => {
    await using stage = await startStage();
    const answer = read(
      await raw(stage.emulator.url, lines("OPTIONS * HTTP/1.1", "Host: x", "Connection: close")),
    );
    expect(answer.status).toBe(204);
    expect(answer.headers.get("allow")).toBe("GET, HEAD, POST, PUT, PATCH, DELETE");
  });

  test("stays a path that begins with two slashes", async () => {
    await using stage = await startStage();
    expect((await stage.call("GET", `//eu${webhook}`)).status).toBe(404);
  });
});

describe("what is no request", () => {
  const long = "x".repeat(20_000);

  test.each([
    ["nonsense", "nonsense\r\n\r\n", 400],
    ["no host", lines(`GET /eu${webhook} HTTP/1.1`, ...authorized), 400],
    ["headers that are too large", lines("GET / HTTP/1.1", "Host: x", `X: ${long}`), 431],
    ["CONNECT", lines("CONNECT x:443 HTTP/1.1", "Host: x:443"), 405],
    [
      "an expectation that nobody can meet",
      lines(`GET /eu${webhook} HTTP/1.1`, "Host: x", "Expect: tea", ...authorized),
      417,
    ],
  ])("(%s) gets a problem, and the connection ends", async (_, text, expected) => {
    await using stage = await startStage();
    const { status, headers, body } = read(await raw(stage.emulator.url, text));
    expect(status).toBe(expected);
    expect(headers.get("content-type")).toBe("application/problem+json");
    expect(headers.get("date")).toBe("Sun, 22 Nov 2026 12:00:00 GMT"); // Konnect's clock
    expect(JSON.parse(body)).toMatchObject({
      status: expected,
      instance: expect.stringMatching(/^kong:trace:[1-9]\d{18}$/),
    });
    expect((await stage.call("GET", `/eu${webhook}`)).status).toBe(200);
  });
});
