import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { type LockEntry, mergeLockEntries, parseLockFile } from "../../src/package/index.js";

const ours: LockEntry = {
  source: "local/konnect-audit/konnectaudit",
  version: "0.1.0",
  constraints: "0.1.0",
  hashes: ["h1:Bkpr8YqaVN0qik1QKCN/ZLs3h1UNN+Ve10vaCO+0W5c="],
};

const nullProvider = `provider "registry.terraform.io/hashicorp/null" {
  version     = "3.2.4"
  constraints = "~> 3.0"
  hashes = [
    "h1:+ag4hSuWJ5AvOGcTaR2PQQNxtAXaoIsXkpaF6sqbCVY=",
    "zh:59f6b52ab4ff35739647f9509ee6d93d7c032985d9f8c6237d1f8a59471bbbe2",
  ]
}`;

const header = `# This file is maintained automatically by "terraform init".
# Manual edits may be lost in future updates.
`;

describe("mergeLockEntries", () => {
  test("begins a file as Terraform does", () => {
    expect(mergeLockEntries(undefined, [ours])).toBe(`${header}
provider "local/konnect-audit/konnectaudit" {
  version     = "0.1.0"
  constraints = "0.1.0"
  hashes = [
    "h1:Bkpr8YqaVN0qik1QKCN/ZLs3h1UNN+Ve10vaCO+0W5c=",
  ]
}
`);
  });

  test("writes an entry without hashes, into which init puts what it installs", () => {
    const entry = { source: "registry.terraform.io/hashicorp/null", version: "3.2.4", hashes: [] };
    expect(mergeLockEntries("", [{ ...entry, constraints: "3.2.4" }])).toBe(`${header}
provider "registry.terraform.io/hashicorp/null" {
  version     = "3.2.4"
  constraints = "3.2.4"
}
`);
    expect(mergeLockEntries("", [entry])).toContain('  version = "3.2.4"\n}');
  });

  test("sorts its entry among the others and leaves those as they are", () => {
    const last = nullProvider.replace("hashicorp/null", "zededa/zedcloud");
    const file = `${header}\n${nullProvider}\n\n${last}\n`;
    const merged = mergeLockEntries(file, [
      ours,
      { ...ours, source: "registry.terraform.io/kong/konnect" },
    ]);
    expect(parseLockFile(merged).map(({ source }) => source)).toEqual([
      "local/konnect-audit/konnectaudit",
      "registry.terraform.io/hashicorp/null",
      "registry.terraform.io/kong/konnect",
      "registry.terraform.io/zededa/zedcloud",
    ]);
    expect(merged).toContain(nullProvider);
    expect(merged).toContain(last);
  });

  test("replaces the entry of the same provider in place, with the comment above it", () => {
    const file = mergeLockEntries(`${header}\n# pinned by us\n${nullProvider}\n`, [ours]);
    const merged = mergeLockEntries(file, [{ ...ours, version: "0.2.0", constraints: "0.2.0" }]);
    expect(merged).toBe(
      file
        .replace('version     = "0.1.0"', 'version     = "0.2.0"')
        .replace('constraints = "0.1.0"', 'constraints = "0.2.0"'),
    );
    expect(merged).toContain("# pinned by us\n");
  });

  test.each([
    ["a block that never ends", `${header}\nprovider "a/b/c" {\n  version = "1.0.0"\n`, /line 4/],
    ["something that is no lock file", "resource {}\n", /line 1/],
    ["conflict marks of a merge", `${header}\n<<<<<<< HEAD\n`, /line 4/],
  ])("refuses %s, naming the line", (_, text, message) => {
    expect(() => mergeLockEntries(text, [ours])).toThrow(message);
  });
});

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/);
const entry = fc.record({
  source: fc.tuple(name, name, name).map((parts) => parts.join("/")),
  version: fc.stringMatching(/^[0-9]{1,2}\.[0-9]{1,2}\.[0-9]{1,2}$/),
  constraints: fc.stringMatching(/^(~> |>= )?[0-9]{1,2}\.[0-9]{1,2}$/),
  hashes: fc
    .uniqueArray(fc.stringMatching(/^(h1|zh):[A-Za-z0-9+/]{8,20}=$/), { maxLength: 4 })
    .map((hashes) => hashes.sort()),
});
const entries = fc.uniqueArray(entry, { selector: ({ source }) => source, maxLength: 6 });

describe("a lock file", () => {
  test("gives back every entry that was merged into it, whatever else it holds", () => {
    fc.assert(
      fc.property(entries, entries, (first, second) => {
        const merged = mergeLockEntries(mergeLockEntries(undefined, first), second);
        const expected = new Map([...first, ...second].map((item) => [item.source, item]));
        const actual = new Map(parseLockFile(merged).map((item) => [item.source, item]));
        expect(actual).toEqual(expected);
      }),
    );
  });

  test("is the same in whatever order its entries came, and after a second merge", () => {
    fc.assert(
      fc.property(entries, (items) => {
        const file = mergeLockEntries(undefined, items);
        expect(mergeLockEntries(undefined, [...items].reverse())).toBe(file);
        expect(mergeLockEntries(file, items)).toBe(file);
      }),
    );
  });
});
