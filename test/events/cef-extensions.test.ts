import fc from "fast-check";
import { describe, expect, test } from "vitest";
import type { AuditEvent } from "../../src/events/event.js";
import { extensionOrder, fieldOf } from "../../src/events/fields.js";
import { formatEvent } from "../../src/events/format.js";
import { createSigningKey, formatJwks, readJwks } from "../../src/events/jwks.js";
import { parseLine } from "../../src/events/parse.js";
import { signLine, verifyLine } from "../../src/events/signature.js";
import { anyEvent } from "./arbitraries.js";

const key = createSigningKey();

/** What a caller of Konnect may write to pass for fields, those of the line and others. */
const imitation = fc.constantFrom(
  ...[" trace_id=FORGED", " query={}", ' query={"a":1}', " org_id=FORGED", " principal_id=FORGED"],
  ...[" tenant_id=FORGED", " actor_id=FORGED", " kong_initiated=true", " user_agent=FORGED"],
  ...[" granted=FORGED", " src=FORGED", ' trace_id=FORGED query={"x":"', "\\", '"', "}", " x", "="],
  ...["} xX=", '{"x":"', " xX="],
);
const imitations = fc.array(imitation, { maxLength: 6 }).map((parts) => parts.join(""));
const hostileText = imitations.map((text) => `curl/8${text}`);
const hostileQuery = fc.dictionary(imitations, imitations, { maxKeys: 3 });
const hostileEvent = fc
  .tuple(anyEvent, hostileText, hostileQuery)
  .map(([event, user_agent, query]): AuditEvent => {
    const changed = { ...event, user_agent };
    return changed.kind === "access" ? { ...changed, query: JSON.stringify(query) } : changed;
  });

/** Extensions that Konnect may add one day; where their value holds blanks, another name follows. */
const unknownName = fc.stringMatching(/^[a-z][a-z0-9_.]{0,10}X$/);
const unknownExtensions = fc.dictionary(unknownName, fc.stringMatching(/^[^\s=]{0,12}$/), {
  maxKeys: 3,
});

/** Puts an extension before another one, or at the end of the line. */
function insert(line: string, before: string | undefined, extension: string): string {
  if (before === undefined) return `${line} ${extension}`;
  const at = line.search(new RegExp(`[ |]${before}=`)) + 1;
  return `${line.slice(0, at)}${extension} ${line.slice(at)}`;
}

function expectedFields(event: AuditEvent): Record<string, string> {
  const names = extensionOrder[event.kind];
  const values = names.map((name) => [name, fieldOf(event, name)] as const);
  const present = values.filter(([, value]) => value !== undefined);
  return Object.fromEntries(present.map(([name, value]) => [name, String(value)]));
}

describe("an extension that is not documented", () => {
  test("is a field and no part of another, and no user agent or query passes for one", () => {
    fc.assert(
      fc.property(hostileEvent, unknownExtensions, fc.nat(), (event, unknown, place) => {
        const beforeUserAgent = extensionOrder[event.kind].filter(
          (name) => fieldOf(event, name) !== undefined,
        );
        // Directly behind a user agent it can't be told from the caller's text.
        const places = beforeUserAgent.slice(0, beforeUserAgent.indexOf("user_agent") + 1);
        const before = [...places, ...(event.kind === "access" ? [undefined] : [])];
        let line = formatEvent(event, "cef");
        fc.pre((line.match(/ [a-z_]+=/g) ?? []).length < 40);
        for (const [name, value] of Object.entries(unknown)) {
          line = insert(line, before[place % before.length], `${name}=${value}`);
        }
        const { fields } = parseLine(line);
        const got = Object.fromEntries([...fields].filter(([name]) => !headers.has(name)));
        expect(got).toEqual({ ...expectedFields(event), ...unknown });
      }),
      { numRuns: 1_000 },
    );
  });

  test("with blanks in its value ends at the next name", () => {
    const { fields } = parseLine(
      "CEF:0|KongInc|Konnect|1.0|x|Authz.a|1|rt=1 src=::1 device=My old laptop action=list user_agent=x",
    );
    expect(fields.get("device")).toBe("My old laptop");
    expect(fields.get("action")).toBe("list");
  });
});

const headers = new Set([
  ...["event_ts", "cef_version", "event_vendor", "event_product", "event_version"],
  ...["event_class_id", "name", "severity"],
]);

test("a query that ends like a signature is none", () => {
  const query = JSON.stringify({ a: "x sig=y" });
  const line = `2026-11-20T09:15:31Z konghq.com CEF:0|KongInc|Konnect|1.0|k|Ingress|1|rt=1 src=1 request=/ act=GET status=200 org_id=o principal_id=p user_agent=u trace_id=1 query=${query}`;
  expect(parseLine(line).fields.get("query")).toBe(query);
  expect(verifyLine(line, readJwks(formatJwks([key]))).outcome).toBe("unsigned");
});

describe("a user agent", () => {
  const line = (userAgent: string, extra = "") =>
    `2026-11-20T09:15:30Z konghq.com CEF:0|KongInc|Konnect|1.0|KONGAUDIT|Ingress|1|rt=1 src=10.0.0.1 ${extra}request=/v2/x act=GET status=200 org_id=org principal_id=real user_agent=${userAgent} trace_id=real query={}`;

  test.each(["", "session_id=1 "])("can't forge what follows it (%s)", (extra) => {
    const forged = 'curl/8 trace_id=FORGED query={"a":1}';
    const { fields } = parseLine(line(forged, extra));
    expect(fields.get("trace_id")).toBe("real");
    expect(fields.get("query")).toBe("{}");
    expect(fields.get("user_agent")).toBe(forged);
  });

  test("can't forge a field that comes before it, in any order of fields", () => {
    const { fields } = parseLine(
      "CEF:0|K|Konnect|1.0|x|Authz.a|1|principal_id=real trace_id=1 user_agent=x principal_id=FORGED src=FORGED actor_id=FORGED",
    );
    expect(fields.get("principal_id")).toBe("real");
    expect(fields.has("actor_id")).toBe(false);
    expect(fields.has("src")).toBe(false);
  });

  test("can't begin a query that ends in the true one, whatever extensions follow that", () => {
    const forged = 'curl/8 trace_id=FORGED query={"a":"';
    const query = '{"} x=":"1"}';
    const [front = ""] = line("").split("user_agent=");
    for (const extra of ["", " shard=7"]) {
      const { fields, userAgent } = parseLine(
        `${front}user_agent=${forged} trace_id=real query=${query}${extra}`,
      );
      expect([userAgent, fields.get("trace_id"), fields.get("query")]).toEqual([
        forged,
        "real",
        query,
      ]);
    }
  });

  test("can't hide behind a signature of its own making", () => {
    const { fields, userAgent } = parseLine(line(`x sig=${"A".repeat(86)}`));
    expect(fields.has("sig")).toBe(false);
    expect(userAgent).toBe(`x sig=${"A".repeat(86)}`);
  });

  test("with a signature in it is whole where the line's own signature follows", () => {
    fc.assert(
      fc.property(anyEvent, hostileText, (event, text) => {
        const user_agent = `x sig=${"A".repeat(86)} tenant_id=FORGED${text}`;
        const line = signLine(formatEvent({ ...event, user_agent }, "cef"), "cef", key.privateKey);
        const read = parseLine(line);
        expect(read.userAgent).toBe(user_agent);
        expect(read.fields.has("tenant_id")).toBe(false);
      }),
    );
  });

  test("in the middle of reordered fields ends where all the others follow", () => {
    const { fields } = parseLine(
      "CEF:0|K|Konnect|1.0|x|Authz.a|1|trace_id=1 user_agent=a b c src=::1 shard=7 rt=2 action=list granted=true org_id=o principal_id=p",
    );
    expect(fields.get("user_agent")).toBe("a b c");
    expect(fields.get("src")).toBe("::1");
    expect(fields.get("shard")).toBe("7");
  });
});

test("of a field that stands twice the first counts", () => {
  const { fields } = parseLine(
    "CEF:0|K|Konnect|1.0|x|Authz.a|1|principal_id=real src=::1 principal_id=FORGED user_agent=x",
  );
  expect(fields.get("principal_id")).toBe("real");
});

describe("a principal's name", () => {
  test.each(["Ada trace_id=FORGED (ada@example.com)", "Ada granted=FORGED (ada@example.com)"])(
    "that imitates fields (%s) forges none",
    (name) => {
      const { fields } = parseLine(
        `CEF:0|K|Konnect|1.0|x|Authz.a|1|rt=1 src=::1 action=a granted=true org_id=o principal_id=p principal_name=${name} actor_id= trace_id=real user_agent=curl`,
      );
      expect([fields.get("principal_name"), fields.get("trace_id")]).toEqual([name, "real"]);
      expect([fields.get("user_agent"), fields.get("granted")]).toEqual(["curl", "true"]);
    },
  );
});

describe("the header", () => {
  const body = "CEF:0|KongInc|Konnect|1.0|konnect|Authz.a|1|rt=1 src=::1 user_agent=x";
  const konnects = "2026-11-20T09:15:30Z konghq.com ";

  test.each([
    ["nothing", konnects, "2026-11-20T09:15:30Z"],
    ["RFC 3164", `<134>Nov 20 09:15:31 relay01 ${konnects}`, "2026-11-20T09:15:30Z"],
    ["RFC 3164 in a file", `Nov  7 09:15:31 relay01 ${konnects}`, "2026-11-20T09:15:30Z"],
    ["RFC 3164 with a tag", `Nov 20 09:15:31 relay01 app[1]: ${konnects}`, "2026-11-20T09:15:30Z"],
    [
      "RFC 5424",
      `<14>1 2026-11-20T09:15:31.220Z relay01 app - - - ${konnects}`,
      "2026-11-20T09:15:30Z",
    ],
    [
      "octet counting",
      `423 <14>1 2026-11-20T09:15:31+01:00 relay01 app - - [x a="b"] ${konnects}`,
      "2026-11-20T09:15:30Z",
    ],
    ["a relay that took Konnect's away", "<134>Nov 20 09:15:31 relay01 ", "Nov 20 09:15:31"],
    ["an old time", "Nov  7 09:15:30 konghq.com ", "Nov  7 09:15:30"],
    ["no time", "relay01 ", undefined],
  ])("with %s before it has Konnect's time", (_, prefix, time) => {
    expect(parseLine(`${prefix}${body}`).eventTs).toBe(time);
  });

  test("is split at unescaped pipes only", () => {
    const { fields } = parseLine(
      "CEF:0|KongInc|Konnect|1.0|kon\\\\nect|Authz.teams\\|roles|1|rt=1 user_agent=a\\|b",
    );
    expect(fields.get("name")).toBe("Authz.teams|roles");
    expect(fields.get("event_class_id")).toBe("kon\\nect");
    expect(fields.get("severity")).toBe("1");
    expect(fields.get("rt")).toBe("1");
    expect(fields.get("user_agent")).toBe("a\\|b");
  });
});

test("a line that was made to be slow to read is read in time that grows with its length", () => {
  const parts = [" user_agent=1", ' trace_id=1 query={"', " ".repeat(50), "(@@@", "a.b-".repeat(9)];
  for (const part of parts) {
    const hostile = part.repeat(50_000);
    for (const name of ["principal_name", "user_agent", "query", "shard"]) {
      const line = `CEF:0|K|Konnect|1.0|x|Ingress|1|rt=1 src=::1 ${name}=${hostile}`;
      expect(parseLine(line).fields.get("src")).toBe("::1");
    }
  }
});
