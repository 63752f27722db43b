import { execFileSync } from "node:child_process";
import { delimiter, resolve, sep } from "node:path";

/** A Terraform or OpenTofu that runs the tests. */
export interface TerraformHost {
  /** The path or name that starts it. */
  readonly binary: string;
  readonly product: "Terraform" | "OpenTofu";
  /** `1.16.0`, without what follows in a build that is no release. */
  readonly version: string;
  /** Product and version. */
  readonly name: string;
  /** What its commands are called in messages. */
  readonly program: "terraform" | "tofu";
  /** Where a provider lies whose source names no host. */
  readonly registryHost: string;
}

const known = new Map<string, TerraformHost>();

/**
 * Asks a program what it is.
 *
 * @param binary @default what TERRAFORM_BINARY_NAME names, else terraform
 */
export function terraformHost(
  binary = process.env.TERRAFORM_BINARY_NAME || "terraform",
): TerraformHost {
  const host = known.get(binary) ?? askHost(binary);
  known.set(binary, host);
  return host;
}

function askHost(binary: string): TerraformHost {
  const output = execFileSync(binary, ["version"], {
    encoding: "utf8",
    env: { ...process.env, CHECKPOINT_DISABLE: "1", TF_CLI_CONFIG_FILE: "/dev/null" },
  });
  const [, product, version] = /^(Terraform|OpenTofu) v(\d+\.\d+\.\d+)/m.exec(output) ?? [];
  if (!product || !version) throw new Error(`${binary} is neither Terraform nor OpenTofu.`);
  const name = `${product} ${version}`;
  return product === "OpenTofu"
    ? { binary, product, version, name, program: "tofu", registryHost: "registry.opentofu.org" }
    : {
        binary,
        product: "Terraform",
        version,
        name,
        program: "terraform",
        registryHost: "registry.terraform.io",
      };
}

/** True if a host's version is at least the one given, such as `1.16`. */
export function isAtLeast({ version }: TerraformHost, minor: `1.${number}`): boolean {
  return Number(version.split(".")[1]) >= Number(minor.split(".")[1]);
}

/** What a process needs to find the host of this run, when it inherits nothing else. */
export function hostEnvironment(): Record<string, string> {
  const { PATH = "", TERRAFORM_BINARY_NAME } = process.env;
  return TERRAFORM_BINARY_NAME ? { PATH, TERRAFORM_BINARY_NAME } : { PATH };
}

/** Names Terraform and OpenTofu programs that tests run besides the usual one, separated as in PATH. */
export const otherTerraformVariable = "KONNECT_AUDIT_OTHER_TERRAFORM";

/** The programs that the variable names. */
export function otherTerraformHosts(): TerraformHost[] {
  return (process.env[otherTerraformVariable] ?? "")
    .split(delimiter)
    .filter((path) => path !== "")
    .map((path) => terraformHost(path.includes(sep) ? resolve(path) : path));
}
