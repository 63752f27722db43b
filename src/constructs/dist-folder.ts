import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder that holds what the build made: the provider package and the verifier. The library itself lies there too,
 * except when it runs from its sources.
 */
export function distFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  return basename(here) === "constructs" ? join(here, "..", "..", "dist") : here;
}
