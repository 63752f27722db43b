import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import {
  installPackage,
  type LockEntry,
  lockFileName,
  mergeLockEntries,
  parseLockFile,
  providerSource,
  readBuiltPackage,
  replaceFile,
} from "../package/index.js";
import { type SynthesisSession, type TerraformProvider, TerraformStack } from "./cdktf.js";
import { findings } from "./errors.js";
import { warn } from "./from-schema/attribute-values.js";
import { packageFolderFor } from "./generator-metadata.js";

const defaultHost = "registry.terraform.io";

/** A provider that the stack requires. */
interface Requirement {
  /** Full source address. */
  source: string;
  version: string | undefined;
}

/**
 * Writes what `cdktf deploy` needs to find our provider without a registry into the stack's folder: the package, and
 * entries in the lock file.
 *
 * The entries are for all providers, because cdktf runs `terraform providers lock` as long as one is missing, and that
 * command asks the registry of every provider, which ours has not.
 *
 * @throws PackageError when the package can't be read or written, or the lock file can't be read
 */
export function writeProviderFiles(
  provider: TerraformProvider,
  { outdir, manifest }: SynthesisSession,
): void {
  const stack = TerraformStack.of(provider);
  const folder = join(outdir, manifest.forStack(stack).workingDirectory);
  const built = readBuiltPackage(packageFolderFor(provider));
  installPackage(built, folder);

  const { version, hash } = built;
  const own = { source: providerSource, version, constraints: version, hashes: [hash] };
  const path = join(folder, lockFileName);
  const current = existsSync(path) ? readFileSync(path, "utf8") : undefined;
  const others = planEntries(requirements(stack), current ? parseLockFile(current) : []);
  for (const { source, version: range } of others.unlockable) {
    if (!process.env.CDKTF_SKIP_PROVIDER_LOCK)
      warn(provider, findings.lockNeedsAFlag(source, range));
  }
  const merged = mergeLockEntries(current, [own, ...others.entries]);
  if (merged !== current) replaceFile(path, merged);
}

function requirements(stack: TerraformStack): Requirement[] {
  const found = new Map<string, Requirement>();
  for (const provider of stack.allProviders()) {
    const source = fullSource(provider);
    if (source === providerSource) continue;
    const metadata = provider.terraformGeneratorMetadata;
    const version = metadata?.providerVersion || metadata?.providerVersionConstraint;
    found.set(source, { source, version });
  }
  return [...found.values()];
}

/** Terraform's reading of a source: `null` and `hashicorp/null` are registry.terraform.io/hashicorp/null. */
function fullSource({ terraformProviderSource, terraformResourceType }: TerraformProvider): string {
  const parts = (terraformProviderSource ?? terraformResourceType).split("/");
  if (parts.length === 1) parts.unshift("hashicorp");
  if (parts.length === 2) parts.unshift(defaultHost);
  return parts.join("/");
}

/** An exact version can be locked before it is known what its package hashes to; `init` fills the hash in. */
function planEntries(
  required: readonly Requirement[],
  locked: readonly LockEntry[],
): { entries: LockEntry[]; unlockable: Requirement[] } {
  const entries: LockEntry[] = [];
  const unlockable: Requirement[] = [];
  for (const { source, version } of required) {
    const existing = locked.find((entry) => entry.source === source);
    const exact = /^=?\s*(\d+\.\d+\.\d+(?:[-+][\w.+-]+)?)$/.exec(version?.trim() ?? "")?.[1];
    if (exact && existing?.version !== exact) {
      entries.push({ source, version: exact, constraints: exact, hashes: [] });
    } else if (!exact && !existing) {
      unlockable.push({ source, version });
    }
  }
  return { entries, unlockable };
}
