import { randomUUID } from "node:crypto";
import { basename, resolve } from "node:path";
import type { Command } from "commander";
import { environmentSecrets } from "../../core/environment-secrets.js";
import { createCleaner } from "../../core/foreign-text.js";
import type { CliIo } from "../io.js";
import { testedVersions } from "../version.js";

/** Adds `konnect-audit init`: writes a new cdktf project. */
export function registerInit(program: Command, io: CliIo): void {
  program
    .command("init")
    .description(
      "Write a cdktf project with a stack, its test and a workflow into an empty folder.",
    )
    .argument("[folder]", "a new or empty folder", ".")
    .action((folder: string) => runInit(folder, io));
}

async function runInit(folder: string, io: CliIo): Promise<void> {
  const { projectFiles, projectPackages } = await import("../../scaffold/project.js");
  const { writeNewFolder } = await import("../../scaffold/write-new.js");
  const path = resolve(io.cwd, folder);
  const files = projectFiles({
    name: basename(path),
    projectId: randomUUID(),
    versions: testedVersions(projectPackages),
  });
  await writeNewFolder(path, files);
  const names = Object.keys(files).map((file) => `  ${file}\n`);
  io.stdout.write(`Wrote into ${createCleaner(environmentSecrets(io.env))(path)}:\n${names.join("")}
Next, in that folder:
  npm install      writes package-lock.json: commit it, the workflow's npm ci wants it
  npm test
  edit audit-logs.ts, or let konnect-audit adopt --force write it from what Konnect has
  npm run deploy   with KONNECT_TOKEN and TF_VAR_SIEM_AUTHORIZATION set
`);
}
