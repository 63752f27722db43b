import { providerSource, providerType } from "./address.js";

/**
 * Platforms, in Terraform's words, that the package is offered to. All run the same files: a `sh` script and
 * JavaScript. Windows can't start a script as a provider; there, run Terraform in WSL.
 */
export const platforms = [
  "darwin_amd64",
  "darwin_arm64",
  "freebsd_amd64",
  "linux_386",
  "linux_amd64",
  "linux_arm",
  "linux_arm64",
] as const;

/** What the platforms are links to: itself a link to the folder that holds the files, so that it is replaced in one step. */
export const sharedFolder = "any";

/** How the name of a folder with files begins. */
export const filesPrefix = "files-";

/** The file that Terraform executes. */
export function executableName(version: string): string {
  return `terraform-provider-${providerType}_v${version}`;
}

/** A package's place below a folder of plugins: Terraform's layout for unpacked mirrors. */
export function packagePath(version: string): string {
  return `${providerSource}/${version}`;
}

/** The folder of plugins that Terraform looks into without any configuration, in the working directory of `init`. */
export const localPlugins = "terraform.d/plugins";

/** The same for all of a user's working directories, in the home directory. */
export const userPlugins = ".terraform.d/plugins";

/**
 * Where Terraform finds a provider without any configuration: relative to the working directory of `init`.
 *
 * @returns a path with `/` between folders
 */
export function packageFolder(version: string): string {
  return `${localPlugins}/${packagePath(version)}`;
}
