import { readFile } from "node:fs/promises";
import { join } from "node:path";
import { type BuildOptions, build, type Plugin } from "esbuild";
import { nodeVersionGuard, providerSource } from "../../src/package/index.js";
import { konnectAuditProvider } from "../../src/provider/provider.js";
import { encodeProviderSchema } from "../../src/terraform/index.js";
import { node } from "./node.js";

/** What stands in a bundle for the provider's version until it is known: it holds a hash of the bundle itself. */
export const versionPlaceholder = "0.0.0-provider-version";

/**
 * The provider as two CommonJS files in memory.
 *
 * Process starts are the whole cost of a small plan, so the part that Terraform waits for holds no library at all;
 * Konnect's client, with undici and zod, is a file of its own that the first call to Konnect loads.
 */
export async function bundleProvider(root: string): Promise<Record<string, string>> {
  const [provider, konnect] = await Promise.all([
    bundleToText({
      entryPoints: [join(root, "src/provider/main.ts")],
      define: {
        PROVIDER_VERSION: JSON.stringify(versionPlaceholder),
        PROVIDER_SOURCE: JSON.stringify(providerSource),
        PROVIDER_SCHEMA_ANSWER: JSON.stringify(schemaAnswer()),
      },
      banner: { js: nodeVersionGuard() },
      plugins: [
        chunk(/\/konnect\/index\.js$/, "./konnect.cjs"),
        withoutDescriptions,
        withoutVerification,
      ],
    }),
    bundleToText({
      entryPoints: [join(root, "src/konnect/index.ts")],
      plugins: [undiciDispatchers(join(root, "node_modules/undici"))],
    }),
  ]);
  return { "provider.cjs": provider, "konnect.cjs": konnect };
}

/** The answer to GetProviderSchema, so that no start of the provider has to encode it. */
function schemaAnswer(): string {
  const provider = konnectAuditProvider({ version: "", env: {}, mintRevision: () => "" });
  return Buffer.from(encodeProviderSchema(provider)).toString("base64");
}

/** The verifier as one file that needs no node_modules: a gate runs it wherever the stack's folder was moved to. */
export async function bundleVerifier(root: string, outfile: string): Promise<void> {
  await build({
    ...node,
    entryPoints: [join(root, "src/cli/verify-standalone.ts")],
    outfile,
    format: "cjs",
    minify: true,
  });
}

/** The command line: one file a command, so that each loads only what it needs. */
export async function bundleCli(root: string, outdir: string): Promise<void> {
  await build({
    ...node,
    entryPoints: [join(root, "src/cli/main.ts")],
    outdir,
    format: "esm",
    splitting: true,
    packages: "external",
  });
}

async function bundleToText(options: BuildOptions): Promise<string> {
  const result = await build({
    ...node,
    ...options,
    format: "cjs",
    minify: true,
    write: false,
    // `import()` as a plain require: Node's ESM loader would be started for nothing else.
    supported: { "dynamic-import": false },
  });
  const [output] = result.outputFiles;
  if (!output) throw new Error("esbuild wrote no output");
  return output.text;
}

/** Leaves an import out of the bundle and points it at a file beside it. */
function chunk(filter: RegExp, path: string): Plugin {
  return {
    name: "chunk",
    setup({ onResolve }) {
      onResolve({ filter }, ({ kind }) =>
        kind === "dynamic-import" ? { path, external: true } : undefined,
      );
    },
  };
}

/**
 * Takes from undici the dispatchers that Konnect's client uses, and leaves out fetch, WebSocket, caches and mocks: half of
 * its start, which every plan that reads something would pay for. The modules are the ones that undici's own index loads.
 */
function undiciDispatchers(undici: string): Plugin {
  const lib = (module: string) => `require(${JSON.stringify(join(undici, "lib", module))})`;
  const contents = [
    `Object.assign(${lib("dispatcher/dispatcher.js")}.prototype, ${lib("api/index.js")});`,
    `exports.Dispatcher = ${lib("dispatcher/dispatcher.js")};`,
    `exports.Agent = ${lib("dispatcher/agent.js")};`,
    `exports.ProxyAgent = ${lib("dispatcher/proxy-agent.js")};`,
    `exports.buildConnector = ${lib("core/connect.js")};`,
  ].join("\n");
  return {
    name: "undici-dispatchers",
    setup({ onResolve, onLoad }) {
      onResolve({ filter: /^undici$/ }, () => ({ path: "dispatchers", namespace: "undici" }));
      onLoad({ filter: /^/, namespace: "undici" }, () => ({ contents, resolveDir: undici }));
    },
  };
}

/** Descriptions are in the prepared schema answer; validation and plans have no use for them. */
const withoutDescriptions: Plugin = {
  name: "without-descriptions",
  setup({ onLoad }) {
    onLoad({ filter: /\/provider\/generated\/[\w-]+\.ts$/ }, async ({ path }) => {
      const source = await readFile(path, "utf8");
      return { contents: source.replace(/^\s*"description": ".*",?\n/gm, ""), loader: "ts" };
    });
  },
};

/** The build has run the definitions for the schema answer, and with that verified what is in the bundle. */
const withoutVerification: Plugin = {
  name: "without-verification",
  setup({ onLoad }) {
    onLoad({ filter: /\/terraform\/schema\/verify\.ts$/ }, () => ({
      contents: "export function verifySchema() {}",
    }));
  },
};
