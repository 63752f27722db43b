import { spawnSync } from "node:child_process";
import { join, resolve } from "node:path";
import { build } from "esbuild";
import { describe, expect, test } from "vitest";
import { loadedPackages } from "./loaded-packages.js";

const root = resolve(import.meta.dirname, "../..");
const cli = join(root, "dist/cli/main.js");
const commandLineItself = ["commander", "picocolors"];

describe("A command loads what it needs and no more", { timeout: 60_000 }, () => {
  test.each([
    ["--version"],
    ["--help"],
    ...["adopt", "drift", "events", "init", "install", "listen", "preflight", "replay"].map(
      (command) => [`${command} --help`],
    ),
    ...["review", "status", "verify"].map((command) => [`${command} --help`]),
    ["init"],
    ["install --check"],
  ])("%s: the command line itself", (command) => {
    expect(loadedPackages([cli, ...command.split(" ")]).packages).toEqual(commandLineItself);
  });

  test.each([["drift --no-synth"], ["review plan.bin"]])(
    "%s: schemas, but no client",
    (command) => {
      expect(loadedPackages([cli, ...command.split(" ")]).packages).toEqual([
        ...commandLineItself,
        "zod",
      ]);
    },
  );

  test.each([["adopt --region eu"], ["status --region eu"]])("%s: Konnect's client", (command) => {
    expect(loadedPackages([cli, ...command.split(" ")]).packages).toEqual([
      ...commandLineItself,
      "undici",
      "zod",
    ]);
  });
});

/** What a user's bundler makes of one import; the library's own packages stay outside. */
async function bundled(code: string): Promise<string> {
  const { outputFiles } = await build({
    stdin: { contents: code, resolveDir: root },
    ...{ bundle: true, write: false, platform: "node", format: "esm", logLevel: "error" },
    external: ["cdktf", "constructs", "zod", "@cdktf/provider-null"],
  });
  return outputFiles[0]?.text ?? "";
}

describe("The library", () => {
  test("leaves a bundle of one import to what that needs", async () => {
    const presets = await bundled('import { Siem } from "konnect-audit"; console.log(Siem);');
    expect(presets).toContain("services/collector");
    expect(presets).not.toMatch(/^import /m);

    const jwks = await bundled(
      'import { DataKonnectauditJwks } from "konnect-audit"; console.log(DataKonnectauditJwks);',
    );
    expect(jwks).toContain("konnectaudit_jwks");
    expect(jwks).not.toMatch(/type: "konnectaudit_webhook|services\/collector|local-exec/);

    const everything = await bundled('import * as all from "konnect-audit"; console.log(all);');
    expect(presets.length).toBeLessThan(everything.length / 5);
    expect(jwks.length).toBeLessThan(everything.length / 2);
    expect(await bundled('import "konnect-audit";')).toBe("");
  });

  test.each([
    ["module", "import(name)"],
    ["commonjs", "require(name)"],
  ])("does nothing when it is loaded in a %s", (type, load) => {
    // What it depends on comes first, so that only the library itself is compared.
    const script = `
      const load = async (name) => ${load};
      const state = () => JSON.stringify([
        Object.getOwnPropertyNames(globalThis).sort(), process.env, process.eventNames(),
        process.getActiveResourcesInfo(), process.cwd(), process.exitCode, Error.stackTraceLimit,
      ]);
      (async () => {
        for (const name of ["cdktf", "@cdktf/provider-null/lib/resource/index.js", "zod"]) await load(name);
        const before = state();
        await load("konnect-audit");
        await load("konnect-audit/testing");
        if (state() !== before) console.log(before, state());
      })();`;
    const result = spawnSync(process.execPath, [`--input-type=${type}`, "--eval", script], {
      cwd: root,
      encoding: "utf8",
    });
    expect(result).toMatchObject({ status: 0, stdout: "", stderr: "" });
  });
});
