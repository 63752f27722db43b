import { readFileSync } from "node:fs";

/** The version of the installed package: package.json is two folders up from `src/cli` and from `dist/cli` alike. */
export function packageVersion(): string {
  const url = new URL("../../package.json", import.meta.url);
  return (JSON.parse(readFileSync(url, "utf8")) as { version: string }).version;
}
