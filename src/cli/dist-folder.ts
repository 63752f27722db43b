import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/** What the build wrote: the folder above the bundled command line, or beside the sources. */
export function distFolder(): string {
  const above = join(dirname(fileURLToPath(import.meta.url)), "..");
  return basename(above) === "src" ? join(above, "..", "dist") : above;
}
