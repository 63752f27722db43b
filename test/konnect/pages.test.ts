import { describe, expect, test } from "vitest";
import { createKonnectClient } from "../../src/konnect/client.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";

const destination = (id: string) => ({ id, name: id, endpoint: "https://siem.example.com/in" });
const record = (user_agent: string) => ({
  type: "gateway_access",
  ts: "2026-11-22T12:00:00Z",
  user_agent,
});

const clientOf = (url: string) =>
  createKonnectClient({ token: "kpat_x", serverUrl: `${url}/{region}`, clock: createFakeClock() });

/** The ids of all destinations in a list whose pages are these. */
async function listed(...pages: object[]) {
  await using server = await startScriptedServer(...pages.map((page) => answers.json(200, page)));
  const client = clientOf(server.url);
  try {
    const found = await client.listDestinations();
    const cursors = server.requests.map(({ url }) =>
      new URL(url, server.url).searchParams.get("page[after]"),
    );
    return { ids: found.map(({ id }) => id), cursors };
  } finally {
    await client.close();
  }
}

const unreadable = (reason: RegExp) =>
  expect.objectContaining({
    code: "KONNECT_UNREADABLE_ANSWER",
    message: expect.stringMatching(reason),
  });

const last = { data: [destination("d2")], meta: { next: null } };

describe("a list's next page", () => {
  test.each<[string, object]>([
    ["a link with a cursor", { next: "/api/v2/x?page%5Bafter%5D=c%3D2&page%5Bsize%5=1" }],
    ["a link to another host", { next: "https://other.example.com/x?page[after]=c=2" }],
    ["a query alone", { next: "?page[after]=c=2" }],
    ["a bare cursor", { next: "c=2" }],
    ["a link one level deeper", { page: { next: "/x?page[after]=c=2" } }],
    ["a bare cursor one level deeper", { page: { next: "c=2" } }],
    ["the same on both levels", { next: "c=2", page: { next: "/x?page[after]=c=2" } }],
    ["one level, with null on the other", { next: null, page: { next: "c=2" } }],
  ])("is read: %s", async (_, meta) => {
    const { ids, cursors } = await listed({ data: [destination("d1")], meta }, last);
    expect(ids).toEqual(["d1", "d2"]);
    expect(cursors).toEqual([null, "c=2"]);
  });

  test.each<[string, object]>([
    ["null", { next: null }],
    ["an empty text", { next: "" }],
    ["null one level deeper", { page: { next: null } }],
    ["left out of a short page", { size: 100 }],
  ])("is none: %s", async (_, meta) => {
    expect(await listed({ data: [destination("d1")], meta })).toEqual({
      ids: ["d1"],
      cursors: [null],
    });
  });

  const full = Array.from({ length: 100 }, (_, at) => destination(`d${at}`));
  const one = [destination("d1")];
  test.each<[string, object, RegExp]>([
    ["no meta", { data: one }, /has no `meta`/],
    ["null for meta", { data: one, meta: null }, /has no `meta`/],
    ["a link without a cursor", { data: one, meta: { next: "/x?page=2" } }, /form that is not/],
    ["a link with an empty one", { data: one, meta: { next: "/x?page[after]=" } }, /form that/],
    ["a link that is none", { data: one, meta: { next: "http://[" } }, /form that is not known/],
    ["two cursors", { data: one, meta: { next: "a", page: { next: "b" } } }, /form that is not/],
    ["a number", { data: one, meta: { next: 2 } }, /documented shape \(meta\.next\)/],
    ["an object", { data: one, meta: { page: { next: {} } } }, /shape \(meta\.page\.next\)/],
    ["nothing about it on a full page", { data: full, meta: {} }, /is a full page/],
    ["nothing on a page of the server's size", { data: one, meta: { size: 1 } }, /is a full page/],
    ["a cursor of another name", { data: one, meta: { next_cursor: "b" } }, /cursor elsewhere/],
    ["links beside meta", { data: one, meta: {}, links: { next: "/x" } }, /cursor elsewhere/],
    ["no data", { meta: { next: null } }, /shape \(data\)/],
    ["null for data", { data: null, meta: { next: null } }, /shape \(data\)/],
  ])("is refused, never taken for the end: %s", async (_, page, reason) => {
    await expect(listed(page, last)).rejects.toThrow(unreadable(reason));
  });

  test("is refused when its cursor comes again", async () => {
    const page = { data: one, meta: { next: "/x?page[after]=same" } };
    await expect(listed(page)).rejects.toThrow(unreadable(/led here already/));
    const there = { data: one, meta: { next: "a" } };
    const back = { data: one, meta: { next: "b" } };
    await expect(listed(there, back, there)).rejects.toThrow(unreadable(/led here already/));
  });

  test("is refused when there is no end to the pages", async () => {
    let pages = 0;
    await using server = await startScriptedServer((response, request) => {
      pages += 1;
      answers.json(200, { data: [], meta: { next: `c${pages}` } })(response, request);
    });
    const reading = clientOf(server.url).listDestinations();
    await expect(reading).rejects.toThrow(unreadable(/has no end/));
    expect(pages).toBe(1_000);
  });
});

describe("a record whose next page can't be told", () => {
  test("is read up to there, and then refused", async () => {
    await using server = await startScriptedServer(
      answers.json(200, { data: [record("a")], meta: { page: { next: "/x?cursor=1" } } }),
    );
    const found: unknown[] = [];
    const reading = async () => {
      for await (const { user_agent } of clientOf(server.url).getAuditLogs("eu")) {
        found.push(user_agent);
      }
    };
    await expect(reading()).rejects.toThrow(unreadable(/form that is not known/));
    expect(found).toEqual(["a"]);
  });

  test("is read with a bare cursor, at either level", async () => {
    await using server = await startScriptedServer(
      answers.json(200, { data: [record("a")], meta: { next: "c2" } }),
      answers.json(200, { data: [record("b")], meta: { page: { next: "c3" } } }),
      answers.json(200, { data: [record("c")], meta: { page: { next: null } } }),
    );
    const found: unknown[] = [];
    for await (const { user_agent } of clientOf(server.url).getAuditLogs("eu")) {
      found.push(user_agent);
    }
    expect(found).toEqual(["a", "b", "c"]);
  });
});
