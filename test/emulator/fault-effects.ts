import { expect } from "vitest";
import type { Fault } from "../../src/emulator/index.js";
import { readJwks } from "../../src/events/jwks.js";
import { verifyLine } from "../../src/events/signature.js";
import type { startSiem } from "./siem.js";

type Siem = Awaited<ReturnType<typeof startSiem>>;

/** An emulator somewhere, with a fault in force for one of its regions only. */
export interface Struck {
  /** Without the region. */
  url: string;
  region: string;
  siem: Siem;
  /** Where deliveries are diverted to. */
  other: Siem;
}

const path = "/v2/audit-log-webhook";
const headers = { authorization: "Bearer kpat_faults", "content-type": "application/json" };

async function call({ url, region }: Struck, method: string, at: string, body?: object) {
  const answer = await fetch(`${url}/${region}${at}`, {
    method,
    headers,
    ...(body ? { body: JSON.stringify(body) } : {}),
  });
  const type = answer.headers.get("content-type");
  return {
    type,
    status: answer.status,
    retryAfter: answer.headers.get("retry-after"),
    text: await answer.text(),
  };
}

const endpointOf = ({ siem, region }: Struck) => `${siem.url}/${region}`;
const configure = (struck: Struck) =>
  call(struck, "PATCH", path, { endpoint: endpointOf(struck), enabled: true });
const batchesOf = ({ siem, region }: Struck) =>
  siem.batches.filter(({ url }) => url.endsWith(`/${region}`));
const readEndpoint = async (struck: Struck) =>
  (JSON.parse((await call(struck, "GET", path)).text) as { endpoint: string }).endpoint;
const lost = { endpoint: "unconfigured" };

async function countsOf({ url, region }: Struck): Promise<Record<string, number>> {
  const answer = await fetch(`${url}/_emulator/webhooks`);
  const webhooks = (await answer.json()) as { region: string; counts: Record<string, number> }[];
  return webhooks.find((webhook) => webhook.region === region)?.counts ?? {};
}

/** The verdict over the first line that arrives. */
async function signatureOf(struck: Struck): Promise<string> {
  await configure(struck);
  await expect.poll(() => batchesOf(struck).length).toBeGreaterThan(0);
  const keys = readJwks(JSON.parse((await call(struck, "GET", `${path}/jwks.json`)).text));
  return verifyLine(batchesOf(struck)[0]?.lines[0] ?? "", keys).outcome;
}

async function spoiltBody(struck: Struck): Promise<unknown> {
  const { type, text } = await call(struck, "GET", path);
  expect(() => JSON.parse(text)).toThrow();
  return [type, text.slice(0, 10)];
}

async function resetWhen(struck: Struck): Promise<unknown> {
  const reached = await configure(struck).then(
    () => "answered",
    () => "reset",
  );
  return [reached, (await readEndpoint(struck)) === lost.endpoint ? "not done" : "done"];
}

/** Every fault, and what it looks like to somebody who only sees the API and a receiver. */
export const faultEffects: readonly {
  name: string;
  /** Limited to a region when it is put in force. */
  fault: (other: Siem) => Fault;
  look: (struck: Struck) => Promise<unknown>;
  expected: unknown;
}[] = [
  {
    name: "a status for one path, twice",
    fault: () => ({ path, count: 2, effect: { kind: "status", status: 429, retryAfter: "3" } }),
    look: async (struck) => {
      const elsewhere = await call(struck, "GET", `${path}/status`);
      const answers = [await call(struck, "GET", path), await call(struck, "GET", path)];
      const after = await call(struck, "GET", path);
      return [elsewhere, ...answers, after].map(({ status, retryAfter }) => [status, retryAfter]);
    },
    expected: [
      [200, null],
      [429, "3"],
      [429, "3"],
      [200, null],
    ],
  },
  {
    name: "a status that its rate makes as good as impossible",
    fault: () => ({ rate: 1e-15, effect: { kind: "status", status: 500 } }),
    look: async (struck) => (await call(struck, "GET", path)).status,
    expected: 200,
  },
  {
    name: "latency",
    fault: () => ({ method: "GET", effect: { kind: "latency", milliseconds: 500 } }),
    look: (struck) =>
      Promise.race([
        call(struck, "GET", path).then(() => "struck"),
        call({ ...struck, region: "quick" }, "GET", path).then(() => "another region"),
      ]),
    expected: "another region",
  },
  {
    name: "a reset before the work was done",
    fault: () => ({ method: "PATCH", effect: { kind: "reset", when: "before" } }),
    look: resetWhen,
    expected: ["reset", "not done"],
  },
  {
    name: "a reset after the work was done",
    fault: () => ({ method: "PATCH", effect: { kind: "reset", when: "after" } }),
    look: resetWhen,
    expected: ["reset", "done"],
  },
  {
    name: "a truncated body",
    fault: () => ({ effect: { kind: "body", body: "truncated" } }),
    look: spoiltBody,
    expected: ["application/json", '{"enabled"'],
  },
  {
    name: "a body that is no JSON",
    fault: () => ({ effect: { kind: "body", body: "non-json" } }),
    look: spoiltBody,
    expected: ["application/json", "upstream c"],
  },
  {
    name: "a page in place of the body",
    fault: () => ({ effect: { kind: "body", body: "html" } }),
    look: spoiltBody,
    expected: ["text/html", "<!doctype "],
  },
  {
    name: "an empty body",
    fault: () => ({ effect: { kind: "body", body: "empty" } }),
    look: spoiltBody,
    expected: ["application/json", ""],
  },
  {
    name: "a stale answer, once",
    fault: () => ({ method: "GET", count: 1, effect: { kind: "stale" } }),
    look: async (struck) => {
      await configure(struck);
      return [await readEndpoint(struck), (await readEndpoint(struck)) === endpointOf(struck)];
    },
    expected: ["unconfigured", true],
  },
  {
    name: "lines without signature",
    fault: () => ({ delivery: { kind: "unsigned" } }),
    look: signatureOf,
    expected: "unsigned",
  },
  {
    name: "lines signed with a strange key",
    fault: () => ({ delivery: { kind: "wrong-key" } }),
    look: signatureOf,
    expected: "invalid",
  },
  {
    name: "a lost batch",
    fault: () => ({ delivery: { kind: "drop" } }),
    look: async (struck) => {
      await configure(struck);
      await expect.poll(async () => (await countsOf(struck)).dropped).toBe(3);
      return [batchesOf(struck).length, (await countsOf(struck)).attempts];
    },
    expected: [0, 0],
  },
  {
    name: "a diverted batch",
    fault: (other) => ({ delivery: { kind: "divert", endpoint: other.url } }),
    look: async (struck) => {
      await configure(struck);
      await expect.poll(() => struck.other.batches.length).toBe(1);
      return batchesOf(struck).length;
    },
    expected: 0,
  },
  {
    name: "a receiver's refusal",
    fault: () => ({ count: 1, delivery: { kind: "receiver", status: 401 } }),
    look: async (struck) => {
      await configure(struck);
      await expect.poll(async () => (await countsOf(struck)).lost).toBe(3);
      const { text } = await call(struck, "GET", `${path}/status`);
      return (JSON.parse(text) as { last_response_code: number }).last_response_code;
    },
    expected: 401,
  },
  {
    name: "a batch twice",
    fault: () => ({ count: 1, delivery: { kind: "duplicate" } }),
    look: async (struck) => {
      await configure(struck);
      await expect.poll(() => batchesOf(struck).length).toBe(2);
      const [first, second] = batchesOf(struck);
      return JSON.stringify(first?.lines) === JSON.stringify(second?.lines);
    },
    expected: true,
  },
];
