import { konnectAuditProvider } from "../../src/provider/provider.js";
import type { ObjectValue } from "../../src/terraform/cty/value.js";
import type { Schema } from "../../src/terraform/index.js";
import { scaledClock } from "../support/scaled-clock.js";
import { proposedNew } from "../terraform/engine/core-rules.js";
import { block, rpcClient, unblock } from "../terraform/engine/rpc-client.js";

/** What Terraform keeps of a resource; null values: it is not in state. */
export interface Kept {
  readonly values: ObjectValue | null;
  readonly private: Uint8Array;
}

/** A diagnostic as Terraform gets it. */
export interface Told {
  readonly severity: "error" | "warning";
  readonly summary: string;
  readonly detail: string;
  /** The attribute that it points at. */
  readonly attribute: string | undefined;
}

export interface Outcome extends Kept {
  readonly told: readonly Told[];
}

/** A resource that is not in state. */
export const absent: Kept = { values: null, private: new Uint8Array() };

export type ProviderRun = Awaited<ReturnType<typeof startRun>>;

interface RunOptions {
  speed?: number;
  config?: ObjectValue;
  env?: Readonly<Record<string, string | undefined>>;
}

type Client = ReturnType<typeof rpcClient>;
type Diagnostics = Awaited<ReturnType<typeof startClient>>["configured"]["diagnostics"];

/**
 * One run of the provider, called as Terraform's core calls it, bytes in and bytes out.
 *
 * @param serverUrl of an emulator
 * @param options.speed how much faster than the machine's the provider's clock runs
 * @param options.config arguments of the provider block
 * @param options.env on top of a token and the server URL
 */
export async function startRun(serverUrl: string, options: RunOptions = {}) {
  const { client, provider, configured } = await startClient(serverUrl, options);
  const { resources, dataSources = [] } = provider;
  const schemaOf = (type: string) => schemaIn(resources, type);

  const run = {
    /** What the provider block has led to. */
    configured: toldBy(configured.diagnostics),

    /** Plans a change. @param config null: the resource is not configured any more */
    async plan(type: string, kept: Kept, config: ObjectValue | null) {
      const schema = schemaOf(type);
      const whole = config && completed(schema, config);
      const answer = await client.call("PlanResourceChange", {
        type_name: type,
        prior_state: block(schema, kept.values),
        prior_private: kept.private,
        config: block(schema, whole),
        proposed_new_state: block(
          schema,
          whole && proposedNew(schema.attributes, kept.values, whole),
        ),
      });
      return {
        values: unblock(schema, answer.planned_state),
        private: answer.planned_private,
        replaces: answer.requires_replace.length > 0,
        told: toldBy(answer.diagnostics),
      };
    },

    /** Plans a change, and applies it. @param config null: destroys */
    async apply(type: string, kept: Kept, config: ObjectValue | null): Promise<Outcome> {
      const schema = schemaOf(type);
      const planned = await run.plan(type, kept, config);
      if (planned.told.some(({ severity }) => severity === "error")) {
        return { ...kept, told: planned.told };
      }
      const answer = await client.call("ApplyResourceChange", {
        type_name: type,
        prior_state: block(schema, kept.values),
        planned_state: block(schema, planned.values),
        planned_private: planned.private,
        config: block(schema, config && completed(schema, config)),
      });
      const told = toldBy(answer.diagnostics);
      const values = unblock(schema, answer.new_state);
      // Core's rule: after an error, null stands for what was in state.
      const isKept = values === null && told.some(({ severity }) => severity === "error");
      return isKept ? { ...kept, told } : { values, private: answer.private, told };
    },

    /** Imports a resource, which is read at once. */
    async import(type: string, id: string): Promise<Outcome> {
      const { imported_resources, diagnostics } = await client.call("ImportResourceState", {
        ...{ type_name: type, id },
      });
      const [stub] = imported_resources;
      if (!stub) return { ...absent, told: toldBy(diagnostics) };
      const values = unblock(schemaOf(type), stub.state);
      return run.refresh(type, { values, private: stub.private });
    },

    /** Reads a resource again. */
    async refresh(type: string, kept: Kept): Promise<Outcome> {
      const schema = schemaOf(type);
      const answer = await client.call("ReadResource", {
        type_name: type,
        current_state: block(schema, kept.values),
        private: kept.private,
      });
      return {
        values: unblock(schema, answer.new_state),
        private: answer.private,
        told: toldBy(answer.diagnostics),
      };
    },

    /** Reads a data source. */
    async readData(type: string, config: ObjectValue) {
      const schema = schemaIn(dataSources, type);
      const answer = await client.call("ReadDataSource", {
        type_name: type,
        config: block(schema, completed(schema, config)),
      });
      return { values: unblock(schema, answer.state), told: toldBy(answer.diagnostics) };
    },
  };
  return run;
}

/** Works as Terraform does: ten at a time. */
export async function tenAtOnce<Item, Result>(
  items: readonly Item[],
  work: (item: Item) => Promise<Result>,
): Promise<Result[]> {
  const results: Result[] = [];
  const entries = [...items.entries()];
  const worker = async () => {
    for (let entry = entries.shift(); entry; entry = entries.shift()) {
      const [index, item] = entry;
      results[index] = await work(item);
    }
  };
  await Promise.all(Array.from({ length: 10 }, worker));
  return results;
}

async function startClient(serverUrl: string, { speed = 10, config = {}, env = {} }: RunOptions) {
  let minted = 0;
  const provider = konnectAuditProvider({
    version: "1.2.3",
    env: { KONNECT_TOKEN: "kpat_run", KONNECT_SERVER_URL: serverUrl, ...env },
    clock: scaledClock(speed),
    mintRevision: () => `revision ${++minted}`,
  });
  const client: Client = rpcClient(provider);
  const configured = await client.call("ConfigureProvider", {
    terraform_version: "1.11.4",
    config: block(provider.schema, completed(provider.schema, config)),
  });
  return { provider, client, configured };
}

function schemaIn(definitions: readonly { type: string; schema: Schema }[], type: string): Schema {
  const found = definitions.find((each) => each.type === type);
  if (!found) throw new Error(`the provider has no ${type}`);
  return found.schema;
}

/** Null where nothing is written, as Terraform sends it. */
function completed({ attributes }: Schema, values: ObjectValue): ObjectValue {
  return Object.fromEntries(Object.keys(attributes).map((name) => [name, values[name] ?? null]));
}

function toldBy(diagnostics: Diagnostics): Told[] {
  return diagnostics.map(({ severity, summary, detail, attribute }) => ({
    severity: severity === 1 ? "error" : "warning",
    summary,
    detail,
    attribute: attribute?.steps[0]?.attribute_name,
  }));
}
