import { describe, expect, test } from "vitest";
import { defineDataSource, type Schema } from "../../../src/terraform/index.js";
import { block, configured, providerOf, unblock } from "./rpc-client.js";

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
