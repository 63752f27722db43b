import { createHash } from "node:crypto";
import { strToU8, type Zippable, zipSync } from "fflate";
import {
  type BuiltPackage,
  executableName,
  platforms,
  providerType,
} from "../../src/package/index.js";

/** A release as the Terraform registry wants it: contents by file name. Whoever publishes adds the signature. */
export function registryFiles(built: BuiltPackage): Record<string, Uint8Array> {
  const prefix = `terraform-provider-${providerType}_${built.version}`;
  const files: Record<string, Uint8Array> = {
    [`${prefix}_manifest.json`]: strToU8(
      JSON.stringify({ version: 1, metadata: { protocol_versions: ["6.0"] } }, null, 2),
    ),
  };
  // A script runs on every platform, so that all of them get the same bytes.
  const zip = zipPackage(built);
  for (const platform of platforms) files[`${prefix}_${platform}.zip`] = zip;
  const sums = Object.entries(files)
    .map(([name, content]) => `${createHash("sha256").update(content).digest("hex")}  ${name}\n`)
    .sort((a, b) => (a.slice(66) < b.slice(66) ? -1 : 1));
  return { ...files, [`${prefix}_SHA256SUMS`]: strToU8(sums.join("")) };
}

const unix = 3;
/** The same package gives the same zip, whenever it is made. 1980 is as old as a zip file can be. */
const mtime = new Date("1980-01-01T12:00:00");

function zipPackage({ files, version }: BuiltPackage): Uint8Array {
  const entries: Zippable = {};
  for (const [name, content] of Object.entries(files)) {
    const mode = name === executableName(version) ? 0o100755 : 0o100644;
    entries[name] = [content, { os: unix, attrs: mode * 2 ** 16, mtime, level: 9 }];
  }
  return zipSync(entries);
}
