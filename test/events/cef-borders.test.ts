import { describe, expect, test } from "vitest";
import { parseCef } from "../../src/events/cef.js";
import type { EventKind } from "../../src/events/event.js";
import { extensionOrder, optionalExtensions } from "../../src/events/fields.js";

const names: Record<EventKind, string> = {
  access: "Ingress",
  authentication: "AUTHENTICATION_OUTCOME_SUCCESS",
  authorization: "Authz.a",
};

/** The extensions of a line, by their names. */
function read(extensions: string, kind?: EventKind): Record<string, string | undefined> {
  const header = `CEF:0|KongInc|Konnect|1.0|konnect|${kind ? names[kind] : "Novel"}|1|`;
  const inHeader = parseCef(header);
  const fields = [...(parseCef(`${header}${extensions}`) ?? [])];
  return Object.fromEntries(fields.filter(([name]) => !inHeader?.has(name)));
}

/** All that an authorization event must have but for what is told to be left out. */
const required = "rt=1 src=::1 action=a granted=true org_id=o principal_id=p trace_id=t";
const without = (name: string) => required.replace(new RegExp(` ?${name}=\\S+`), "").trim();

describe("a field before the user agent", () => {
  test.each([
    ["", {}],
    ["   \t", {}],
    ["rt=1", { rt: "1" }],
    ["rt=", { rt: "" }],
    ["  \trt=1\t \tsrc=2 \t", { rt: "1", src: "2" }],
    ["_a.b-c9=1 Zz=2", { "_a.b-c9": "1", Zz: "2" }],
    ["9a=1 -b=2 .c=3 =4 rt=5", { rt: "5" }],
    ["stray words rt=1", { rt: "1" }],
    ["rt=a=b src=2", { rt: "a=b", src: "2" }],
  ])("has a name that begins with a letter, and ends at a blank: %j", (body, fields) => {
    expect(read(body)).toEqual(fields);
  });

  test("that is documented holds no blanks: what follows it is no part of it", () => {
    expect(read("src=1 stray rt=2\tstray act=3")).toEqual({ src: "1", rt: "2", act: "3" });
  });

  test.each([
    ["device=My old laptop rt=1", "My old laptop"],
    ["device=My old laptop \t rt=1", "My old laptop"],
    ["device=My old laptop\trt=1", "My old laptop"],
    ["device=a 1=b rt=1", "a 1=b"],
    ["device=a =b rt=1", "a =b"],
    ["device=a .b=c rt=1", "a .b=c"],
    ["device= rt=1", ""],
  ])("that is not documented goes on to the next name: %j", (body, device) => {
    expect(read(body)).toEqual({ device, rt: "1" });
  });

  test("that is not documented may be the last one", () => {
    expect(read("rt=1 device=My old laptop ")).toEqual({ rt: "1", device: "My old laptop" });
    expect(read("rt=1 shard=7 device=My old laptop")).toEqual({
      rt: "1",
      shard: "7",
      device: "My old laptop",
    });
  });
});

describe("a query before the user agent", () => {
  test.each([
    ['{"a":"b src=FORGED"}', '{"a":"b src=FORGED"}'],
    ['{"a":"b src=FORGED"}x', '{"a":"b'],
    ["a", "a"],
    ["", ""],
  ])("ends where its JSON does, or at a blank: %j", (query, shown) => {
    expect(read(`rt=1 query=${query} act=GET`)).toMatchObject({ query: shown, act: "GET" });
    expect(read(`rt=1 query=${query}`).query).toBe(shown);
  });

  test("hides fields in its JSON, and none behind it", () => {
    const query = '{"a":"b src=FORGED rt=FORGED"}';
    expect(read(`query=${query} rt=1`)).toEqual({ query, rt: "1" });
    expect(read(`query=${query}\trt=1`)).toEqual({ query, rt: "1" });
  });

  test("ends there only once: of a second one the rest are fields, and the first one counts", () => {
    expect(read('query={"a":"x y"} query={"a":"x rt=2"}')).toEqual({
      query: '{"a":"x y"}',
      rt: '2"}',
    });
  });
});

describe("a principal's name", () => {
  const mail = (before: number, behind: number) => `(${"a".repeat(before)}@${"b".repeat(behind)})`;

  test.each([
    ["Ada rt=FORGED (ada@example.com)", "Ada rt=FORGED (ada@example.com)"],
    ["Ada (x) rt=FORGED (ada@example.com)", "Ada (x) rt=FORGED (ada@example.com)"],
    [`Ada rt=FORGED ${mail(320, 320)}`, `Ada rt=FORGED ${mail(320, 320)}`],
    ["Ada Lovelace", "Ada Lovelace"],
    ["Ada", "Ada"],
    ["", ""],
  ])("ends at its e-mail, and without one at the next name: %j", (name, shown) => {
    for (const blank of [" ", "\t", "  "]) {
      expect(read(`principal_name=${name}${blank}rt=1`)).toEqual({
        principal_name: shown,
        rt: "1",
      });
    }
    expect(read(`rt=1 principal_name=${name}`)).toEqual({ rt: "1", principal_name: shown });
  });

  test.each([
    "Ada rt=2 (a b@c)",
    "Ada rt=2 (a@b c)",
    "Ada rt=2 (a@b)x",
    "Ada rt=2 ((a@b@c())",
    "Ada rt=2 a@b",
    "Ada rt=2 shard=(a@b)",
    `Ada rt=2 ${mail(321, 3)}`,
    `Ada rt=2 ${mail(3, 321)}`,
  ])("ends at the next name where that is no e-mail: %j", (name) => {
    expect(read(`principal_name=${name} src=::1`)).toMatchObject({
      principal_name: "Ada",
      rt: "2",
      src: "::1",
    });
  });

  test("does not reach into the user agent", () => {
    const { principal_name, trace_id, user_agent } = read(
      `principal_name=Ada ${required} user_agent=x (a@b.example)`,
      "authorization",
    );
    expect([principal_name, trace_id, user_agent]).toEqual(["Ada", "t", "x (a@b.example)"]);
  });

  test("with an e-mail may be followed by a user agent", () => {
    expect(read(`${required} principal_name=A b=1 (a@b) user_agent=x`, "authorization")).toEqual({
      ...read(required),
      principal_name: "A b=1 (a@b)",
      user_agent: "x",
    });
  });

  test("forges nothing: before it the first of a name counts, behind it the last, and what stands before it above all", () => {
    expect(read("rt=1 rt=2 principal_name=Ada src=3 rt=4 src=5 shard=6")).toEqual({
      rt: "1",
      principal_name: "Ada",
      src: "5",
      shard: "6",
    });
  });
});

describe("a user agent before required fields", () => {
  test.each(["rt", "src", "org_id", "principal_id", "trace_id"])(
    "of an event of no known kind ends at %s",
    (name) => {
      const others = without(name);
      expect(read(`${others} user_agent=a b ${name}=1`)).toEqual({
        ...read(others),
        user_agent: "a b",
        [name]: "1",
      });
    },
  );

  test.each(["action", "granted", "actor_id", "request", "user_agent", "query", "novel"])(
    "of an event of no known kind holds %s",
    (name) => {
      const others = "rt=1 src=::1 org_id=o principal_id=p trace_id=t";
      expect(read(`${others} user_agent=a b ${name}=1`)).toEqual({
        ...read(others),
        user_agent: `a b ${name}=1`,
      });
    },
  );

  test.each<EventKind>(["access", "authentication", "authorization"])(
    "of an event of kind %s ends at each that is required, and at no other",
    (kind) => {
      const names = extensionOrder[kind].filter((name) => name !== "user_agent");
      const fields = (skipped: string) =>
        names
          .filter((name) => name !== skipped && !optionalExtensions.has(name))
          .map((name) => `${name}=${name === "query" ? "{}" : "1"}`)
          .join(" ");
      for (const name of names) {
        const value = name === "query" ? "{}" : "1";
        const { user_agent, [name]: got } = read(
          `${fields(name)} user_agent=a b ${name}=${value}`,
          kind,
        );
        expect([name, user_agent, got]).toEqual(
          optionalExtensions.has(name)
            ? [name, `a b ${name}=${value}`, undefined]
            : [name, "a b", value],
        );
      }
    },
  );

  test.each([
    ["a b trace_id=1", "a b", "1"],
    ["a b \t trace_id=1 \t", "a b", "1"],
    ["a b\ttrace_id=1", "a b", "1"],
    [" trace_id=1", "", "1"],
    ["a trace_id=", "a", ""],
    ["a trace_id=1=2", "a", "1=2"],
    ["a trace_id=1 trace_id=2", "a trace_id=1", "2"],
    ["a trace_id=1 x", "a trace_id=1 x", undefined],
    ["a trace_id=1 9=x", "a trace_id=1 9=x", undefined],
    ["a trace_id=1 rt=2", "a trace_id=1 rt=2", undefined],
    ["a trace_id=1 user_agent=2", "a trace_id=1 user_agent=2", undefined],
    ["trace_id=1", "trace_id=1", undefined],
    ["a_trace_id=1", "a_trace_id=1", undefined],
    ["a trace_id", "a trace_id", undefined],
  ])("ends where the missing one follows, and nothing that can't: %j", (tail, agent, trace) => {
    const { user_agent, trace_id } = read(
      `${without("trace_id")} user_agent=${tail}`,
      "authorization",
    );
    expect([user_agent, trace_id]).toEqual([agent, trace]);
  });

  test("may have other extensions behind them, which are fields then", () => {
    const body = `${without("trace_id")} user_agent=a b trace_id=1 shard=7 actor_id=8`;
    expect(read(body, "authorization")).toEqual({
      ...read(without("trace_id")),
      user_agent: "a b",
      trace_id: "1",
      shard: "7",
      actor_id: "8",
    });
  });

  test.each(["actor_id", "principal_name", "shard"])(
    "gives way to nothing behind it: %s counts as it stands before it",
    (name) => {
      const front = `${without("trace_id")} ${name}=real`;
      expect(read(`${front} user_agent=a trace_id=1 ${name}=FORGED`, "authorization")).toEqual({
        ...read(front),
        user_agent: "a",
        trace_id: "1",
      });
    },
  );

  test("ends only where each of those follows", () => {
    const some = "rt=1 src=::1 action=a granted=true org_id=o";
    expect(read(`${some} user_agent=a principal_id=p`, "authorization").user_agent).toBe(
      "a principal_id=p",
    );
    expect(read(`${some} user_agent=a trace_id=t principal_id=p`, "authorization")).toEqual({
      ...read(some),
      user_agent: "a",
      trace_id: "t",
      principal_id: "p",
    });
    expect(
      read(`${some} user_agent=a trace_id=t trace_id=u principal_id=p`, "authorization"),
    ).toEqual({ ...read(some), user_agent: "a trace_id=t", trace_id: "u", principal_id: "p" });
  });
});

describe("the end of an access event", () => {
  const front = "rt=1 src=::1 request=/ act=GET status=200 org_id=o principal_id=p";
  const end = (tail: string) => {
    const { user_agent, trace_id, query } = read(`${front} user_agent=${tail}`, "access");
    return [user_agent, trace_id, query];
  };

  test.each([
    ['a trace_id=1 query={"a":"b c"}', ["a", "1", '{"a":"b c"}']],
    ['a trace_id=1 query={"a":"b c"} \t', ["a", "1", '{"a":"b c"}']],
    ['a trace_id=1 query={"a":"b c"}x', ['a trace_id=1 query={"a":"b c"}x', undefined, undefined]],
    ["a trace_id=1 query=x", ["a trace_id=1 query=x", undefined, undefined]],
    ["a trace_id=1 query=", ["a trace_id=1 query=", undefined, undefined]],
    ['a trace_id=1 query={"a', ['a trace_id=1 query={"a', undefined, undefined]],
    ["a trace_id=F query={} trace_id=1 query={}", ["a trace_id=F query={}", "1", "{}"]],
    ["a query={} trace_id=1", ["a", "1", "{}"]],
    ["a trace_id=1 query={} shard=7", ["a", "1", "{}"]],
    ["a trace_id=1 x=2 query={}", ["a", "1", "{}"]],
    ["a b=c trace_id=1 x=2 query={}", ["a b=c", "1", "{}"]],
    ["a trace_id=1 query={}x=1", ["a trace_id=1 query={}x=1", undefined, undefined]],
  ])("is read with its query's JSON, from the last place that fits: %j", (tail, expected) => {
    expect(end(tail)).toEqual(expected);
  });

  test("is read from the first place where it is not as documented: a query may imitate it", () => {
    expect(end('a trace_id=1 x=2 query={"b":" trace_id=F x=2 query={}"}')).toEqual([
      "a",
      "1",
      '{"b":" trace_id=F x=2 query={}"}',
    ]);
  });

  test("is read from the first place where a query goes on as fields that fit, too", () => {
    const query = '{"b":" query={} trace_id=F x="}';
    expect(end(`a trace_id=1 x=2 query=${query}`)).toEqual(["a", "1", query]);
    expect(end(`a trace_id=1 query=${query}`)).toEqual(["a", "1", query]);
    const forged = 'a trace_id=F query={"a":"';
    const cut = '{"} x=":"1"}';
    expect(end(`${forged} trace_id=1 query=${cut}`)).toEqual([forged, "1", cut]);
    expect(end(`${forged} trace_id=1 query=${cut} shard=7`)).toEqual([forged, "1", cut]);
  });

  test("is read in the documented order where another one would fit, too", () => {
    expect(end("a query={} trace_id=1 query={}")).toEqual(["a query={}", "1", "{}"]);
  });

  test("may hold values with quotes of their own, which are fewer than those of a query cut in two", () => {
    expect(end('a b trace_id=1 query={} shard="7"')).toEqual(["a b", "1", "{}"]);
    const forged = 'a trace_id=F query={"a":"';
    const cut = '{"} x=":"1"}';
    expect(end(`${forged} trace_id=1 query=${cut} shard="7"`)).toEqual([forged, "1", cut]);
    const query = '{"b":" query={} trace_id=F x="}';
    expect(end(`a trace_id=1 y=" z=" query=${query} shard="7"`)).toEqual(["a", "1", query]);
  });

  test("with a quote behind the query is the caller's text where not all places were looked at", () => {
    const forged = 'a trace_id=F query={"a":"';
    const agent = (imitations: number) => `${forged}${" trace_id=F y".repeat(imitations)}`;
    const tail = (imitations: number) =>
      `${agent(imitations)} trace_id=1 query={"} x=":"1"} shard=7`;
    expect(end(tail(28))).toEqual([agent(28), "1", '{"} x=":"1"}']);
    expect(end(tail(40))).toEqual([tail(40), undefined, undefined]);
  });

  test("is looked for at the last places of a user agent that imitates it without end", () => {
    const imitation = " trace_id=F query={}".repeat(100);
    expect(end(`a${imitation} trace_id=1 query={}`)).toEqual([`a${imitation}`, "1", "{}"]);
    const unfit = " trace_id=F x".repeat(31);
    expect(end(`a${unfit} trace_id=1 x=2 query={}`)[1]).toBe("1");
    expect(end(`a${unfit}${" trace_id=F x".repeat(2)} trace_id=1 x=2 query={}`)[1]).toBeUndefined();
    expect(end(`a trace_id=1 query={}${" y".repeat(99)}`)[1]).toBeUndefined();
  });

  test("is looked for in as much text as headers of a request can hold", () => {
    const behind = " trace_id=1 query={}";
    const tail = (length: number) => `${"a".repeat(length - behind.length)}${behind}`;
    expect(end(tail(64 * 1024)).slice(1)).toEqual(["1", "{}"]);
    expect(end(tail(64 * 1024 + 1))).toEqual([tail(64 * 1024 + 1), undefined, undefined]);
  });
});

describe("what follows a signature that is not at the end", () => {
  const sig = "A".repeat(20);
  const rest = (tail: string) => {
    const {
      user_agent,
      sig: signature,
      ...others
    } = read(`${required} user_agent=${tail}`, "authorization");
    const known = Object.keys(read(required));
    const added = Object.entries(others).filter(([name]) => !known.includes(name));
    expect(others).toMatchObject(read(required));
    return [user_agent, signature, Object.fromEntries(added)];
  };

  test.each([
    [`a b sig=${sig} host=relay`, ["a b", sig, { host: "relay" }]],
    [`a b \t sig=${sig}\thost=relay`, ["a b", sig, { host: "relay" }]],
    [`a b\tsig=${sig} (relayed)`, ["a b", sig, {}]],
    [
      `a sig=${"B".repeat(20)} c sig=${sig} d=e f g=h`,
      [`a sig=${"B".repeat(20)} c`, sig, { d: "e f", g: "h" }],
    ],
    [`a b=c sig=${sig} x=1`, ["a b=c", sig, { x: "1" }]],
    [`a sig=${sig} src=F actor_id=F sig=F x=1`, ["a", sig, { x: "1" }]],
    [`a sig=${"_-9z".repeat(5)} x=1`, ["a", "_-9z".repeat(5), { x: "1" }]],
    [`a b sig=${sig}`, ["a b", sig, {}]],
    [`a sig=${"A".repeat(19)} x=1`, [`a sig=${"A".repeat(19)} x=1`, undefined, {}]],
    [`a sig=${sig}= x=1`, [`a sig=${sig}= x=1`, undefined, {}]],
    [`asig=${sig} x=1`, [`asig=${sig} x=1`, undefined, {}]],
    [`a xsig=${sig} x=1`, [`a xsig=${sig} x=1`, undefined, {}]],
  ])("is told from the user agent's text: %j", (tail, expected) => {
    expect(rest(tail)).toEqual(expected);
  });

  test("changes no field that stands before the user agent", () => {
    const fields = read(`shard=7 ${required} user_agent=a sig=${sig} shard=8 x=1`, "authorization");
    expect(fields).toEqual({ ...read(required), shard: "7", user_agent: "a", sig, x: "1" });
  });
});
