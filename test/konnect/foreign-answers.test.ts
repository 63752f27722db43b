import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createKonnectClient, type KonnectClientOptions } from "../../src/konnect/client.js";
import { KonnectError } from "../../src/konnect/errors.js";
import { createFakeClock } from "../support/fake-clock.js";
import { answers, startScriptedServer } from "../support/scripted-server.js";
import { leakOf, spellings, steeringOf } from "../support/spelled-secrets.js";

const token = "kpat_Pl4nted0Token9XyzQrs";
const authorization = "Splunk 7Siem-Cr3dential/With+Signs==";
const credential = authorization.slice("Splunk ".length);

function clientOf(url: string, options: Partial<KonnectClientOptions> = {}) {
  return createKonnectClient({
    token,
    serverUrl: `${url}/{region}`,
    clock: createFakeClock(),
    retry: { maxRetries: 0 },
    ...options,
  });
}

/** All that an error says. */
function wordsOf(error: unknown): string {
  if (!KonnectError.is(error)) throw new Error(`no KonnectError: ${error}`);
  const { message, remedy, instance, invalidParameters } = error;
  return [
    message,
    remedy,
    instance,
    ...invalidParameters.flatMap(({ field, reason }) => [field, reason]),
  ].join("\n");
}

async function failureOf(work: Promise<unknown>): Promise<string> {
  return wordsOf(
    await work.then(
      () => undefined,
      (reason: unknown) => reason,
    ),
  );
}

describe("an error answer that echoes secrets", () => {
  test.each(Object.entries(spellings))("has them taken out: %s", async (_, spell) => {
    const echo = `a ${spell(token)} b ${spell(credential)} c`;
    await using server = await startScriptedServer(
      answers.json(400, {
        title: echo,
        detail: echo,
        instance: echo,
        invalid_parameters: [{ field: echo, reason: echo, source: echo }],
      }),
      answers.json(401, { title: echo }),
      (response) => response.writeHead(200, { "content-type": encodeURIComponent(echo) }).end("<"),
      answers.json(200, { [echo]: 1, enabled: 1, log_format: [echo] }),
    );
    const client = clientOf(server.url);
    // The client has learned the credential from what it sent, whichever call Konnect repeats it in.
    for (let call = 0; call < 4; call++) {
      const words = await failureOf(client.updateWebhook("eu", { authorization }));
      expect(leakOf(words, token)).toBeUndefined();
      expect(leakOf(words, credential)).toBeUndefined();
      expect(steeringOf(words)).toBeUndefined();
    }
    const words = await failureOf(client.getWebhook("eu"));
    expect(leakOf(words, credential)).toBeUndefined();
  });

  test("leaks nothing in any place, spelling and cut", async () => {
    const place = fc.constantFrom("title", "detail", "instance", "field", "reason");
    await using server = await startScriptedServer((response, { headers }) => {
      answers.json(400, JSON.parse(String(headers["user-agent"])))(response, {} as never);
    });
    const client = clientOf(server.url);
    await fc.assert(
      fc.asyncProperty(
        place,
        fc.constantFrom(...Object.values(spellings)),
        fc.nat(10),
        fc.constantFrom(token, credential),
        async (where, spell, cut, secret) => {
          const spelled = spell(secret);
          const text = `x ${spelled.slice(cut % 2 ? cut : 0, spelled.length - (cut % 2 ? 0 : cut))}`;
          const body =
            where === "field" || where === "reason"
              ? { invalid_parameters: [{ [where]: text }] }
              : { [where]: text };
          // The server answers what it is sent, in ASCII.
          const userAgent = JSON.stringify(body).replace(
            /[^\x20-\x7e]/g,
            (each) => `\\u${each.charCodeAt(0).toString(16).padStart(4, "0")}`,
          );
          client.protect(authorization);
          const words = await failureOf(client.getWebhook("eu", { userAgent }));
          expect(leakOf(words, secret)).toBeUndefined();
          expect(steeringOf(words)).toBeUndefined();
        },
      ),
      { numRuns: 150 },
    );
  });

  test("has other secrets taken out that the client was given", async () => {
    const password = "pr0xy-Passw0rd-1";
    await using server = await startScriptedServer(
      answers.json(502, { detail: `user:${password}` }),
    );
    const client = clientOf(server.url, { secrets: [password] });
    expect(leakOf(await failureOf(client.getWebhook("eu")), password)).toBeUndefined();
    expect(leakOf(client.clean(`user ${password}`), password)).toBeUndefined();
  });
});

describe("words of an answer", () => {
  test("are shown without secrets: a webhook's status, a replay job, formats and times", async () => {
    const echo = `${authorization} \u001b[31m\n::error::x`;
    await using server = await startScriptedServer(
      answers.json(200, { endpoint: "https://x.example", log_format: echo, updated_at: echo }),
      answers.json(200, { webhook_status: echo, last_response_message: echo }),
      answers.json(200, { status: echo }),
    );
    const client = clientOf(server.url, { secrets: [authorization] });
    const shown = [
      (await client.getWebhook("eu")).body,
      (await client.getWebhookStatus("eu")).body,
      (await client.getReplayJob("eu")).body,
    ].flatMap((body) =>
      [
        body.log_format,
        body.updated_at,
        body.webhook_status,
        body.last_response_message,
        body.status,
      ].filter((word) => typeof word === "string"),
    );
    expect(shown).toHaveLength(5);
    for (const word of shown) {
      expect(word).toContain("***");
      expect(leakOf(String(word), credential)).toBeUndefined();
      expect(steeringOf(String(word))).toBeUndefined();
    }
  });

  test("are as they came where a setting is documented, even if the credential is the same word", async () => {
    await using server = await startScriptedServer(answers.json(200, { log_format: "json" }));
    const client = clientOf(server.url, { secrets: ["json"] });
    expect((await client.getWebhook("eu")).body.log_format).toBe("json");
  });
});

describe("an error answer", () => {
  test("that would steer a terminal, or command a CI system, is shown as plain text", async () => {
    const hostile =
      "a\u001b[2J\u001b]0;pwn\u0007\u009b31m\r\n::error::x ##[error]y \u202e\u200b##vso[z]";
    await using server = await startScriptedServer(
      answers.json(400, {
        title: hostile,
        detail: hostile,
        instance: hostile,
        invalid_parameters: [{ field: hostile, reason: hostile }],
      }),
      answers.json(200, { keys: { [hostile]: hostile } }),
      answers.text(200, "<", "text/\u009b31m"),
    );
    const client = clientOf(server.url);
    for (let call = 0; call < 3; call++) {
      const words = await failureOf(client.getJwks("eu"));
      expect(steeringOf(words)).toBeUndefined();
    }
  });

  test("that is long makes no long message", async () => {
    const long = "x".repeat(50_000);
    await using server = await startScriptedServer(
      answers.json(400, { detail: long, instance: long }),
      answers.json(400, {
        invalid_parameters: Array.from({ length: 2_000 }, (_, at) => ({
          field: `f${at}`,
          reason: "wrong ".repeat(5),
        })),
      }),
    );
    const client = clientOf(server.url);
    expect((await failureOf(client.getWebhook("eu"))).length).toBeLessThan(2_000);
    const many = await failureOf(client.getWebhook("eu"));
    expect(many.length).toBeLessThan(3_000);
    expect(many).toContain("f0 wrong");
    expect(many).toContain("and 1990 more");
  });

  test("that never ends is read in part only, and told by its status", async () => {
    await using server = await startScriptedServer((response) => {
      response.writeHead(403);
      const more = () => {
        while (!response.destroyed && response.write("x".repeat(65_536)));
      };
      response.on("drain", more);
      more();
    });
    const error = await clientOf(server.url)
      .getWebhook("eu")
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "KONNECT_FORBIDDEN", status: 403 });
  });

  test.each<[string, unknown]>([
    ["an array", []],
    ["null", null],
    ["a text", "kaput"],
    ["members of other types", { title: 1, detail: {}, instance: [], invalid_parameters: "x" }],
    ["parameters of other types", { invalid_parameters: [1, null, { field: 2, reason: {} }] }],
    ["a list that is none", { invalid_parameters: { length: 1e9 } }],
  ])("of another form is told by its status: %s", async (_, body) => {
    await using server = await startScriptedServer(answers.json(409, body));
    const error = await clientOf(server.url)
      .getWebhook("eu")
      .catch((reason: unknown) => reason);
    expect(error).toMatchObject({ code: "KONNECT_CONFLICT", status: 409 });
  });
});

describe("a refusal of permission", () => {
  test("names the roles that the call wants, and the allow-list of addresses", async () => {
    await using server = await startScriptedServer(answers.json(403, {}));
    const client = clientOf(server.url);
    const webhook = await failureOf(client.getWebhook("eu"));
    expect(webhook).toMatch(/"Admin" on "Audit Logs".*IP allow-list/s);
    const portal = await failureOf(client.getPortalWebhook("eu", "p1"));
    expect(portal).toMatch(/"Audit Log Admin" and "Portal Creator".*IP allow-list/s);
  });
});
