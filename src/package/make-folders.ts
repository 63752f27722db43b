import { chmodSync, mkdirSync } from "node:fs";
import { dirname } from "node:path";

/** Makes a folder, and those above it that are missing, which others can read whatever the user's mask is. */
export function makeFolders(folder: string): void {
  const first = mkdirSync(folder, { recursive: true });
  if (first === undefined) return;
  for (let made = folder; made.length >= first.length; made = dirname(made)) chmodSync(made, 0o755);
}
