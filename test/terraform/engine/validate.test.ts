import { describe, expect, test } from "vitest";
import { UNKNOWN } from "../../../src/terraform/cty/value.js";
import { type Client, config, notes, schema } from "./notes.js";
import { block } from "./rpc-client.js";

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

  test("says that a resource as a whole is deprecated, which Terraform leaves to the provider", async () => {
    const deprecationMessage = "Use test_letter instead.";
    const client = await notes({ schema: { ...schema, deprecationMessage } });
    expect(await validate(client, config, true)).toMatchObject([
      { severity: 2, summary: "test_note is deprecated", detail: deprecationMessage },
    ]);
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
