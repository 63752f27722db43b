import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { bundleProviderPackage, platform, type WorkspaceProvider } from "./provider-package.js";
import { terraformHost } from "./terraform-host.js";

const version = "3.2.4";

/** Names a filesystem mirror that holds hashicorp/null, or says `registry` where that can be reached. */
const mirrorVariable = "KONNECT_AUDIT_PROVIDER_MIRROR";

const mirror = process.env[mirrorVariable];

/** What stands for hashicorp/null in this run, for the names of tests. */
export const nullProviderName = mirror
  ? `hashicorp/null from ${mirror === "registry" ? "the registry" : mirrorVariable}`
  : "a stand-in for hashicorp/null";

export interface NullProvider {
  /** What a workspace has to offer to Terraform; nothing where Terraform downloads it. */
  providers: readonly WorkspaceProvider[];
  cleanup(): Promise<void>;
}

/**
 * The null provider for tests of the gate's default carrier: the real one where the environment names a place to get it
 * from, else a small one of our own under its address.
 */
export async function provideNullProvider(): Promise<NullProvider> {
  const nothing = async () => {};
  const address = `${terraformHost().registryHost}/hashicorp/null`;
  if (mirror === "registry") return { providers: [], cleanup: nothing };
  if (mirror) {
    const dir = join(mirror, address, version, platform());
    if (!existsSync(dir)) throw new Error(`${mirrorVariable} has no ${dir}.`);
    return { providers: [{ address, version, dir }], cleanup: nothing };
  }
  const entry = new URL("../terraform/fixtures/null-provider.ts", import.meta.url);
  const standIn = await bundleProviderPackage(fileURLToPath(entry), { address, version });
  return { providers: [standIn], cleanup: standIn.cleanup };
}
