import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../src/terraform/cty/value.js";
import {
  DiagnosticError,
  defineDataSource,
  defineProvider,
  defineResource,
  type ResourceDefinition,
  type Schema,
} from "../../../src/terraform/index.js";
import { block, configured, providerOf, rpcClient, unblock } from "./rpc-client.js";

interface Note {
  id: string | null;
  folder: string | null;
  text: string | null;
  keep: boolean | null;
  token: string | null;
  stamp: string | null;
  revision: number | null;
}

const schema: Schema<Note> = {
  version: 2,
  attributes: {
    id: { type: "string", computed: true, useStateForUnknown: true },
    folder: { type: "string", required: true, requiresReplace: true },
    text: { type: "string", optional: true },
    keep: { type: "bool", optional: true, computed: true, default: true },
    token: { type: "string", optional: true, writeOnly: true, sensitive: true },
    stamp: { type: "string", computed: true },
    revision: { type: "number", computed: true, useStateForUnknown: true },
  },
};

const note: Note = {
  id: "1",
  folder: "inbox",
  text: "hello",
  keep: true,
  token: null,
  stamp: "s1",
  revision: 4,
};
const config = { ...note, id: null, stamp: null, revision: null, keep: null };

/** A configured provider with the resource `test_note`, some of its handlers replaced. */
function notes(handlers: Partial<ResourceDefinition<Note, undefined>> = {}) {
  return configured(
    providerOf({
      resources: [
        defineResource<Note, undefined>({
          type: "test_note",
          schema,
          create: ({ planned }) => ({ ...planned, id: "1", stamp: "s1", revision: 1 }),
          update: ({ planned, prior }) => ({ ...planned, stamp: "s2", revision: prior.revision }),
          read: ({ state }) => state,
          delete: () => undefined,
          ...handlers,
        }),
      ],
    }),
  );
}

type Client = Awaited<ReturnType<typeof notes>>;

async function plan(client: Client, prior: Note | null, wanted: object, priorPrivate = "") {
  const answer = await client.call("PlanResourceChange", {
    type_name: "test_note",
    prior_state: block(schema, prior as never),
    config: block(schema, wanted as never),
    proposed_new_state: block(schema, { ...note, ...prior, ...known(wanted) } as never),
    prior_private: Buffer.from(priorPrivate),
  });
  return {
    planned: unblock(schema, answer.planned_state),
    replace: answer.requires_replace,
    private: Buffer.from(answer.planned_private ?? "").toString(),
    diagnostics: answer.diagnostics,
  };
}

/** Core's proposal, for these flat values: what is configured beats what was there before. */
function known(wanted: object): object {
  return Object.fromEntries(Object.entries(wanted).filter(([, value]) => value !== null));
}

async function apply(
  client: Client,
  prior: Note | null,
  planned: object | null,
  wanted: object = config,
) {
  const answer = await client.call("ApplyResourceChange", {
    type_name: "test_note",
    prior_state: block(schema, prior as never),
    planned_state: block(schema, planned as never),
    config: block(schema, wanted as never),
    planned_private: Buffer.from('{"a":1}'),
  });
  return {
    state: unblock(schema, answer.new_state),
    private: Buffer.from(answer.private ?? "").toString(),
    diagnostics: answer.diagnostics,
  };
}

describe("planning", () => {
  test("keeps everything when nothing changed, and private state byte for byte", async () => {
    const { planned, private: bytes } = await plan(await notes(), note, config, ' {"a": 1}');
    expect(planned).toEqual(note);
    expect(bytes).toBe(' {"a": 1}');
  });

  test("makes volatile attributes unknown with any change, and no others", async () => {
    const { planned, replace } = await plan(await notes(), note, { ...config, text: "new" });
    expect(planned).toEqual({ ...note, text: "new", stamp: UNKNOWN });
    expect(replace).toEqual([]);
  });

  test("never lets a write-only value into the plan, nor takes it for a change", async () => {
    const { planned } = await plan(await notes(), note, { ...config, token: "secret" });
    expect(planned).toEqual(note);
  });

  test("lets the resource mark attributes unknown though nothing else changed", async () => {
    const client = await notes({
      plan: ({ action, hasChanges, private: priv, markUnknown }) => {
        expect([action, hasChanges, priv.get("hash")]).toEqual(["update", false, "old"]);
        priv.set("hash", "new");
        markUnknown("revision");
      },
    });
    const { planned, private: bytes } = await plan(client, note, config, '{"hash":"old"}');
    expect(planned).toEqual({ ...note, revision: UNKNOWN });
    expect(JSON.parse(bytes)).toEqual({ hash: "new" });
  });

  test("lets the resource plan a computed value and demand a replacement", async () => {
    const client = await notes({
      plan: ({ planned, requireReplace }) => {
        if (planned) planned.id = `${planned.folder}/1`;
        requireReplace("text");
      },
    });
    const { planned, replace } = await plan(client, note, { ...config, folder: "done" });
    expect(planned).toMatchObject({ id: "done/1", folder: "done" });
    expect(replace.map(({ steps }) => steps)).toMatchObject([
      [{ attribute_name: "folder" }],
      [{ attribute_name: "text" }],
    ]);
  });

  test("stops a resource that plans what is configured", async () => {
    const client = await notes({
      plan: ({ planned }) => {
        if (planned) planned.text = "mine";
      },
    });
    const { diagnostics } = await plan(client, note, config);
    expect(diagnostics).toMatchObject([{ severity: 1, summary: "Invalid plan" }]);
  });

  test("begins a new object with empty private state", async () => {
    const client = await notes({
      plan: ({ private: priv }) => expect(priv.get("hash")).toBeUndefined(),
    });
    const { diagnostics } = await plan(client, null, config, '{"hash":"of the replaced one"}');
    expect(diagnostics).toEqual([]);
  });

  test("replaces for every change where there is no update", async () => {
    const definition = { type: "test_note", schema, create: () => note, read: () => note };
    const resource = defineResource<Note, undefined>({ ...definition, delete: () => undefined });
    const client = await configured(providerOf({ resources: [resource] }));
    const { replace } = await plan(client, note, { ...config, text: "new" });
    expect(replace.map(({ steps }) => steps?.[0]?.attribute_name)).toContain("text");
  });
});

describe("applying", () => {
  const planned = { ...note, id: UNKNOWN, stamp: UNKNOWN, revision: UNKNOWN };

  test("hands the secret to create alone, and stores null", async () => {
    const seen: unknown[] = [];
    const client = await notes({
      create: ({ config: given, planned: plannedValues }) => {
        seen.push(given.token, plannedValues.token);
        return { ...note, token: given.token };
      },
    });
    const { state } = await apply(client, null, planned, { ...config, token: "secret" });
    expect(seen).toEqual(["secret", null]);
    expect(state).toEqual(note);
  });

  test("leaves no state when create fails, and the prior state when update or delete do", async () => {
    const fail = () => {
      throw new DiagnosticError("Refused", "Try later.", ["text"]);
    };
    const client = await notes({ create: fail, update: fail, delete: fail });
    expect(await apply(client, null, planned)).toMatchObject({ state: null, private: "" });
    const update = await apply(client, note, { ...planned, text: "new" });
    expect(update).toMatchObject({ state: note, private: '{"a":1}' });
    expect(update.diagnostics).toMatchObject([{ summary: "Refused" }]);
    expect(await apply(client, note, null)).toMatchObject({ state: note, private: '{"a":1}' });
  });

  test("keeps the state of an object that exists, though the answer is wrong", async () => {
    const answers: [unknown, string][] = [
      [{ ...note, text: "other" }, '"text" is not what was planned'],
      [{ ...note, revision: UNKNOWN }, '"revision" is still unknown after apply'],
      [{ ...note, revision: "four" }, "Revision: needs a number, got a string"],
      [undefined, "Needs an object, got nothing"],
    ];
    for (const [answer, message] of answers) {
      const client = await notes({ create: () => answer as Note });
      const { state, diagnostics } = await apply(client, null, planned);
      expect(state).toMatchObject({ folder: "inbox" });
      expect(diagnostics).toHaveLength(1);
      expect(diagnostics[0]?.detail).toContain(message);
    }
  });

  test("adds warnings to a success", async () => {
    const client = await notes({
      create: ({ diagnostics }) => {
        diagnostics.warn("Adopted", "It was there before.", ["folder"]);
        return note;
      },
    });
    const { state, diagnostics } = await apply(client, null, planned);
    expect(state).toEqual(note);
    expect(diagnostics).toMatchObject([{ severity: 2, summary: "Adopted" }]);
  });

  test("aborts the calls in flight when Terraform stops, and says so in one error", async () => {
    let reached: () => void = () => undefined;
    const inFlight = new Promise<void>((resolve) => {
      reached = resolve;
    });
    const client = await notes({
      create: ({ signal }) =>
        new Promise((_, reject) => {
          signal.addEventListener("abort", () => reject(signal.reason));
          reached();
        }),
    });
    const running = apply(client, null, planned);
    await inFlight;
    await client.call("StopProvider", {});
    expect(await running).toMatchObject({
      state: null,
      diagnostics: [{ severity: 1, summary: "Interrupted: creating test_note" }],
    });
  });

  test("turns an unexpected error into one diagnostic without its message", async () => {
    const client = await notes({
      create: () => {
        throw new Error("response: kpat_secret");
      },
    });
    const { diagnostics } = await apply(client, null, planned);
    expect(diagnostics).toHaveLength(1);
    expect(JSON.stringify(diagnostics) + client.log.join("")).not.toContain("kpat_secret");
    expect(client.log.join("")).toContain("rpc.test.ts");
  });
});

describe("reading", () => {
  const read = async (client: Client) => {
    const answer = await client.call("ReadResource", {
      type_name: "test_note",
      current_state: block(schema, note as never),
      private: Buffer.from('{"a":1}'),
    });
    return {
      state: unblock(schema, answer.new_state),
      private: Buffer.from(answer.private ?? "").toString(),
      diagnostics: answer.diagnostics,
    };
  };

  test("echoes private state, and nulls what is write-only", async () => {
    const client = await notes({ read: ({ state }) => ({ ...state, token: "secret" }) });
    expect(await read(client)).toEqual({ state: note, private: '{"a":1}', diagnostics: [] });
  });

  test("answers null for an object that is gone", async () => {
    expect((await read(await notes({ read: () => null }))).state).toBeNull();
  });

  test("never takes a failure for gone", async () => {
    const client = await notes({
      read: () => {
        throw new DiagnosticError("Forbidden", "Check the token.");
      },
    });
    const { state, diagnostics } = await read(client);
    expect(state).toEqual(note);
    expect(diagnostics).toMatchObject([{ summary: "Forbidden" }]);
  });

  test("needs a configured provider, and says so", async () => {
    const provider = providerOf({
      resources: [
        defineResource<Note, undefined>({
          type: "test_note",
          schema,
          create: () => note,
          read: () => note,
          delete: () => undefined,
        }),
      ],
    });
    const { diagnostics } = await read(rpcClient(provider) as Client);
    expect(diagnostics[0]?.summary).toBe("test_note needs the provider's configuration");
  });
});

describe("taking over", () => {
  const importNote = async (client: Client, id: string) => {
    const answer = await client.call("ImportResourceState", { type_name: "test_note", id });
    return {
      state: unblock(schema, answer.imported_resources[0]?.state),
      diagnostics: answer.diagnostics,
    };
  };

  test("an id of several parts fills as many attributes, and defaults the others", async () => {
    const client = await notes({ importId: ["folder", "text"] });
    const { state } = await importNote(client, "inbox/hello");
    expect(state).toMatchObject({ folder: "inbox", text: "hello", keep: true, id: null });
    for (const id of ["inbox", "inbox/", "a/b/c"]) {
      const { diagnostics } = await importNote(client, id);
      expect(diagnostics[0]?.detail).toContain("must be folder/text");
    }
  });

  test("is refused where nothing says how", async () => {
    const { diagnostics } = await importNote(await notes(), "x");
    expect(diagnostics[0]?.summary).toBe("test_note can't be imported");
    const move = await (await notes()).call("MoveResourceState", {
      target_type_name: "test_note",
      source_type_name: "other_note",
      source_provider_address: "example.com/a/other",
    });
    expect(move.diagnostics[0]?.summary).toBe("other_note can't be moved to test_note");
  });

  test("moves from another type where the resource knows it", async () => {
    const client = await notes({
      moveState: ({ sourceTypeName, sourceState }) => ({
        folder: sourceTypeName,
        text: String((sourceState as { body: string }).body),
      }),
    });
    const answer = await client.call("MoveResourceState", {
      target_type_name: "test_note",
      source_type_name: "other_note",
      source_state: { json: Buffer.from('{"body":"moved"}'), flatmap: {} },
    });
    expect(unblock(schema, answer.target_state)).toMatchObject({
      folder: "other_note",
      text: "moved",
    });
  });

  test("upgrades a state through every version, and refuses gaps", async () => {
    const upgrade = async (client: Client, version: number) => {
      const state = { folder: "inbox", old_text: "hello" };
      const answer = await client.call("UpgradeResourceState", {
        type_name: "test_note",
        version,
        raw_state: { json: Buffer.from(JSON.stringify(state)), flatmap: {} },
      });
      return { state: unblock(schema, answer.upgraded_state), diagnostics: answer.diagnostics };
    };
    const client = await notes({
      upgrades: {
        0: (state) => ({ ...state, text: state.old_text }),
        1: ({ old_text: _, ...state }) => ({ ...state, token: "in clear, once" }),
      },
    });
    expect((await upgrade(client, 0)).state).toMatchObject({ text: "hello", token: null });
    const gap = await upgrade(await notes({ upgrades: { 1: (state) => state } }), 0);
    expect(gap.diagnostics[0]?.detail).toContain("schema version 0, this provider 2");
  });
});

describe("validating", () => {
  const validate = async (client: Client, wanted: object, writeOnlyAllowed: boolean) => {
    const { diagnostics } = await client.call("ValidateResourceConfig", {
      type_name: "test_note",
      config: block(schema, wanted as never),
      client_capabilities: {
        deferral_allowed: false,
        write_only_attributes_allowed: writeOnlyAllowed,
      },
    });
    return diagnostics;
  };

  test("refuses a write-only value under a Terraform that would store it", async () => {
    const client = await notes();
    expect(await validate(client, { ...config, token: "x" }, true)).toEqual([]);
    expect(await validate(client, config, false)).toEqual([]);
    const [error] = await validate(client, { ...config, token: "x" }, false);
    expect(error).toMatchObject({ severity: 1, summary: "token needs write-only arguments" });
  });

  test("shows unknown values and write-only ones to the resource", async () => {
    const seen: unknown[] = [];
    const client = await notes({
      validate: ({ config: given }) => void seen.push(given.text, given.token),
    });
    await validate(client, { ...config, text: UNKNOWN, token: "x" }, true);
    expect(seen).toEqual([UNKNOWN, "x"]);
  });
});

describe("a data source", () => {
  const reading: Schema<{ name: string; size: number | null }> = {
    version: 0,
    attributes: {
      name: { type: "string", required: true },
      size: { type: "number", computed: true },
    },
  };
  const readOf = async (read: () => { name: string; size: number | null }) => {
    const source = defineDataSource<{ name: string; size: number | null }, undefined>({
      type: "test_size",
      schema: reading,
      read,
    });
    const client = await configured(providerOf({ dataSources: [source] }));
    return client.call("ReadDataSource", {
      type_name: "test_size",
      config: block(reading, { name: "a", size: null }),
    });
  };

  test("answers what was asked for", async () => {
    const { state, diagnostics } = await readOf(() => ({ name: "a", size: 3 }));
    expect(diagnostics).toEqual([]);
    expect(unblock(reading, state)).toEqual({ name: "a", size: 3 });
  });

  test("may not change what is configured", async () => {
    const { diagnostics } = await readOf(() => ({ name: "b", size: 3 }));
    expect(diagnostics[0]?.detail).toContain('"name" is not what was configured');
  });
});

describe("defining", () => {
  const resource = (type: string, changed: object = {}) =>
    defineResource<Note>({
      type,
      schema: { ...schema, ...changed },
      create: () => note,
      read: () => note,
      delete: () => undefined,
    });
  const define = (resources: ReturnType<typeof resource>[]) =>
    defineProvider({
      type: "test",
      version: "1",
      schema: { version: 0, attributes: {} },
      configure: () => undefined,
      resources,
    });

  test("refuses a type twice, a foreign prefix, and a rule that is not there", () => {
    expect(() => define([resource("test_a"), resource("test_a")])).toThrow("is defined twice");
    expect(() => define([resource("other_a")])).toThrow('must begin with "test_"');
    const attributes = {
      a: { type: "string", required: true, checks: [{ kind: "rule", rule: "gone" }] },
    };
    expect(() => define([resource("test_a", { attributes })])).toThrow('names the rule "gone"');
  });
});
