import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect, test } from "vitest";
import { distFolder } from "../../src/package/dist-folder.js";

const root = join("/home", "me", "src", "konnect-audit");

test.each([
  ["a source of the command line", "src/cli/version.ts", "dist"],
  ["a source of a command", "src/cli/commands/install.ts", "dist"],
  ["a source of the constructs", "src/constructs/generator-metadata.ts", "dist"],
  ["the bundled command line", "dist/cli/install-ABC.js", "dist"],
  ["a module of the library", "dist/esm/constructs/generator-metadata.js", "dist"],
  ["the library's CommonJS bundle", "dist/index.cjs", "dist"],
])("is found from %s", (_, file, folder) => {
  expect(distFolder(pathToFileURL(join(root, file)).href)).toBe(join(root, folder));
});
