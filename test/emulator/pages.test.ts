import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type Answered, startStage } from "./stage.js";

type Stage = Awaited<ReturnType<typeof startStage>>;

interface List {
  path: string;
  /** Where its links start. */
  prefix: RegExp;
  /** Puts that many items there; returns how they are told apart, in the order of the list. */
  fill(stage: Stage, count: number): Promise<string[]>;
  idOf(item: Record<string, string>): string;
  filters: readonly (readonly [query: string, fits: (id: string) => boolean])[];
}

const numbered = (count: number) => Array.from({ length: count }, (_, index) => `item ${index}`);
const isEven = (id: string) => Number(id.split(" ")[1]) % 2 === 0;

const destinations: List = {
  path: "/eu/v3/audit-log-destinations",
  prefix: /^\/api\/v3\/audit-log-destinations\?/,
  async fill(stage, count) {
    const names = numbered(count).map((name) => `${name}${isEven(name) ? " even" : ""}`);
    for (const name of names) {
      await stage.call("POST", "/eu/v3/audit-log-destinations", {
        name,
        endpoint: "https://127.0.0.1:1/",
        authorization: "x",
        log_format: "json",
      });
      await stage.clock.sleep(1);
    }
    return names;
  },
  idOf: ({ name = "" }) => name,
  filters: [
    ["", () => true],
    ["filter[name][contains]=even", isEven],
    ["filter[name][eq]=item 3", (id) => id === "item 3"],
    ["filter[name]=item 2 even", (id) => id === "item 2 even"],
    ["filter[name][contains]=odd", () => false],
  ],
};

const start = "2026-11-22T12:00:00.000Z";
const time = (seconds: number) => new Date(Date.parse(start) + seconds * 1000).toISOString();
const second = (id: string) => Number(id.split(" ")[1]);

function auditLogs(order: "newest-first" | "oldest-first"): List {
  return {
    path: "/eu/v3/audit-logs",
    prefix: /^\/audit-logs\?/,
    async fill(stage, count) {
      stage.emulator.set({ pullOrder: order });
      const agents = numbered(count);
      for (const userAgent of agents) {
        stage.emulator.makeEvents({ kind: "permission-check", region: "eu", userAgent });
        await stage.clock.sleep(1000);
      }
      return order === "newest-first" ? agents.reverse() : agents;
    },
    idOf: ({ user_agent = "" }) => user_agent,
    // Reading makes events too: a bound of time or kind leaves them out.
    filters: [
      [`filter[ts][lte]=${time(99)}`, () => true],
      [`filter[ts][lte]=${time(5)}`, (id) => second(id) <= 5],
      [
        `filter[ts][gte]=${time(2)}&filter[ts][lte]=${time(6)}`,
        (id) => second(id) >= 2 && second(id) <= 6,
      ],
      [`filter[ts][lte]=${time(99)}&filter[type]=authorization`, () => true],
      [`filter[ts][lte]=${time(99)}&filter[type]=gateway_access`, () => false],
    ],
  };
}

describe.each([
  ["destinations", destinations],
  ["audit logs, newest first", auditLogs("newest-first")],
  ["audit logs, oldest first", auditLogs("oldest-first")],
])("the list of %s", (_, list) => {
  test("is cut as an array is, by any walk of any sizes, forwards and backwards", async () => {
    const step = fc.record({ back: fc.boolean(), size: fc.integer({ min: 1, max: 9 }) });
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: 0, max: 8 }),
        fc.constantFrom(...list.filters),
        fc.integer({ min: 1, max: 9 }),
        fc.array(step, { maxLength: 8 }),
        async (count, [filter, fits], size, walk) => {
          await using stage = await startStage();
          const all = (await list.fill(stage, count)).filter(fits);
          await stage.clock.sleep(200_000);
          const read = async (query: string) => {
            const answer = await stage.call("GET", `${list.path}?${query}`);
            expect(answer.status).toBe(200);
            return pageOf(answer, list);
          };
          let [from, to] = [0, size];
          let page = await read(`${filter}&page[size]=${size}`);
          for (const { back, size: next } of [...walk, undefined].map(
            (s) => s ?? { back: false, size: 0 },
          )) {
            expect(page.ids).toEqual(all.slice(from, to));
            expect(page.next === null).toBe(to >= all.length);
            expect(page.previous === null).toBe(from === 0);
            const link = back ? page.previous : page.next;
            if (link === null || next === 0) continue;
            [from, to] = back ? [Math.max(0, from - next), from] : [to, to + next];
            const url = new URL(link, "http://konnect");
            url.searchParams.set("page[size]", String(next));
            page = await read(url.searchParams.toString());
          }
        },
      ),
      { numRuns: 60 },
    );
  });

  test("is read whole and once by whoever follows the links, at every size, both ways", async () => {
    await using stage = await startStage();
    const all = await list.fill(stage, 7);
    await stage.clock.sleep(200_000);
    const [filter] = list.filters[0] ?? [""];
    for (let size = 1; size <= 9; size++) {
      const seen: string[] = [];
      const pages: string[][] = [];
      let link: string | undefined = `?${filter}&page[size]=${size}`;
      let last = link;
      while (link) {
        const page: Page = pageOf(await stage.call("GET", `${list.path}${link}`), list);
        seen.push(...page.ids);
        pages.push(page.ids);
        last = link;
        link = page.next?.replace(list.prefix, "?");
        expect(page.size).toBe(size);
      }
      expect(seen).toEqual(all);
      const back: string[][] = [];
      for (let at: string | undefined = last; at; ) {
        const page: Page = pageOf(await stage.call("GET", `${list.path}${at}`), list);
        back.unshift(page.ids);
        at = page.previous?.replace(list.prefix, "?");
      }
      expect(back).toEqual(pages);
    }
  });
});

test("an empty page beyond the end of what is left leads back, and one before the start leads on", async () => {
  await using stage = await startStage();
  await destinations.fill(stage, 4);
  const read = async (query: string) =>
    pageOf(await stage.call("GET", `${destinations.path}?${query}`), destinations);
  const remove = async (name: string) => {
    const { body } = await stage.call("GET", `${destinations.path}?filter[name]=${name}`);
    await stage.call("DELETE", `${destinations.path}/${body.data[0].id}`);
  };
  const first = await read("page[size]=3");
  await remove("item 3");
  const beyond = await read((first.next ?? "").split("?")[1] ?? "");
  expect([beyond.ids, beyond.next]).toEqual([[], null]);
  const last = await read((beyond.previous ?? "").split("?")[1] ?? "");
  expect(last.ids).toEqual(["item 0 even", "item 1", "item 2 even"]);

  const second = await read(
    `page[size]=1&page[after]=${cursorOf((await read("page[size]=1")).next)}`,
  );
  await remove("item 0 even");
  const before = await read((second.previous ?? "").split("?")[1] ?? "");
  expect([before.ids, before.previous]).toEqual([[], null]);
  const on = await read((before.next ?? "").split("?")[1] ?? "");
  expect(on.ids).toEqual(["item 1"]);
});

interface Page {
  ids: string[];
  next: string | null;
  previous: string | null;
  size: number;
}

function pageOf({ body }: Answered, { idOf, prefix }: List): Page {
  const { next, previous, size } = body.meta.page ?? body.meta;
  for (const link of [next, previous]) if (link !== null) expect(link).toMatch(prefix);
  return { ids: body.data.map(idOf), next, previous, size };
}

function cursorOf(link: string | null): string {
  return new URLSearchParams((link ?? "").split("?")[1]).get("page[after]") ?? "";
}
