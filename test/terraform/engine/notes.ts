import {
  defineResource,
  type ResourceDefinition,
  type Schema,
} from "../../../src/terraform/index.js";
import { block, configured, providerOf, unblock } from "./rpc-client.js";

export interface Note {
  id: string | null;
  folder: string | null;
  text: string | null;
  keep: boolean | null;
  token: string | null;
  stamp: string | null;
  revision: number | null;
}

export const schema: Schema<Note> = {
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

export const note: Note = {
  id: "1",
  folder: "inbox",
  text: "hello",
  keep: true,
  token: null,
  stamp: "s1",
  revision: 4,
};
export const config = { ...note, id: null, stamp: null, revision: null, keep: null };

/** A configured provider with the resource `test_note`, some of its handlers replaced. */
export function notes(handlers: Partial<ResourceDefinition<Note, undefined>> = {}) {
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

export type Client = Awaited<ReturnType<typeof notes>>;

export async function plan(client: Client, prior: Note | null, wanted: object, priorPrivate = "") {
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

export async function apply(
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
