import { createHash } from "node:crypto";
import { describe, expect, test } from "vitest";
import { hashFiles } from "../../src/package/index.js";

describe("hashFiles", () => {
  test("is Go's Hash1 of known content", () => {
    // Written by terraform 1.11.4 into a lock file for a package with these two files.
    const files = {
      "terraform-provider-konnectaudit_v0.1.0-dev.abc": "hi\n",
      "provider.cjs": "x\n",
    };
    expect(hashFiles(files)).toBe("h1:Bkpr8YqaVN0qik1QKCN/ZLs3h1UNN+Ve10vaCO+0W5c=");
  });

  test("changes with a name and with a content, and not with the order", () => {
    const hash = hashFiles({ a: "1", b: "2" });
    expect(hashFiles({ b: "2", a: "1" })).toBe(hash);
    expect(hashFiles({ a: "1", c: "2" })).not.toBe(hash);
    expect(hashFiles({ a: "1", b: "3" })).not.toBe(hash);
  });

  test("sorts names by bytes, as Go does", () => {
    // U+FF5E comes before U+1F600 in bytes, and after it in UTF-16.
    const line = (name: string, content: string) =>
      `${createHash("sha256").update(content).digest("hex")}  ${name}\n`;
    const summary = line("\uFF5E", "2") + line("\u{1F600}", "1");
    expect(hashFiles({ "\u{1F600}": "1", "\uFF5E": "2" })).toBe(
      `h1:${createHash("sha256").update(summary).digest("base64")}`,
    );
  });
});
