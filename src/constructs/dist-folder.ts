import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder that holds what the build made: the provider package and the verifier.
 *
 * This module lies in it as part of the CommonJS bundle, two folders below it as an ES module, and beside it as a source.
 */
export function distFolder(): string {
  const here = dirname(fileURLToPath(import.meta.url));
  if (basename(here) !== "constructs") return here;
  const [parent, above] = [dirname(here), join(here, "..", "..")];
  return basename(parent) === "src" ? join(above, "dist") : above;
}
