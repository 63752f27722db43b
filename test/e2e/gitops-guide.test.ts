import { spawn } from "node:child_process";
import { mkdir, readFile, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, test } from "vitest";
import { createCdktfProject } from "../support/cdktf-project.js";
import { nullProviderName, provideNullProvider } from "../support/null-provider.js";
import { findSecrets } from "../support/search-secrets.js";
import { createStage } from "../support/stage.js";
import { finished } from "../support/terraform.js";
import { hostEnvironment } from "../support/terraform-host.js";

const credential = "Splunk planted-guide-credential";
const root = fileURLToPath(new URL("../..", import.meta.url));

/** The commands of the guide, in its order, with what a reader puts in. */
async function commandsOfGuide(): Promise<string> {
  const guide = await readFile(join(root, "docs/guides/gitops.md"), "utf8");
  const blocks = [...guide.matchAll(/^```shell\n([\s\S]*?)^```$/gm)].map(
    ([, commands]) => commands,
  );
  return blocks
    .join("")
    .replaceAll("kpat_…", "kpat_planted_guide")
    .replaceAll("'Splunk …'", `'${credential}'`);
}

/** Programs as npx would find them once they are installed. */
async function installCommands(bin: string): Promise<void> {
  const programs = {
    cdktf: join(root, "node_modules/cdktf-cli/bundle/bin/cdktf"),
    "konnect-audit": join(root, "dist/cli/main.js"),
  };
  await mkdir(bin, { recursive: true });
  for (const [name, target] of Object.entries(programs)) {
    const script = `#!/bin/sh\nexec "${process.execPath}" ${target} "$@"\n`;
    await writeFile(join(bin, name), script, { mode: 0o755 });
  }
}

describe(`the guide "From click-ops to GitOps in an hour" (${nullProviderName})`, {
  timeout: 240_000,
}, () => {
  test("can be followed, command by command, to an organisation that is in sync with its code", async () => {
    const nullProvider = await provideNullProvider();
    await using stage = await createStage();
    await using project = await createCdktfProject({
      env: {},
      packages: ["tsx"],
      providers: nullProvider.providers,
    });
    await stage.somebody.updateWebhook("eu", {
      ...{ endpoint: stage.endpoint, authorization: "Splunk clicked-together" },
      ...{ enabled: true, log_format: "cef" },
    });
    const bin = join(project.dir, "bin");
    await installCommands(bin);
    // There is no registry here: what npm would install is in place already.
    const script = `npx() { "$@"; }\nnpm() { :; }\n${await commandsOfGuide()}`;
    const child = spawn("bash", ["--noprofile", "--norc", "-exo", "pipefail", "-c", script], {
      cwd: project.dir,
      env: {
        ...hostEnvironment(),
        PATH: `${bin}:${process.env.PATH}`,
        HOME: project.home,
        TF_CLI_CONFIG_FILE: "/dev/null",
        CHECKPOINT_DISABLE: "1",
        CI: "true",
        KONNECT_SERVER_URL: stage.emulator.serverUrl,
      },
    });
    const { exitCode, stdout, stderr } = await finished(child);
    await nullProvider.cleanup();
    expect(exitCode, stdout + stderr).toBe(0);
    expect(stdout).toMatch(/\*\*🟠 Existing webhook adopted\*\* in eu/);
    expect(stdout).toMatch(/1 of 1 region verified/);
    expect(stdout).toMatch(/In sync: 1 of 1 stack in sync\./);
    expect(await stage.deliveredAuthorization("eu")).toBe(credential);
    expect(findSecrets(stdout, [credential])).toEqual([]);
  });
});
