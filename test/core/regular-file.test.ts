import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect, test } from "vitest";
import { readRegularText } from "../../src/core/regular-file.js";

test("the text of a regular file is read within a limit, and of nothing else", async () => {
  const folder = await mkdtemp(join(tmpdir(), "konnect-audit-regular-"));
  try {
    const path = join(folder, "text");
    await writeFile(path, "größer");
    expect(await readRegularText(path, 100)).toBe("größer");
    await expect(readRegularText(path, 3)).rejects.toMatchObject({ code: "TOO_LARGE" });
    await expect(readRegularText(folder, 100)).rejects.toMatchObject({ kind: "a folder" });
    await expect(readRegularText("/dev/zero", 100)).rejects.toMatchObject({ kind: "a device" });
  } finally {
    await rm(folder, { recursive: true });
  }
});
