import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { App, type AppConfig, TerraformStack, Testing } from "cdktf";
import { onTestFinished } from "vitest";
import { executableName, launcherScript } from "../../src/package/index.js";

/** The version of the provider package that {@link fakeDist} makes. */
export const packageVersion = "0.1.0-dev.test";

/** A folder that is removed when the test ends. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), "konnect-audit-constructs-"));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A folder as the build leaves it, with a provider package that does nothing. */
export function fakeDist(): string {
  const dist = temporaryFolder();
  const files = { [executableName(packageVersion)]: launcherScript(), "provider.cjs": "0;\n" };
  mkdirSync(join(dist, "provider"));
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dist, "provider", name), text);
  }
  writeFileSync(join(dist, "verify.cjs"), "// the verifier\n");
  const description = { version: packageVersion, files: Object.keys(files) };
  writeFileSync(join(dist, "provider.json"), JSON.stringify(description));
  return dist;
}

/** A stack of an app that writes to a temporary folder. */
export function newStack(options: AppConfig = {}): TerraformStack {
  const context = { "konnect-audit/dist": fakeDist(), ...options.context };
  const app = new App({ outdir: temporaryFolder(), ...options, context });
  return new TerraformStack(app, "audit");
}

/** JSON of a synthesized stack; every value is looked at by tests, so it stays untyped on purpose. */
export type Synthesized = Record<string, Record<string, Record<string, Record<string, unknown>>>>;

/** The stack's JSON after all validations, without metadata. */
export function synthesize(stack: TerraformStack): Synthesized {
  return JSON.parse(Testing.synth(stack, true)) as Synthesized;
}

/** The only element of a type. */
export function only(synthesized: Synthesized, kind: string, type: string) {
  const elements = Object.values(synthesized[kind]?.[type] ?? {});
  if (elements.length !== 1 || !elements[0]) {
    throw new Error(`expected one ${kind} ${type}, found ${elements.length}`);
  }
  return elements[0];
}

/** Writes the app to disk, as `cdktf synth` does. */
export function synthesizeToDisk(stack: TerraformStack) {
  const app = stack.node.root as App;
  app.synth();
  const folder = join(app.outdir, "stacks", "audit");
  const manifest = JSON.parse(readFileSync(join(app.outdir, "manifest.json"), "utf8")) as {
    stacks: Record<string, { annotations: { constructPath: string; message: string }[] }>;
  };
  return {
    folder,
    json: JSON.parse(readFileSync(join(folder, "cdk.tf.json"), "utf8")) as Synthesized,
    annotations: manifest.stacks.audit?.annotations ?? [],
  };
}

/** The messages of all annotations in the stack. */
export function annotations(stack: TerraformStack): { path: string; message: string }[] {
  return stack.node
    .findAll()
    .flatMap(({ node }) =>
      node.metadata
        .filter(({ type }) => type.startsWith("@cdktf/"))
        .map(({ data }) => ({ path: node.path, message: String(data) })),
    );
}
