import { readFile } from "node:fs/promises";

/** What a file holds as JSON; `undefined` for one that is not there or holds none, which the caller's schema refuses. */
export async function readJson(file: string): Promise<unknown> {
  try {
    return JSON.parse(await readFile(file, "utf8"));
  } catch {
    return undefined;
  }
}
