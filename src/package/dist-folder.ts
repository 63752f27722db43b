import { basename, dirname, join } from "node:path";
import { fileURLToPath } from "node:url";

/**
 * The folder that holds what the build made: the provider package and the verifier.
 *
 * The command line and the constructs look for it. A module of theirs lies in a folder below `src`, beside `dist`; in
 * `dist/esm` or in `dist` itself; or in `dist` as part of the CommonJS bundle.
 *
 * @param moduleUrl `import.meta.url` of a module in `cli/` or `constructs/`
 */
export function distFolder(moduleUrl: string): string {
  const folder = dirname(fileURLToPath(moduleUrl));
  const here = basename(folder) === "commands" ? dirname(folder) : folder;
  if (!["cli", "constructs"].includes(basename(here))) return here;
  const parent = dirname(here);
  if (basename(parent) === "src") return join(parent, "..", "dist");
  return basename(parent) === "esm" ? dirname(parent) : parent;
}
