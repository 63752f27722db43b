import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../src/terraform/cty/value.js";
import { defineResource } from "../../../src/terraform/index.js";
import { config, type Note, note, notes, plan, schema } from "./notes.js";
import { configured, providerOf } from "./rpc-client.js";

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

  test("keeps what ignore_changes has put into the configuration, though the resource marks it", async () => {
    const client = await notes({ plan: ({ markUnknown }) => markUnknown("stamp", "revision") });
    const ignoring = { ...config, text: "new", stamp: note.stamp };
    const { planned, diagnostics } = await plan(client, note, ignoring);
    expect(diagnostics).toEqual([]);
    expect(planned).toEqual({ ...note, text: "new", revision: UNKNOWN });
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
