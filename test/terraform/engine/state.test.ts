import { describe, expect, test } from "vitest";
import { DiagnosticError, defineResource } from "../../../src/terraform/index.js";
import { type Client, type Note, note, notes, schema } from "./notes.js";
import { block, providerOf, rpcClient, unblock } from "./rpc-client.js";

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

  test("moves from the same type under another address, with its private state", async () => {
    const client = await notes();
    const move = async (version: number, state: object) => {
      const answer = await client.call("MoveResourceState", {
        ...{ target_type_name: "test_note", source_type_name: "test_note" },
        source_provider_address: "registry.example.com/published/test",
        source_schema_version: version,
        source_state: { json: Buffer.from(JSON.stringify(state)), flatmap: {} },
        source_private: Buffer.from("{}"),
      });
      return { ...answer, state: unblock(schema, answer.target_state) };
    };
    const moved = await move(schema.version, { ...note, token: "in clear, once" });
    expect(moved.state).toEqual(note);
    expect(Buffer.from(moved.target_private).toString()).toBe("{}");
    expect((await move(0, note)).diagnostics[0]?.detail).toContain("schema version 0");
  });

  test("takes a state whose schema has changed with no new version, as far as it fits", async () => {
    const read = async (state: object) => {
      const answer = await (await notes()).call("UpgradeResourceState", {
        ...{ type_name: "test_note", version: schema.version },
        raw_state: { json: Buffer.from(JSON.stringify(state)), flatmap: {} },
      });
      return { state: unblock(schema, answer.upgraded_state), diagnostics: answer.diagnostics };
    };
    expect(
      await read({ ...note, folder: 5, keep: "true", revision: "4", since_gone: [1] }),
    ).toEqual({ state: { ...note, folder: "5" }, diagnostics: [] });
    const { diagnostics } = await read({ ...note, revision: "four" });
    expect(diagnostics[0]?.detail).toContain("revision: needs a number, got a string");
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
