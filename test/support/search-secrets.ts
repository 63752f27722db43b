import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { inflateRawSync } from "node:zlib";

/**
 * Looks for planted secrets in every file below a folder, inside zip files (plan files are some) too.
 *
 * Besides the text itself it looks for the forms that a secret takes when it is passed on: base64 and JSON.
 *
 * @returns `path: secret` of each find
 */
export function searchSecrets(folder: string, secrets: readonly string[]): string[] {
  const files = filesBelow(folder);
  if (files.length === 0) throw new Error(`There is nothing to search in ${folder}.`);
  return files.flatMap((path) => {
    const content = readFileSync(path);
    const texts = [content, ...zipEntries(content)].map((bytes) => bytes.toString("latin1"));
    return findSecrets(texts.join("\n"), secrets).map((secret) => `${path}: ${secret}`);
  });
}

/** Not by `recursive`, which follows links in some versions of Node.js: a linked checkout holds the planted secrets itself. */
function filesBelow(folder: string): string[] {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return filesBelow(path);
    return entry.isFile() ? [path] : [];
  });
}

/** The planted secrets that a text holds in one form or another. */
export function findSecrets(text: string, secrets: readonly string[]): string[] {
  return secrets.filter((secret) => formsOf(secret).some((form) => text.includes(form)));
}

function formsOf(secret: string): string[] {
  // What stands before a secret shifts its base64 by up to two bytes; its first and last characters mix with the rest.
  const shifted = [0, 1, 2].map((shift) =>
    Buffer.from("\0".repeat(shift) + secret)
      .toString("base64")
      .replace(/=+$/, "")
      .slice(shift === 0 ? 0 : 4, -2),
  );
  return [secret, encodeURIComponent(secret), ...shifted];
}

const centralEntry = 0x02014b50;
const localHeaderLength = 30;

/** The unpacked entries of a zip file, found by its central directory; none when it is no zip file. */
function zipEntries(bytes: Buffer): Buffer[] {
  if (bytes.length < 4 || bytes.readUInt32LE(0) !== 0x04034b50) return [];
  const entries: Buffer[] = [];
  for (let at = 0; at + 46 <= bytes.length; at++) {
    if (bytes.readUInt32LE(at) !== centralEntry) continue;
    const method = bytes.readUInt16LE(at + 10);
    const size = bytes.readUInt32LE(at + 20);
    const header = bytes.readUInt32LE(at + 42);
    const names = bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
    const start = header + localHeaderLength + names;
    const packed = bytes.subarray(start, start + size);
    entries.push(method === 8 ? inflateRawSync(packed) : packed);
  }
  return entries;
}
