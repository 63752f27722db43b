import { describe, expect, test } from "vitest";
import { type ObjectValue, UNKNOWN } from "../../../src/terraform/cty/value.js";
import {
  DiagnosticError,
  defineResource,
  type ResourceDefinition,
  type Schema,
} from "../../../src/terraform/index.js";
import { block, configured, providerOf, unblock } from "./rpc-client.js";

interface Gate {
  name: string;
  rule: { port: number; id: string | null; token: string | null }[];
  origin: { host: string; id: string | null }[];
  limit: { rate: number; unit: string | null } | null;
  label: Record<string, { text: string }>;
}

const id = { type: "string", computed: true, useStateForUnknown: true } as const;
const schema: Schema<Gate> = {
  version: 1,
  attributes: {
    name: { type: "string", required: true },
    rule: {
      type: {
        nesting: "list",
        block: true,
        attributes: {
          port: { type: "number", required: true, requiresReplace: true },
          id,
          token: { type: "string", optional: true, writeOnly: true },
        },
      },
    },
    origin: {
      type: {
        nesting: "set",
        block: true,
        attributes: { host: { type: "string", required: true }, id },
      },
    },
    limit: {
      optional: true,
      type: {
        nesting: "single",
        block: true,
        attributes: {
          rate: { type: "number", required: true },
          unit: { type: "string", optional: true, computed: true, default: "s" },
        },
      },
    },
    label: {
      type: {
        nesting: "map",
        block: true,
        attributes: { text: { type: "string", required: true } },
      },
    },
  },
};

const empty = { name: "n", rule: [], origin: [], limit: null, label: {} };

function gates(handlers: Partial<ResourceDefinition<Gate, undefined>> = {}) {
  const resource = defineResource<Gate, undefined>({
    type: "test_gate",
    schema,
    create: ({ planned }) => planned,
    update: ({ planned }) => planned,
    read: ({ state }) => state,
    delete: () => undefined,
    importId: "name",
    upgrades: { 0: (state) => state },
    ...handlers,
  });
  return configured(providerOf({ resources: [resource] }));
}

async function plan(prior: object | null, config: object, handlers = {}) {
  const client = await gates(handlers);
  const answer = await client.call("PlanResourceChange", {
    type_name: "test_gate",
    prior_state: block(schema, prior as ObjectValue | null),
    config: block(schema, config as ObjectValue),
    proposed_new_state: block(schema, config as ObjectValue),
  });
  return {
    planned: unblock(schema, answer.planned_state),
    replace: answer.requires_replace,
    errors: answer.diagnostics.map(({ detail }) => detail),
  };
}

async function create(planned: object, answer: unknown) {
  const client = await gates({ create: () => answer as Gate });
  const { new_state, diagnostics } = await client.call("ApplyResourceChange", {
    type_name: "test_gate",
    planned_state: block(schema, planned as ObjectValue),
    config: block(schema, planned as ObjectValue),
  });
  return {
    state: unblock(schema, new_state),
    errors: diagnostics.map(({ detail }) => detail),
  };
}

describe("a plan with blocks", () => {
  test("has an empty collection where there are none, and null for a single one", async () => {
    const { planned, errors } = await plan(null, empty);
    expect([planned, errors]).toEqual([empty, []]);
  });

  test("plans what is inside like attributes: computed, default and write-only ones", async () => {
    const config = {
      ...empty,
      rule: [{ port: 1, id: null, token: "secret" }],
      limit: { rate: 5, unit: null },
      label: { a: { text: "t" } },
    };
    const { planned } = await plan(null, config);
    expect(planned).toEqual({
      ...config,
      rule: [{ port: 1, id: UNKNOWN, token: null }],
      limit: { rate: 5, unit: "s" },
    });
  });

  test("continues blocks of a list by their place, and those of a set by what is configured", async () => {
    const prior = {
      ...empty,
      rule: [{ port: 1, id: "r1", token: null }],
      origin: [
        { host: "a", id: "oa" },
        { host: "b", id: "ob" },
      ],
    };
    const config = {
      ...empty,
      rule: [
        { port: 1, id: null, token: null },
        { port: 2, id: null, token: null },
      ],
      origin: [
        { host: "b", id: null },
        { host: "c", id: null },
      ],
    };
    const { planned } = await plan(prior, config);
    expect(planned).toMatchObject({
      rule: [{ id: "r1" }, { id: UNKNOWN }],
      origin: [
        { host: "b", id: "ob" },
        { host: "c", id: UNKNOWN },
      ],
    });
  });

  test("leaves dynamic blocks unknown while nobody knows how many there will be", async () => {
    const config = { ...empty, rule: UNKNOWN, limit: UNKNOWN };
    expect((await plan({ ...empty }, config)).planned).toEqual(config);
  });

  test("may not settle them in a handler either", async () => {
    const settle = ({ planned }: { planned: object }) => {
      Object.assign(planned, { rule: [] });
    };
    const { errors } = await plan(null, { ...empty, rule: UNKNOWN }, { plan: settle });
    expect(errors).toEqual([expect.stringContaining('"rule", which is configured')]);
  });

  test("replaces for an attribute of a block, and for the list when a block comes or goes", async () => {
    const rule = { port: 1, id: "r1", token: null };
    const changed = await plan(
      { ...empty, rule: [rule] },
      { ...empty, rule: [{ ...rule, id: null, port: 2 }] },
    );
    const steps = ({ replace }: typeof changed) =>
      replace.map(({ steps: all }) =>
        all.map((step) => step.attribute_name ?? step.element_key_int),
      );
    expect(steps(changed)).toEqual([["rule", 0, "port"]]);
    expect(steps(await plan({ ...empty, rule: [rule] }, empty))).toEqual([["rule"]]);
  });

  const rule = { port: 1, id: null, token: null };
  const refine = (change: (planned: Gate) => void) =>
    plan(
      null,
      { ...empty, rule: [rule] },
      { plan: ({ planned }: { planned: Gate }) => change(planned) },
    );

  test("may be refined by a handler where attributes are computed", async () => {
    const { planned, errors } = await refine(({ rule: [first] }) => {
      if (first) first.id = "known";
    });
    expect([planned?.rule, errors]).toEqual([[{ ...rule, id: "known" }], []]);
  });

  test.each<[string, string, (planned: Gate) => void]>([
    ["add a single block", "limit", (planned) => Object.assign(planned, { limit: { rate: 1 } })],
    ["add one to a list", "rule", (planned) => planned.rule.push({ ...rule })],
    ["take one from a list", "rule", (planned) => planned.rule.pop()],
    ["empty a list", "rule", (planned) => Object.assign(planned, { rule: null })],
    ["leave the list open", "rule", (planned) => Object.assign(planned, { rule: UNKNOWN })],
    ["add one to a set", "origin", (planned) => planned.origin.push({ host: "a", id: null })],
    ["add one to a map", "label", (planned) => Object.assign(planned.label, { a: { text: "t" } })],
    [
      "change what is configured",
      "rule",
      ({ rule: all }) => Object.assign(all[0] ?? {}, { port: 2 }),
    ],
  ])("may not %s in a handler", async (_, name, change) => {
    expect((await refine(change)).errors).toEqual([
      expect.stringContaining(`"${name}", which is configured or not computed`),
    ]);
  });
});

describe("an answer of a handler", () => {
  test("may leave out collections of blocks that are empty", async () => {
    const { state, errors } = await create(empty, { name: "n" });
    expect([state, errors]).toEqual([empty, []]);
  });

  test("may not have another number of blocks than was planned", async () => {
    const rule = { port: 1, id: UNKNOWN, token: null };
    const planned = { ...empty, rule: [rule] };
    const { state, errors } = await create(planned, { ...empty, rule: null });
    expect(state).toEqual(empty);
    expect(errors).toEqual([expect.stringContaining('"rule" is not what was planned')]);
  });

  test("leaves no null collection in state when it is wrong while blocks were unknown", async () => {
    const { state, errors } = await create({ ...empty, rule: UNKNOWN }, { nonsense: 1 });
    expect(state).toEqual(empty);
    expect(errors).toHaveLength(1);
  });
});

describe("a state without the blocks", () => {
  test("is brought up to date from before they were in the schema", async () => {
    const client = await gates();
    const { upgraded_state, diagnostics } = await client.call("UpgradeResourceState", {
      type_name: "test_gate",
      version: 0,
      raw_state: { json: Buffer.from('{"name":"n","rule":[{"port":1}]}'), flatmap: {} },
    });
    expect(diagnostics).toEqual([]);
    const rule = [{ port: 1, id: null, token: null }];
    expect(unblock(schema, upgraded_state)).toEqual({ ...empty, rule });
  });

  test("comes from an import with empty collections", async () => {
    const client = await gates();
    const answer = await client.call("ImportResourceState", { type_name: "test_gate", id: "n" });
    expect(unblock(schema, answer.imported_resources[0]?.state)).toEqual(empty);
  });
});

describe("a diagnostic", () => {
  const shown = async (path: (string | number)[]) => {
    const client = await gates({
      create: () => {
        throw new DiagnosticError("No", "Because.", path);
      },
    });
    const { diagnostics } = await client.call("ApplyResourceChange", {
      type_name: "test_gate",
      planned_state: block(schema, empty),
      config: block(schema, empty),
    });
    const [found] = diagnostics;
    const steps = found?.attribute?.steps.map(
      (step) => step.attribute_name ?? step.element_key_string ?? step.element_key_int,
    );
    return [steps, found?.detail];
  };

  test("points into blocks, as far as Terraform can follow", async () => {
    expect(await shown(["rule", 1, "port"])).toEqual([["rule", 1, "port"], "Because."]);
    expect(await shown(["limit", "rate"])).toEqual([["limit", "rate"], "Because."]);
    expect(await shown(["label", "a", "text"])).toEqual([["label", "a", "text"], "Because."]);
    expect(await shown(["origin", 0, "host"])).toEqual([["origin"], "At origin[0].host: Because."]);
    expect(await shown(["limit", "nothing"])).toEqual([["limit"], "At limit.nothing: Because."]);
  });
});
