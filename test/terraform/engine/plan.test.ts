import { describe, expect, test } from "vitest";
import { type ObjectValue, TypedValue, UNKNOWN } from "../../../src/terraform/cty/value.js";
import { replacementPaths } from "../../../src/terraform/engine/replacement.js";
import { defineResource, type Schema } from "../../../src/terraform/index.js";
import { config, type Note, note, notes, plan, schema } from "./notes.js";
import { block, configured, providerOf, unblock } from "./rpc-client.js";

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

describe("a null that comes with a type, as in a dynamic attribute", () => {
  const dynamic: Schema<DynamicValues> = {
    version: 0,
    attributes: {
      given: { type: "dynamic", optional: true },
      either: { type: "dynamic", optional: true, computed: true },
      answered: { type: "dynamic", computed: true, useStateForUnknown: true },
    },
  };
  interface DynamicValues {
    given: unknown;
    either: unknown;
    answered: unknown;
  }
  const none = new TypedValue("string", null);
  const some = new TypedValue("string", "x");
  const planned = async (prior: ObjectValue | null, config: ObjectValue) => {
    const client = await configured(
      providerOf({
        resources: [
          defineResource<DynamicValues, undefined>({
            type: "test_dynamic",
            schema: dynamic,
            create: ({ planned }) => planned,
            update: ({ planned }) => planned,
            read: ({ state }) => state,
            delete: () => undefined,
          }),
        ],
      }),
    );
    const answer = await client.call("PlanResourceChange", {
      type_name: "test_dynamic",
      prior_state: block(dynamic, prior),
      config: block(dynamic, config),
      proposed_new_state: block(dynamic, { ...prior, ...config }),
    });
    expect(answer.diagnostics).toEqual([]);
    return unblock(dynamic, answer.planned_state);
  };

  test("leaves the value to the provider, and stays as it is where there is none", async () => {
    const config = { given: none, either: none, answered: null };
    expect(await planned(null, config)).toEqual({
      ...{ given: none, either: UNKNOWN, answered: UNKNOWN },
    });
  });

  test("that ignore_changes puts in place of what only the provider sets keeps the prior value", async () => {
    const prior = { given: some, either: some, answered: some };
    expect(await planned(prior, { ...prior, answered: none })).toEqual(prior);
  });
});

describe("nested attributes that demand a replacement", () => {
  const inside = { type: "string", required: true, requiresReplace: true } as const;
  test.each(["list", "map", "set", "single"] as const)(
    "in a %s do so when they become unknown as a whole: apply could not change its mind",
    (nesting) => {
      const attributes = {
        rules: { optional: true, type: { nesting, attributes: { inside } } },
      } as const;
      const empty = nesting === "list" || nesting === "set" ? [] : nesting === "map" ? {} : null;
      expect(replacementPaths(attributes, { rules: empty }, { rules: UNKNOWN })).toEqual([
        ["rules"],
      ]);
    },
  );
});
