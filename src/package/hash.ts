import { createHash } from "node:crypto";
import { readdirSync, readFileSync } from "node:fs";
import { join, relative, sep } from "node:path";

/**
 * The `h1:` hash that Terraform's lock file records for an unpacked provider package: Go's `dirhash.Hash1`, a hash over
 * the sorted lines `<sha256 of the content>  <name>`. Modes, times and links don't enter it.
 *
 * @param files contents by path, with `/` between folders
 */
export function hashFiles(files: Readonly<Record<string, Uint8Array | string>>): string {
  const summary = createHash("sha256");
  for (const name of Object.keys(files).sort(byBytes)) {
    const content = createHash("sha256").update(files[name] ?? "");
    summary.update(`${content.digest("hex")}  ${name}\n`);
  }
  return `h1:${summary.digest("base64")}`;
}

/** The `h1:` hash of a provider package's folder. */
export function hashPackage(folder: string): string {
  const files: Record<string, Uint8Array> = {};
  for (const entry of readdirSync(folder, { recursive: true, withFileTypes: true })) {
    if (entry.isDirectory()) continue;
    const path = join(entry.parentPath, entry.name);
    files[relative(folder, path).split(sep).join("/")] = readFileSync(path);
  }
  return hashFiles(files);
}

/** Go sorts strings by their UTF-8 bytes; JavaScript by UTF-16 units, which differs beyond U+FFFF. */
function byBytes(a: string, b: string): number {
  return Buffer.compare(Buffer.from(a), Buffer.from(b));
}
