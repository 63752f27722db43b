import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";

const src = resolve(dirname(fileURLToPath(import.meta.url)), "../../src");

/** What each layer may import besides itself. `provider/schemas` is a layer of its own: data without handlers. */
const allowed: Record<string, readonly string[]> = {
  core: [],
  terraform: ["core"],
  konnect: ["core"],
  events: ["core"],
  package: ["core"],
  siem: ["konnect", "core"],
  "provider/schemas": ["konnect", "core"],
  receiver: ["konnect", "events", "core"],
  emulator: ["konnect", "events", "core"],
  provider: ["terraform", "konnect", "provider/schemas", "core"],
  verifier: ["receiver", "konnect", "events", "siem", "core"],
  gitops: ["verifier", "konnect", "siem", "core"],
  constructs: ["provider/schemas", "konnect", "siem", "package", "core"],
  scaffold: ["konnect", "siem", "package", "core"],
  testing: ["constructs", "provider/schemas", "konnect", "siem", "package", "core"],
  index: ["constructs", "siem"],
  cli: [
    ...["gitops", "verifier", "receiver", "emulator", "events", "konnect", "siem"],
    ...["package", "scaffold", "constructs", "provider/schemas", "core"],
  ],
};

const importPattern =
  /^\s*(?:import|export)\b[^"';]*?\bfrom\s+"([^"]+)"|^\s*import\s+"([^"]+)"|\b(?:import|require)\(\s*"([^"]+)"/gm;

function sourceFiles(): string[] {
  return readdirSync(src, { recursive: true, encoding: "utf8" })
    .filter((file) => file.endsWith(".ts"))
    .map((file) => join(src, file));
}

function layerOf(file: string): string {
  const [first = "", second = ""] = relative(src, file).split(sep);
  if (first === "provider" && second === "schemas") return "provider/schemas";
  return first.replace(/\.ts$/, "");
}

/** Code that is written for users has imports of its own. */
const writtenCode = /(?:=|return) `(?:\\.|[^`\\])*`/gs;

function imports(file: string): string[] {
  const code = readFileSync(file, "utf8").replace(writtenCode, "");
  return [...code.matchAll(importPattern)].map((match) => match[1] ?? match[2] ?? match[3] ?? "");
}

describe("layers", () => {
  test("import one way only", () => {
    const violations = sourceFiles().flatMap((file) =>
      imports(file)
        .filter((specifier) => specifier.startsWith("."))
        .map((specifier) => resolve(dirname(file), specifier.replace(/\.js$/, ".ts")))
        .map((target) => ({ from: layerOf(file), to: layerOf(target), target }))
        .filter(({ from, to }) => from !== to && !allowed[from]?.includes(to))
        .map(
          ({ from, target }) => `${relative(src, file)} (${from}) imports ${relative(src, target)}`,
        ),
    );
    expect(violations).toEqual([]);
  });

  test("every folder of src is a known layer", () => {
    const unknown = new Set(
      sourceFiles()
        .map(layerOf)
        .filter((layer) => !(layer in allowed)),
    );
    expect([...unknown]).toEqual([]);
  });

  test("only the seam file of the constructs imports cdktf", () => {
    const importers = sourceFiles()
      .filter((file) => imports(file).some((name) => name === "cdktf" || name.startsWith("cdktf/")))
      .map((file) => relative(src, file));
    expect(importers.filter((file) => file !== join("constructs", "cdktf.ts"))).toEqual([]);
  });

  test("src/terraform needs no package at run time besides zod in the schema compiler", () => {
    const packages = sourceFiles()
      .filter((file) => layerOf(file) === "terraform")
      .flatMap((file) => imports(file).map((name) => `${relative(src, file)}: ${name}`))
      .filter((line) => !/: (node:|\.)/.test(line));
    expect(packages.filter((line) => !/schema\/[\w-]*zod[\w-]*\.ts: zod$/.test(line))).toEqual([]);
  });
});
