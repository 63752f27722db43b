import { spawnSync } from "node:child_process";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";

/**
 * Writes the type declarations twice, into a folder of ES modules and one of CommonJS modules: the same text means
 * the one or the other by the `type` of the package.json above it.
 */
export async function emitDeclarations(root: string, outdir: string): Promise<void> {
  for (const [folder, type] of [
    ["esm", "module"],
    ["cjs", "commonjs"],
  ] as const) {
    const target = join(outdir, folder);
    await mkdir(target, { recursive: true });
    const { status } = spawnSync(
      process.execPath,
      [
        join(root, "node_modules/typescript/bin/tsc"),
        ...["--project", join(root, "tsconfig.build.json"), "--outDir", target],
      ],
      { cwd: root, stdio: "inherit" },
    );
    if (status !== 0) throw new Error(`tsc failed with exit code ${status}`);
    await writeFile(join(target, "package.json"), `${JSON.stringify({ type })}\n`);
  }
}
