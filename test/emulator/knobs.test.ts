import { describe, expect, test } from "vitest";
import type { Knobs } from "../../src/emulator/index.js";
import { knobsSchema } from "../../src/emulator/knobs.js";
import { type ParsedEvent, parseLine } from "../../src/events/parse.js";
import { startSiem } from "./siem.js";
import { startStage } from "./stage.js";

const webhook = "/eu/v2/audit-log-webhook";
const now = "2026-11-22T12:00:00Z";

/** What a knob does, seen from outside. */
async function observe(knobs: Partial<Knobs>) {
  const siem = await startSiem();
  const stage = await startStage({ knobs });
  const configure = (more: object = {}) =>
    stage.call("PATCH", webhook, { endpoint: siem.url, enabled: true, ...more });
  const events = async (): Promise<ParsedEvent[]> => {
    await stage.emulator.idle();
    return siem.lines().map(parseLine);
  };
  return {
    siem,
    stage,
    configure,
    events,
    status: async () => (await stage.call("GET", `${webhook}/status`)).body,
    counts: async () => (await stage.call("GET", "/_emulator/webhooks")).body[0].counts,
    async [Symbol.asyncDispose]() {
      await stage[Symbol.asyncDispose]();
      await siem[Symbol.asyncDispose]();
    },
  };
}

type Observer = Awaited<ReturnType<typeof observe>>;
type Row<Name extends keyof Knobs> = readonly [
  value: Knobs[Name],
  expected: unknown,
  look: (observer: Observer) => Promise<unknown>,
];

const sleeps = async ({ stage, configure, events }: Observer) => {
  await configure();
  await events();
  return stage.clock.slept;
};
const lastAttempt = (field: string) => async (observer: Observer) => {
  await sleeps(observer);
  return (await observer.status())[field];
};
const encoding = async (observer: Observer) => {
  await sleeps(observer);
  return observer.siem.batches[0]?.headers["content-encoding"];
};
const failing = (status: number) => async (observer: Observer) => {
  for (let attempt = 0; attempt < 5; attempt++) observer.siem.answerNext(status);
  await sleeps(observer);
  return observer.siem.batches.length;
};
const batches = async ({ stage, configure, events, siem }: Observer) => {
  await configure();
  await events();
  stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 7 });
  await events();
  return siem.batches.map(({ lines }) => lines.length);
};
const fieldOf = (name: string) => async (observer: Observer) => {
  await observer.configure();
  return (await observer.events()).map(({ fields }) => fields.get(name));
};
/** Of an event that no call caused. */
const madeFieldOf = (name: string) => async (observer: Observer) => {
  await observer.configure();
  const before = (await observer.events()).length;
  observer.stage.emulator.makeEvents({ kind: "permission-check", region: "eu" });
  return (await observer.events()).slice(before).map(({ fields }) => fields.get(name));
};
const kinds = async ({ stage, configure, events }: Observer) => {
  await configure();
  const before = (await events()).length;
  await stage.call("GET", webhook);
  return (await events()).slice(before).map(({ kind }) => kind);
};
const codes = async ({ stage, configure }: Observer) => [
  (await configure()).status,
  (await stage.call("PATCH", "/us/v3/audit-log-webhook", { enabled: false })).status,
  (await stage.call("PUT", "/eu/v2/audit-log-replay-job", { start_at: now, end_at: now })).status,
];
const afterFailure = async (observer: Observer) => {
  observer.siem.answerNext(401);
  await observer.configure();
  await observer.events();
  await observer.stage.call("GET", webhook);
  await observer.events();
  const held = observer.siem.batches.length;
  await observer.configure();
  await observer.events();
  return [held, observer.siem.batches.length];
};
const afterDelete = async ({ stage, configure }: Observer) => {
  await configure();
  await stage.call("DELETE", "/eu/v3/audit-log-webhook");
  return (await stage.call("GET", webhook)).body.endpoint.replace(/:\d+/, "");
};
const jobAfter = async ({ stage, configure }: Observer) => {
  await configure();
  await stage.emulator.idle();
  await stage.call("PUT", "/eu/v2/audit-log-replay-job", { start_at: now, end_at: now });
  await stage.emulator.idle();
  return stage.clock.slept.slice(1);
};
const pulled = async ({ stage, configure }: Observer) => {
  await configure();
  const { body } = await stage.call("GET", "/eu/v3/audit-logs");
  return Object.keys(body.data[0]).filter((name) => name.startsWith("sig"));
};
const withoutCredential = async ({ configure }: Observer) => [
  (await configure()).status,
  (await configure({ authorization: "Splunk x" })).status,
  (await configure()).status, // it has one by now
];
const pulledOrder = async ({ stage }: Observer) => {
  for (const userAgent of ["first", "second"]) {
    stage.emulator.makeEvents({ kind: "permission-check", region: "eu", userAgent });
  }
  const { body } = await stage.call("GET", "/eu/v3/audit-logs");
  return body.data.map((log: Record<string, string>) => log.user_agent);
};
const destinations = "/eu/v3/audit-log-destinations?page[size]=1";
const logs = "/eu/v3/audit-logs?page[size]=1";
const fill = async ({ stage }: Observer) => {
  stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 3 });
  for (const name of ["one", "two", "three"]) {
    await stage.call("POST", "/eu/v3/audit-log-destinations", {
      name,
      endpoint: "https://127.0.0.1:1/",
      authorization: "x",
      log_format: "json",
    });
  }
};
const metaOfLists = async (observer: Observer) => {
  await fill(observer);
  const { call } = observer.stage;
  const bodies = [(await call("GET", destinations)).body, (await call("GET", logs)).body];
  return bodies.map(({ meta }) => meta && Object.keys(meta).join(" "));
};
/** What a second page has of the first: nothing, unless `next` leads nowhere. */
const nextOfLists = async (observer: Observer) => {
  await fill(observer);
  const { call } = observer.stage;
  const seen: unknown[] = [];
  for (const list of [destinations, logs]) {
    const first = (await call("GET", list)).body;
    const { next } = first.meta.page ?? first.meta;
    const cursor = new URLSearchParams(next.split("?")[1]).get("page[after]") ?? next;
    const second = (await call("GET", `${list}&page[after]=${cursor}`)).body;
    const again = (second.meta.page ?? second.meta).next === next;
    const shape = next.includes("page") ? "link" : "cursor";
    seen.push(`${shape}${again ? ", again" : ""}`);
  }
  return seen;
};
const retained = async ({ stage }: Observer) => {
  stage.emulator.makeEvents({ kind: "permission-check", region: "eu", count: 20 });
  const { body } = await stage.call("GET", "/_emulator/webhooks");
  return [body[0].retained, body[0].counts.evicted];
};

/** Every knob's default and its other value, and what each looks like from outside: a new knob needs its rows. */
const rows: { readonly [Name in keyof Knobs]: readonly Row<Name>[] } = {
  flushIntervalMs: [
    [200, [200], sleeps],
    [5, [5], sleeps],
  ],
  maxBatchEvents: [
    [1000, [3, 7], batches],
    [4, [3, 4, 3], batches],
  ],
  maxRetainedEvents: [
    [100_000, [20, 0], retained],
    [5, [5, 15], retained],
  ],
  attemptTimeoutMs: [
    [30_000, "Accepted", lastAttempt("last_response_message")],
    [
      50,
      "no answer in time",
      async ({ stage, status }) => {
        await using silent = await startSiem({ hold: new Promise(() => {}) });
        await stage.call("PATCH", webhook, { endpoint: silent.url, enabled: true });
        await stage.emulator.idle();
        return (await status()).last_response_message;
      },
    ],
  ],
  retryProfile: [
    ["documented", 1, failing(503)],
    ["retryablehttp", 5, failing(503)],
  ],
  contentEncoding: [
    ["gzip", "gzip", encoding],
    ["application/gzip", "application/gzip", encoding],
  ],
  signing: [
    ["signed", expect.arrayContaining([expect.stringMatching(/^[\w-]{86}$/)]), fieldOf("sig")],
    ["unsigned", [undefined, undefined, undefined], fieldOf("sig")],
  ],
  traceId: [
    ["hex", Array(3).fill(expect.stringMatching(/^[0-9a-f]{32}$/)), fieldOf("trace_id")],
    ["hex", [expect.stringMatching(/^[0-9a-f]{32}$/)], madeFieldOf("trace_id")],
    ["decimal", Array(3).fill(expect.stringMatching(/^[1-9]\d{18}$/)), fieldOf("trace_id")],
    ["decimal", [expect.stringMatching(/^[1-9]\d{18}$/)], madeFieldOf("trace_id")],
  ],
  accessEvents: [
    ["writes", ["authentication", "authorization"], kinds],
    ["all", ["authentication", "authorization", "access"], kinds],
  ],
  principalName: [
    [false, [undefined, undefined, undefined], fieldOf("principal_name")],
    [true, Array(3).fill(expect.stringMatching(/ \(.+@.+\)$/)), fieldOf("principal_name")],
    [true, [expect.stringMatching(/ \(.+@.+\)$/)], madeFieldOf("principal_name")],
  ],
  kongInitiated: [
    [false, [undefined, undefined, undefined], fieldOf("kong_initiated")],
    [true, [undefined, "true", "true"], fieldOf("kong_initiated")],
    [true, ["true"], madeFieldOf("kong_initiated")],
  ],
  v3Delete: [
    ["clears", "unconfigured", afterDelete],
    ["keeps-connection", "http://127.0.0.1/audit-logs", afterDelete],
  ],
  unconfiguredBinding: [
    [
      "empty",
      200,
      async ({ stage }) => (await stage.call("GET", "/eu/v3/audit-log-webhook")).status,
    ],
    [
      "not-found",
      404,
      async ({ stage }) => (await stage.call("GET", "/eu/v3/audit-log-webhook")).status,
    ],
  ],
  blankAuthorization: [
    ["refuse", 400, async ({ configure }) => (await configure({ authorization: "" })).status],
    ["accept", 200, async ({ configure }) => (await configure({ authorization: "" })).status],
  ],
  statusWords: [
    ["documented", "unconfigured", async ({ status }) => (await status()).webhook_status],
    ["openapi", "inactive", async ({ status }) => (await status()).webhook_status],
  ],
  inactiveWebhook: [
    ["keeps-sending", [2, 3], afterFailure],
    ["stops", [1, 2], afterFailure],
  ],
  writeStatus: [
    ["openapi", [200, 200, 202], codes],
    ["how-to", [201, 201, 201], codes],
  ],
  pullSignature: [
    ["signature", ["signature"], pulled],
    ["sig", ["sig"], pulled],
  ],
  missingAuthorization: [
    ["accept", [200, 200, 200], withoutCredential],
    ["refuse", [400, 200, 200], withoutCredential],
  ],
  pullOrder: [
    ["newest-first", ["second", "first"], pulledOrder],
    ["oldest-first", ["first", "second"], pulledOrder],
  ],
  listNext: [
    ["link", ["link", "link"], nextOfLists],
    ["cursor", ["cursor", "cursor"], nextOfLists],
    ["repeats", ["link, again", "link, again"], nextOfLists],
  ],
  listMeta: [
    ["documented", ["next previous size", "page"], metaOfLists],
    ["other-level", ["page", "next previous size"], metaOfLists],
    ["missing", [undefined, undefined], metaOfLists],
  ],
  clockSkewMs: [
    [0, now, async ({ configure }) => (await configure()).body.updated_at],
    [
      3_600_000,
      "2026-11-22T13:00:00Z",
      async ({ configure }) => (await configure()).body.updated_at,
    ],
  ],
  statusLagMs: [
    [0, 202, lastAttempt("last_response_code")],
    [60_000, undefined, lastAttempt("last_response_code")],
  ],
  replayStepMs: [
    [50, [50, 50, 200], jobAfter],
    [7, [7, 7, 200], jobAfter],
  ],
};

const cases = Object.entries(rows).flatMap(([name, looks]) =>
  (looks as readonly Row<keyof Knobs>[]).map(([value, expected, look], index) => ({
    name: name as keyof Knobs,
    value,
    expected,
    look,
    isDefault: index === 0,
  })),
);

describe("the knob", () => {
  test.each(cases)("$name at $value does what it says", async ({ name, value, expected, look }) => {
    await using observer = await observe({ [name]: value });
    expect(await look(observer)).toEqual(expected);
  });

  test.each(cases.filter(({ isDefault }) => isDefault))(
    "$name is $value where nobody says otherwise",
    ({ name, value }) => {
      expect(knobsSchema.parse({})[name]).toBe(value);
    },
  );
});
