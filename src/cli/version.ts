import { readFileSync } from "node:fs";

interface Manifest {
  name: string;
  version: string;
  peerDependencies: Readonly<Record<string, string>>;
  devDependencies: Readonly<Record<string, string>>;
}

/** The version of the installed package. */
export function packageVersion(): string {
  return readManifest().version;
}

/** The versions of other packages that this one is tested with, and its own, by package name; unknown ones are left out. */
export function testedVersions(names: readonly string[]): Record<string, string> {
  const { name, version, peerDependencies, devDependencies } = readManifest();
  const versions = { ...peerDependencies, ...devDependencies, [name]: version };
  return Object.fromEntries(
    names.flatMap((wanted) => {
      const found = versions[wanted];
      return found === undefined ? [] : [[wanted, found]];
    }),
  );
}

/** package.json is two folders up from `src/cli` and from `dist/cli` alike. */
function readManifest(): Manifest {
  const url = new URL("../../package.json", import.meta.url);
  return JSON.parse(readFileSync(url, "utf8")) as Manifest;
}
