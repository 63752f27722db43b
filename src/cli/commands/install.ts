import { join, resolve } from "node:path";
import { type Command, Option } from "commander";
import { environmentSecrets } from "../../core/environment-secrets.js";
import { type Cleaner, createCleaner } from "../../core/foreign-text.js";
import {
  type BuiltPackage,
  distFolder,
  type InstalledVersion,
  installPlugin,
  listInstalled,
  localPlugins,
  providerSource,
  providerType,
  readBuiltPackage,
  removeInstalled,
  userPlugins,
} from "../../package/index.js";
import type { CliIo } from "../io.js";

interface InstallFlags {
  into?: string;
  mirror?: string;
  check?: boolean;
  remove?: boolean;
}

/** `konnect-audit install`: makes the provider available to HCL configurations. */
export function registerInstall(program: Command, io: CliIo): void {
  program
    .command("install")
    .description("Make the Terraform provider available to HCL configurations on this machine.")
    .addOption(
      new Option(
        "--into <folder>",
        "only for the configuration in this folder, where terraform is run",
      ).conflicts("mirror"),
    )
    .option("--mirror <folder>", "as a filesystem mirror, for `provider_installation`")
    .addOption(
      new Option("--check", "say what Terraform will find; exit 0 the provider, 2 not").conflicts(
        "remove",
      ),
    )
    .option("--remove", "remove every installed version")
    .addHelpText(
      "after",
      "\nWithout a folder it is installed for this user, in ~/.terraform.d/plugins, where Terraform looks without any\nconfiguration. cdktf projects need none of this: synth brings the provider along.",
    )
    .action((flags: InstallFlags) => runInstall(flags, io));
}

function runInstall(flags: InstallFlags, io: CliIo): void {
  const built = readBuiltPackage(distFolder(import.meta.url));
  const plugins = pluginsFolder(flags, io);
  const clean = createCleaner(environmentSecrets(io.env));
  if (flags.check) check(built, plugins, io, clean);
  else if (flags.remove) remove(built, plugins, io, clean);
  else {
    const folder = installPlugin(built, plugins);
    io.stdout.write(`Installed ${built.version} into ${clean(folder)}.\n\n`);
    io.stdout.write(configuration(built, flags, io, clean));
  }
}

function pluginsFolder({ into, mirror }: InstallFlags, io: CliIo): string {
  if (mirror !== undefined) return resolve(io.cwd, mirror);
  if (into !== undefined) return resolve(io.cwd, into, localPlugins);
  const home = io.env.HOME;
  if (!home) throw new Error("HOME is not set. Name a folder with --into or --mirror.");
  return join(home, userPlugins);
}

function check(built: BuiltPackage, plugins: string, io: CliIo, clean: Cleaner): void {
  const { version } = built;
  const found: readonly InstalledVersion[] = listInstalled(built, plugins);
  const own = found.find((entry) => entry.version === version);
  const others = found.filter((entry) => entry !== own).map((entry) => entry.version);
  const state = own ? (own.intact ? "installed" : "damaged: install it again") : "not installed";
  io.stdout.write(`${clean(plugins)}\n  ${version}: ${state}\n`);
  if (others.length > 0) io.stdout.write(`  other versions: ${clean(others.join(", "))}\n`);
  io.exitCode(own?.intact ? 0 : 2);
}

function remove(built: BuiltPackage, plugins: string, io: CliIo, clean: Cleaner): void {
  const removed = removeInstalled(built, plugins).map(({ version }) => version);
  io.stdout.write(
    removed.length > 0
      ? `Removed ${clean(removed.join(", "))} from ${clean(plugins)}.\n`
      : `There was nothing to remove in ${clean(plugins)}.\n`,
  );
}

/** Characters of a path, as Linux bounds it. */
const longestPath = 4_096;

/** What the user writes into his configuration, and for a mirror into Terraform's own. */
function configuration(
  { version }: BuiltPackage,
  { mirror }: InstallFlags,
  io: CliIo,
  clean: Cleaner,
): string {
  const required = `terraform {
  required_providers {
    ${providerType} = {
      source  = "${providerSource}"
      version = "${version}"
    }
  }
}
`;
  if (mirror === undefined) return `Your configuration:\n\n${required}`;
  const include = providerSource.replace(/[^/]+$/, "*");
  return `Your configuration:\n\n${required}
Terraform's own (~/.terraformrc), which replaces every built-in place to look:

provider_installation {
  filesystem_mirror {
    path    = "${clean(resolve(io.cwd, mirror), longestPath)}"
    include = ["${include}"]
  }
  direct {
    exclude = ["${include}"]
  }
}
`;
}
