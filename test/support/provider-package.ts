import { mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { build } from "esbuild";

/** A provider package that a workspace offers to Terraform. */
export interface WorkspaceProvider {
  /** `host/namespace/type`. */
  readonly address: string;
  readonly version: string;
  /** The folder with launcher and bundle. */
  readonly dir: string;
}

// exec, because Terraform ends the provider by its pid,
// and nothing of the developer's Node settings.
const launcher = `#!/bin/sh
unset NODE_OPTIONS NODE_EXTRA_CA_CERTS NODE_V8_COVERAGE NODE_COMPILE_CACHE
exec node "\${0%/*}/provider.cjs" "$@"
`;

/**
 * Bundles a script that calls `serve` into a provider package.
 *
 * @param entry the TypeScript file
 * @param address the provider's source address; its last part names the executable
 */
export async function bundleProviderPackage(
  entry: string,
  { address, version }: { address: string; version: string },
): Promise<WorkspaceProvider & { executable: string; cleanup(): Promise<void> }> {
  const dir = await mkdtemp(join(tmpdir(), "provider-package-"));
  const type = address.split("/").at(-1);
  const executable = join(dir, `terraform-provider-${type}_v${version}`);
  await build({
    entryPoints: [entry],
    outfile: join(dir, "provider.cjs"),
    bundle: true,
    minify: true,
    platform: "node",
    target: "node20.19",
    format: "cjs",
    logLevel: "warning",
  });
  await writeFile(executable, launcher, { mode: 0o755 });
  return {
    address,
    version,
    dir,
    executable,
    cleanup: () => rm(dir, { recursive: true, force: true }),
  };
}

/** This machine in Terraform's words. */
export function platform(): string {
  const architectures: Record<string, string> = { x64: "amd64", ia32: "386" };
  return `${process.platform}_${architectures[process.arch] ?? process.arch}`;
}
