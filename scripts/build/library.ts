import { writeFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build } from "esbuild";
import { node } from "./node.js";

/** `import.meta.url` for bundles in CommonJS. */
const importMetaUrl: BuildOptions = {
  define: { "import.meta.url": "importMetaUrl" },
  banner: { js: 'const importMetaUrl=require("node:url").pathToFileURL(__filename).href;' },
};

/**
 * The library for `import` and for `require`, and beside it what users' tests import.
 *
 * For `import` each source module stays a module of its own: a user's bundler takes along what is imported, and leaves out
 * the rest, as `sideEffects` in package.json allows. CommonJS has nothing to gain by that and loads faster as one file.
 */
export async function buildLibrary(root: string, outdir: string): Promise<void> {
  const entryPoints = {
    index: join(root, "src/index.ts"),
    testing: join(root, "src/testing/index.ts"),
  };
  const library: BuildOptions = { ...node, entryPoints, outdir, packages: "external" };
  const commonJs = { ...library, ...importMetaUrl, format: "cjs" } as const;
  const [{ metafile }] = await Promise.all([
    build({ ...commonJs, outExtension: { ".js": ".cjs" }, metafile: true, absWorkingDir: root }),
    writeFile(join(outdir, "index.js"), 'export * from "./esm/index.js";\n'),
    writeFile(join(outdir, "testing.js"), 'export * from "./esm/testing/index.js";\n'),
  ]);
  await build({
    ...node,
    bundle: false,
    entryPoints: Object.keys(metafile.inputs).map((path) => join(root, path)),
    outbase: join(root, "src"),
    outdir: join(outdir, "esm"),
    format: "esm",
  });
}
