import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { IgnoreRule } from "../../src/gitops/drift-report.js";
import { applyIgnoreRules, readIgnoreRules, staleRules } from "../../src/gitops/ignore-rules.js";
import { uncleaned } from "./raw-text.js";
import { sampleFinding, sampleStack } from "./sample-drift.js";

const rule = uncleaned<IgnoreRule>({
  region: "eu",
  field: "log_format",
  reason: "SIEM migration",
  expires: "2026-11-30",
});
let folder: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "konnect-audit-ignore-"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

async function read(content: unknown, now = "2026-11-23T12:00:00Z") {
  const file = join(folder, "ignore.json");
  await writeFile(file, typeof content === "string" ? content : JSON.stringify(content));
  return readIgnoreRules(file, Date.parse(now));
}

describe("an ignore file", () => {
  test.each([
    ["2026-11-30T23:59:59Z", "in force"],
    ["2026-12-01T00:00:00Z", "expired"],
  ])("holds to the end of its last day, so at %s a rule is %s", async (now, state) => {
    const rules = await read({ rules: [rule] }, now);
    expect(rules).toEqual(
      state === "expired" ? { inForce: [], expired: [rule] } : { inForce: [rule], expired: [] },
    );
  });

  test.each<[string, unknown, RegExp]>([
    ["that is not JSON", "rules: []", /it is not JSON/],
    ["without rules", {}, /rules: /],
    ["with an unknown member", { rules: [{ ...rule, regions: ["us"] }] }, /rules\.0: .*regions/],
    [
      "without a reason",
      { rules: [{ ...rule, reason: " " }] },
      /rules\.0\.reason: must not be empty/,
    ],
    ["without an expiry", { rules: [{ ...rule, expires: undefined }] }, /rules\.0\.expires/],
    [
      "with a day that is none",
      { rules: [{ ...rule, expires: "2026-02-30" }] },
      /rules\.0\.expires: must be a day/,
    ],
  ])("%s is an error that says where", async (_, content, message) => {
    await expect(read(content)).rejects.toMatchObject({
      code: "GITOPS_IGNORE_FILE",
      message: expect.stringMatching(message),
      remedy: expect.stringContaining('"expires"'),
    });
  });

  test("that is missing is an error, not an empty set of rules", async () => {
    await expect(readIgnoreRules(join(folder, "none.json"), 0)).rejects.toThrow(/can't be read/);
  });
});

test("an ignore file without an end, or in another encoding, is refused or read", async () => {
  await expect(readIgnoreRules("/dev/zero", 0)).rejects.toMatchObject({
    code: "GITOPS_IGNORE_FILE",
    message: expect.stringContaining("can't be read"),
  });
  const file = join(folder, "utf16.json");
  await writeFile(file, Buffer.from(`\ufeff${JSON.stringify({ rules: [rule] })}`, "utf16le"));
  expect((await readIgnoreRules(file, 0)).inForce).toHaveLength(1);
});

test("the guide's example can be used as it stands", async () => {
  const guide = await readFile(new URL("../../docs/guides/gitops.md", import.meta.url), "utf8");
  const example = /```json\n(\{\n {2}"rules"[\s\S]*?)```/.exec(guide)?.[1] ?? "";
  expect((await read(example)).inForce).toMatchObject([{ stack: "audit", expires: "2027-01-31" }]);
});

describe("a rule", () => {
  test("covers its region and field only, and in one stack only when it names one", () => {
    const finding = sampleFinding();
    const covered = (changes: object, stack = "audit") =>
      applyIgnoreRules(stack, [finding], [{ ...rule, ...uncleaned<Partial<IgnoreRule>>(changes) }])
        .ignored.length === 1;
    expect(covered({})).toBe(true);
    expect(covered({ region: "us" })).toBe(false);
    expect(covered({ field: "enabled" })).toBe(false);
    expect(covered({ stack: "audit" })).toBe(true);
    expect(covered({ stack: "audit" }, "other")).toBe(false);
  });

  test.each([
    sampleFinding({ field: undefined, actual: "gone" }),
    sampleFinding({ kind: "gate failed" }),
    sampleFinding({ kind: "delivery failing" }),
  ])("never covers what nobody means to leave as it is: $kind, $actual", (finding) => {
    expect(applyIgnoreRules("audit", [finding], [rule])).toEqual({
      findings: [finding],
      ignored: [],
    });
  });

  test("is stale when it covers nothing", () => {
    const unused: IgnoreRule = {
      ...rule,
      ...uncleaned<Pick<IgnoreRule, "region">>({ region: "us" }),
    };
    const parted = applyIgnoreRules("audit", [sampleFinding()], [rule, unused]);
    expect(staleRules([rule, unused], [{ ...sampleStack(), ...parted }])).toEqual([unused]);
  });
});
