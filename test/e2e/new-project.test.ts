import { spawn } from "node:child_process";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, describe, expect, test } from "vitest";
import { commandLine } from "../cli/command-line.js";
import { packPackage } from "../support/cdktf-project.js";
import { lacksRegistry, registryAccess } from "../support/npm-registry.js";
import { nullProviderName, provideNullProvider } from "../support/null-provider.js";
import { platform } from "../support/provider-package.js";
import { createStage } from "../support/stage.js";
import { type Environment, finished } from "../support/terraform.js";

const folder = await mkdtemp(join(tmpdir(), "konnect-audit-new-project-"));
const project = join(folder, "audit-logs");
const init = await commandLine(["init", project]);
const install = await npm(
  ["install", "--prefer-offline", "--no-audit", "--no-fund", packPackage(folder)],
  registryAccess(),
);

afterAll(() => rm(folder, { recursive: true, force: true }));

function npm(args: readonly string[], env: Environment) {
  const { PATH, TERRAFORM_BINARY_NAME } = process.env;
  const base = { PATH, TERRAFORM_BINARY_NAME, CI: "true", CHECKPOINT_DISABLE: "1" };
  return finished(
    spawn("npm", args, {
      cwd: project,
      env: { ...base, FORCE_COLOR: "0", TF_CLI_CONFIG_FILE: "", ...env },
      stdio: ["ignore", "pipe", "pipe"],
    }),
  );
}

const unreachable = lacksRegistry(install);
const name = `A project of konnect-audit init, with ${nullProviderName}`;

describe(unreachable ? `${name} (SKIPPED: needs the npm registry)` : name, {
  timeout: 240_000,
}, () => {
  test.skipIf(unreachable)(
    "is installed, passes its own test, synthesizes, deploys, and is in sync",
    async () => {
      expect(init.exitCode, init.stderr).toBe(0);
      expect(install.exitCode, install.text).toBe(0);
      await using stage = await createStage();
      const home = join(folder, "home");
      const nullProvider = await provideNullProvider();
      for (const { address, version, dir } of nullProvider.providers) {
        const package_ = join(home, ".terraform.d/plugins", address, version, platform());
        await cp(dir, package_, { recursive: true });
      }
      const stack = join(project, "audit-logs.ts");
      const source = await readFile(stack, "utf8");
      await writeFile(stack, source.replace("https://siem.example.com/audit-logs", stage.endpoint));

      const environment = {
        HOME: home,
        KONNECT_TOKEN: "kpat_stage",
        KONNECT_SERVER_URL: stage.emulator.serverUrl,
        TF_VAR_SIEM_AUTHORIZATION: "Bearer new",
      };
      const lock = JSON.parse(await readFile(join(project, "package-lock.json"), "utf8"));
      expect(Object.keys(lock.packages)).toContain("node_modules/konnect-audit");
      for (const command of [
        ...["ls", "run typecheck", "test", "run synth"],
        ...["run deploy -- --auto-approve", "run drift"],
      ]) {
        const result = await npm(command.split(" "), environment);
        expect(result.exitCode, `npm ${command}: ${result.text}`).toBe(0);
      }
      expect(await stage.deliveredAuthorization("us")).toBe("Bearer new");
      await nullProvider.cleanup();
    },
  );
});
