import { parseJson } from "../core/json.js";
import { readWholeText } from "../core/whole-file.js";

/**
 * What a file holds as JSON; `undefined` for one that is not there, holds none or too much, which the caller's schema refuses.
 *
 * @param signal ends the reading of a pipe that nobody writes to
 * @throws the signal's reason when it aborts first
 */
export async function readJson(file: string, signal?: AbortSignal): Promise<unknown> {
  try {
    return parseJson(await readWholeText(file, { signal }));
  } catch {
    signal?.throwIfAborted();
    return undefined;
  }
}
