import { isDeepStrictEqual } from "node:util";
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { equal } from "../../../src/terraform/cty/equal.js";
import { hasUnknown, type ObjectValue } from "../../../src/terraform/cty/value.js";
import { defineResource, type Schema } from "../../../src/terraform/index.js";
import { objectTypeOf } from "../../../src/terraform/schema/object-type.js";
import {
  anyAttributes,
  anyConfig,
  resolved,
  withKnownValues,
  withoutEmptyCollections,
  withUniqueElements,
} from "./arbitrary-schema.js";
import { compatible, nullBlocks, planErrors, proposedNew } from "./core-rules.js";
import { block, configured, providerOf, unblock } from "./rpc-client.js";

type Client = Awaited<ReturnType<typeof configured>>;

/** A resource of any schema, whose API makes up everything that is unknown. */
async function start(schema: Schema<Record<string, unknown>>, seed: number): Promise<Client> {
  const type = objectTypeOf(schema.attributes);
  const write = ({ planned }: { planned: object }) =>
    withoutEmptyCollections(
      schema.attributes,
      withUniqueElements(withKnownValues(planned as ObjectValue, type, seed), type),
    ) as Record<string, unknown>;
  const resource = defineResource<Record<string, unknown>, undefined>({
    type: "test_thing",
    schema,
    create: write,
    update: write,
    read: ({ state }) => state,
    delete: () => undefined,
  });
  return configured(providerOf({ resources: [resource] }));
}

async function plan(
  client: Client,
  schema: Schema,
  prior: ObjectValue | null,
  config: ObjectValue,
) {
  const answer = await client.call("PlanResourceChange", {
    type_name: "test_thing",
    prior_state: block(schema, prior),
    config: block(schema, config),
    proposed_new_state: block(schema, proposedNew(schema.attributes, prior, config)),
  });
  expect(answer.diagnostics).toEqual([]);
  const planned = unblock(schema, answer.planned_state);
  if (!planned) throw new Error("nothing was planned");
  return { planned, replace: answer.requires_replace };
}

async function apply(
  client: Client,
  schema: Schema,
  {
    prior,
    planned,
    config,
  }: Record<"planned" | "config", ObjectValue> & { prior: ObjectValue | null },
) {
  const answer = await client.call("ApplyResourceChange", {
    type_name: "test_thing",
    prior_state: block(schema, prior),
    planned_state: block(schema, planned),
    config: block(schema, config),
  });
  expect(answer.diagnostics).toEqual([]);
  const state = unblock(schema, answer.new_state);
  if (!state) throw new Error("nothing was created");
  return state;
}

const world = anyAttributes.chain((attributes) =>
  fc.record({
    schema: fc.constant<Schema<Record<string, unknown>>>({ version: 0, attributes }),
    first: anyConfig(attributes, true),
    second: anyConfig(attributes, true),
    seed: fc.integer({ min: 1, max: 1e6 }),
  }),
);

describe("for any schema and any configuration", () => {
  test("plans and results are what Terraform's core accepts", { timeout: 120_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(world, async ({ schema, first, second, seed }) => {
        const { attributes } = schema;
        const type = objectTypeOf(attributes);
        const client = await start(schema, seed);

        // Create: planned with unknown values, then planned again and applied with known ones.
        const early = await plan(client, schema, null, first);
        expect(planErrors(attributes, null, first, early.planned)).toEqual([]);
        expect(early.replace).toEqual([]);
        const config = resolved(attributes, first, seed);
        const final = await plan(client, schema, null, config);
        expect(planErrors(attributes, null, config, final.planned)).toEqual([]);
        expect(compatible(early.planned, final.planned, type)).toBe(true);
        const state = await apply(client, schema, { prior: null, planned: final.planned, config });
        expect(compatible(final.planned, state, type)).toBe(true);
        expect(hasUnknown(state)).toBe(false);
        expect(nullBlocks(attributes, state)).toEqual([]);

        // An API may make two elements of a set equal. The set has one of them then, and core
        // takes the other one of the configuration for new: no provider can plan nothing.
        const made = withKnownValues(final.planned, type, seed);
        fc.pre(isDeepStrictEqual(withUniqueElements(made, type), made));

        // The same configuration again: nothing may change.
        const again = await plan(client, schema, state, config);
        expect(again.planned).toSatisfy((planned) => equal(planned, state, type));
        expect(again.replace).toEqual([]);

        // Any other configuration: an update.
        const update = await plan(client, schema, state, second);
        expect(planErrors(attributes, state, second, update.planned)).toEqual([]);
        const later = resolved(attributes, second, seed + 1);
        const updateFinal = await plan(client, schema, state, later);
        expect(planErrors(attributes, state, later, updateFinal.planned)).toEqual([]);
        expect(compatible(update.planned, updateFinal.planned, type)).toBe(true);
        const updated = await apply(client, schema, {
          prior: state,
          planned: updateFinal.planned,
          config: later,
        });
        expect(compatible(updateFinal.planned, updated, type)).toBe(true);
      }),
      { numRuns: 400 },
    );
  });
});
