import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as fc from "fast-check";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { webhooksOfOutputs } from "../../src/verifier/terraform-outputs.js";

let folder: string;
let file: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "terraform-outputs-"));
  file = join(folder, "outputs.json");
});

afterAll(() => rmSync(folder, { recursive: true }));

function webhooksOf(outputs: Record<string, unknown>) {
  const entries = Object.entries(outputs).map(([name, value]) => [
    name,
    { sensitive: false, type: "dynamic", value },
  ]);
  writeFileSync(file, JSON.stringify(Object.fromEntries(entries)));
  return webhooksOfOutputs(file);
}

const endpoint = "https://siem.example.com/in";
const eu = { region: "eu", endpoint, log_format: "json" };
const us = { region: "us", endpoint, log_format: null };
const declared = [
  { region: "eu", expected: { endpoint, log_format: "json" } },
  { region: "us", expected: { endpoint } },
];

describe("the webhooks in Terraform's outputs", () => {
  test.each([
    ["one output each", { eu, us }],
    ["a list", { webhooks: [eu, us] }],
    ["a map, as for_each makes it", { webhooks: { first: eu, second: us } }],
    ["whole resources", { webhooks: [{ ...eu, authorization: null, id: "eu" }, us] }],
    ["among other outputs", { count: 2, note: null, nested: { deeper: [[eu], { us }] } }],
  ])("are found as %s", async (_, outputs) => {
    await expect(webhooksOf(outputs)).resolves.toEqual({ webhooks: declared, leftOut: [] });
  });

  test("are those that are not paused; paused ones are left out, and said to be", async () => {
    const paused = { ...us, enabled: false };
    await expect(webhooksOf({ webhooks: [eu, paused] })).resolves.toEqual({
      webhooks: [declared[0]],
      leftOut: [expect.objectContaining({ region: "us", reason: "paused", outcome: "failed" })],
    });
  });

  test("are never those of Dev Portals, which no probe reaches", async () => {
    const portal = { ...us, portal_id: "d32d905a-ed33-46a3-a093-d8f536af9a8a" };
    await expect(webhooksOf({ webhooks: [eu, portal] })).resolves.toEqual({
      webhooks: [declared[0]],
      leftOut: [expect.objectContaining({ region: "us", reason: "dev portal" })],
    });
  });

  test("are all found, however deep they are", async () => {
    const { tree } = fc.letrec((tie) => ({
      tree: fc.oneof(
        { depthSize: "small" },
        fc.constant(eu),
        fc.array(tie("tree"), { maxLength: 3 }),
        fc.dictionary(fc.constantFrom("a", "b", "c"), tie("tree"), { maxKeys: 3 }),
      ),
    }));
    await fc.assert(
      fc.asyncProperty(tree, async (value) => {
        const { webhooks: found } = await webhooksOf({ always: us, value });
        const expected = JSON.stringify(value).split('"region":"eu"').length - 1;
        expect(found.filter(({ region }) => region === "eu")).toHaveLength(expected);
      }),
    );
  });

  test("that are not there are an error that names what is", async () => {
    await expect(webhooksOf({ bucket: "logs" })).rejects.toMatchObject({
      code: "VERIFY_OUTPUTS_EMPTY",
      message: expect.stringContaining("only bucket"),
    });
    await expect(webhooksOf({})).rejects.toThrow(/no output at all/);
  });

  test.each(["", "[]", '{"eu":1}', "eu = {"])(
    "can't be read from %j, and the error says how to make the file",
    async (text) => {
      writeFileSync(file, text);
      await expect(webhooksOfOutputs(file)).rejects.toMatchObject({
        code: "VERIFY_OUTPUTS_UNREADABLE",
        remedy: expect.stringContaining("terraform output -json"),
      });
    },
  );
});
