import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setImmediate } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import {
  executableName,
  hashPackage,
  installPackage,
  launcherScript,
  lockFileName,
  mergeLockEntries,
  packageFolder,
  parseLockFile,
  providerSource,
  readBuiltPackage,
} from "../../src/package/index.js";

const version = "0.1.0-dev.3f9c";
let folder: string;
let dist: string;
let stack: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), "konnect-audit-install-"));
  dist = join(folder, "dist");
  stack = join(folder, "stack");
  mkdirSync(join(dist, "provider"), { recursive: true });
  mkdirSync(stack);
  const files = { [executableName(version)]: launcherScript(), "provider.cjs": "0;\n" };
  for (const [name, text] of Object.entries(files)) {
    writeFileSync(join(dist, "provider", name), text);
  }
  describePackage({ version, files: Object.keys(files) });
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

function describePackage(description: unknown): void {
  writeFileSync(join(dist, "provider.json"), JSON.stringify(description));
}

function terraform(...args: string[]) {
  const { TF_PLUGIN_CACHE_DIR: _, ...env } = process.env;
  // Not -chdir: Terraform looks for terraform.d/plugins before it changes the directory.
  return spawnSync(process.env.TERRAFORM_BINARY_NAME || "terraform", [...args, "-no-color"], {
    cwd: stack,
    encoding: "utf8",
    env: { ...env, TF_CLI_CONFIG_FILE: "/dev/null", CHECKPOINT_DISABLE: "1" },
  });
}

describe("installPackage", () => {
  test("writes the files once and offers them to every platform by relative links", () => {
    installPackage(readBuiltPackage(dist), stack);
    const installed = join(stack, packageFolder(version));
    expect(readdirSync(join(installed, "any")).sort()).toEqual([
      "provider.cjs",
      `terraform-provider-konnectaudit_v${version}`,
    ]);
    expect(statSync(join(installed, "any", executableName(version))).mode & 0o777).toBe(0o755);
    expect(readlinkSync(join(installed, "linux_amd64"))).toBe("any");
    expect(readlinkSync(join(installed, "darwin_arm64"))).toBe("any");
  });

  test("leaves an unchanged package alone, which Terraform may be running", () => {
    const built = readBuiltPackage(dist);
    installPackage(built, stack);
    const file = join(stack, packageFolder(version), "any", "provider.cjs");
    const before = statSync(file).ino;
    installPackage(built, stack);
    expect(statSync(file).ino).toBe(before);
  });

  test.each([
    ["a changed file", (any: string) => writeFileSync(join(any, "provider.cjs"), "1;\n")],
    ["a file too many", (any: string) => writeFileSync(join(any, "cache.bin"), "x")],
    ["a lost mode bit", (any: string) => chmodSync(join(any, executableName(version)), 0o644)],
  ])("repairs %s", (_, damage) => {
    const built = readBuiltPackage(dist);
    installPackage(built, stack);
    const any = join(stack, packageFolder(version), "any");
    damage(any);
    installPackage(built, stack);
    expect(hashPackage(any)).toBe(built.hash);
    expect(statSync(join(any, executableName(version))).mode & 0o777).toBe(0o755);
  });

  test("takes the place of a folder that an earlier version made itself", () => {
    const built = readBuiltPackage(dist);
    installPackage(built, stack);
    const installed = join(stack, packageFolder(version));
    const any = join(installed, "any");
    cpSync(realpathSync(any), join(installed, "earlier"), { recursive: true });
    unlinkSync(any);
    renameSync(join(installed, "earlier"), any);
    writeFileSync(join(any, "provider.cjs"), "1;\n");

    installPackage(built, stack);
    expect(hashPackage(any)).toBe(built.hash);
    expect(readlinkSync(join(installed, "linux_amd64"))).toBe("any");
  });

  test("touches nothing in a folder that a link of somebody else leads to", () => {
    const built = readBuiltPackage(dist);
    installPackage(built, stack);
    const installed = join(stack, packageFolder(version));
    const precious = join(folder, "precious");
    mkdirSync(precious);
    writeFileSync(join(precious, "kept"), "");
    for (const name of ["any", "linux_amd64"]) {
      unlinkSync(join(installed, name));
      symlinkSync(precious, join(installed, name));
    }
    installPackage(built, stack);
    expect(readdirSync(precious)).toEqual(["kept"]);
    expect(hashPackage(join(installed, "linux_amd64"))).toBe(built.hash);
  });

  test("others can read the package whatever the mask of who installs it is", () => {
    const mask = process.umask(0o077);
    try {
      installPackage(readBuiltPackage(dist), stack);
    } finally {
      process.umask(mask);
    }
    const modes = readdirSync(join(stack, "terraform.d"), { recursive: true }).map((name) => {
      const path = join(stack, "terraform.d", String(name));
      return [statSync(path).isDirectory() ? "folder" : String(name), statSync(path).mode & 0o777];
    });
    const executable = ([name]: (string | number)[]) =>
      name === "folder" || String(name).includes("terraform-provider");
    expect(statSync(join(stack, "terraform.d")).mode & 0o777).toBe(0o755);
    expect(new Set(modes.filter(executable).map(([, mode]) => mode))).toEqual(new Set([0o755]));
    expect(new Set(modes.filter((each) => !executable(each)).map(([, mode]) => mode))).toEqual(
      new Set([0o644]),
    );
  });

  test("repairs a package that others can't read", () => {
    const built = readBuiltPackage(dist);
    installPackage(built, stack);
    const any = join(stack, packageFolder(version), "any");
    chmodSync(realpathSync(any), 0o700);
    installPackage(built, stack);
    expect(statSync(any).mode & 0o777).toBe(0o755);
  });

  test("a reader finds the whole package at every moment, while several repair it at once", async () => {
    const built = readBuiltPackage(dist);
    installPackage(built, stack);
    const installed = join(stack, packageFolder(version));
    const bundle = join(installed, "linux_amd64", "provider.cjs");
    const script = join(folder, "repair.mjs");
    const module = pathToFileURL(resolve("dist/esm/package/index.js")).href;
    writeFileSync(
      script,
      `import { writeFileSync } from "node:fs";
import { installPackage, readBuiltPackage } from ${JSON.stringify(module)};
const built = readBuiltPackage(${JSON.stringify(dist)});
for (let round = 0; round < 40; round++) {
  // Damaged by a file too many, so that what a reader opens is never touched but by the repair.
  writeFileSync(${JSON.stringify(join(installed, "any", "extra"))}, "x");
  installPackage(built, ${JSON.stringify(stack)});
}`,
    );
    const repairing = Array.from({ length: 3 }, () => spawn(process.execPath, [script]));
    const ended = Promise.all(
      repairing.map(async (child) => {
        const errors: string[] = [];
        child.stderr.on("data", (text) => errors.push(String(text)));
        const [code] = await once(child, "close");
        return { code, errors: errors.join("") };
      }),
    );
    const seen = new Set<string>();
    let isEnded = false;
    void ended.then(() => {
      isEnded = true;
    });
    while (!isEnded) {
      for (let look = 0; look < 200; look++) {
        try {
          seen.add(readFileSync(bundle, "utf8"));
        } catch (error) {
          seen.add(String(error));
        }
      }
      await setImmediate();
    }
    expect(await ended).toEqual(Array(3).fill({ code: 0, errors: "" }));
    expect([...seen]).toEqual(["0;\n"]);
  });

  test("says where to run Terraform instead of on Windows, which can't start a script", () => {
    expect(() => installPackage(readBuiltPackage(dist), stack, "win32")).toThrow(
      expect.objectContaining({
        code: "PACKAGE_PLATFORM",
        remedy: expect.stringContaining("WSL"),
      }),
    );
    expect(readdirSync(stack)).toEqual([]);
  });

  test("says which folder it can't write to", () => {
    writeFileSync(join(stack, "terraform.d"), "a file, not a folder");
    expect(() => installPackage(readBuiltPackage(dist), stack)).toThrow(
      expect.objectContaining({
        code: "PACKAGE_NOT_WRITABLE",
        message: expect.stringContaining(stack),
      }),
    );
  });
});

describe("terraform init", () => {
  beforeEach(() => {
    installPackage(readBuiltPackage(dist), stack);
    const requirement = { konnectaudit: { source: providerSource, version } };
    const config = { terraform: { required_providers: requirement } };
    writeFileSync(join(stack, "main.tf.json"), JSON.stringify(config));
  });

  test("is followed by words that Terraform shows when there is no Node.js", () => {
    terraform("init", "-input=false");
    vi.stubEnv("KONNECT_AUDIT_NODE", "no-such-node");
    const { status, stderr } = terraform("providers", "schema", "-json");
    expect(status).toBe(1);
    const words = stderr.replace(/[│╷╵\s]+/g, " ");
    expect(words).toContain("The konnectaudit provider needs Node.js 20.19 or newer");
    expect(words).toContain('"no-such-node" was not found on PATH');
    expect(words).not.toMatch(/crashed|panic/);
  });

  test("finds the package and records the hash that we compute", () => {
    const init = terraform("init", "-input=false");
    expect(init.stderr).toBe("");
    const lock = readFileSync(join(stack, lockFileName), "utf8");
    expect(parseLockFile(lock)).toEqual([
      {
        source: providerSource,
        version,
        constraints: version,
        hashes: [readBuiltPackage(dist).hash],
      },
    ]);
  });

  test("takes a lock file of ours as it is", () => {
    const { hash } = readBuiltPackage(dist);
    const entry = { source: providerSource, version, constraints: version, hashes: [hash] };
    const lock = mergeLockEntries(undefined, [entry]);
    writeFileSync(join(stack, lockFileName), lock);
    const init = terraform("init", "-input=false", "-lockfile=readonly");
    expect(init.stderr).toBe("");
    expect(init.status).toBe(0);
    expect(readFileSync(join(stack, lockFileName), "utf8")).toBe(lock);
  });

  test("refuses a package that is not the one in the lock file", () => {
    const entry = { source: providerSource, version, hashes: ["h1:AAAA"] };
    writeFileSync(join(stack, lockFileName), mergeLockEntries(undefined, [entry]));
    expect(terraform("init", "-input=false", "-lockfile=readonly").status).toBe(1);
  });
});

describe("readBuiltPackage", () => {
  test("says how to build what was never built", () => {
    expect(() => readBuiltPackage(join(folder, "nowhere"))).toThrow(
      expect.objectContaining({
        code: "PACKAGE_NOT_BUILT",
        remedy: expect.stringContaining("npm run build"),
      }),
    );
  });

  test("names the file that is missing", () => {
    rmSync(join(dist, "provider", "provider.cjs"));
    expect(() => readBuiltPackage(dist)).toThrow(/provider\.cjs can't be read/);
  });

  test.each([
    ["no version", { files: [] }],
    ["no list of files", { version, files: "provider.cjs" }],
    ["a file outside the package", { version, files: [executableName(version), "../index.js"] }],
    ["no executable", { version, files: ["provider.cjs"] }],
    ["no object", null],
  ])("refuses a description with %s", (_, description) => {
    describePackage(description);
    expect(() => readBuiltPackage(dist)).toThrow(
      expect.objectContaining({ code: "PACKAGE_DESCRIPTION_UNREADABLE" }),
    );
  });
});
