/** What go-plugin, Terraform's side of the plugin protocol, passes by environment. */
export interface PluginEnvironment {
  readonly [name: string]: string | undefined;
}

/** The protocol version of Terraform's API that this server speaks. */
export const protocolVersion = 6;

// Not a secret: it only tells Terraform from a user who starts the file by hand.
const magicCookie = {
  name: "TF_PLUGIN_MAGIC_COOKIE",
  value: "d602bf8f470bc67ca7faa0386276bbdd4330efaf76d1a219cb4d6991ca9872b2",
};

/** Why a start must not go on, for the user to read. */
export type Refusal = { readonly message: string };

/**
 * Checks that a Terraform that speaks the same protocol started this process.
 *
 * @returns undefined when it did
 */
export function negotiate(env: PluginEnvironment, executable: string): Refusal | undefined {
  if (env[magicCookie.name] !== magicCookie.value) return { message: startedByHand(executable) };
  const offered = (env.PLUGIN_PROTOCOL_VERSIONS ?? "").split(",").filter(Boolean);
  if (offered.length === 0 || offered.includes(String(protocolVersion))) return undefined;
  return {
    message:
      `${executable} speaks plugin protocol ${protocolVersion}, ` +
      `but this Terraform offers only ${offered.join(", ")}. Use Terraform or OpenTofu 1.11 or later.\n`,
  };
}

function startedByHand(executable: string): string {
  return `${executable} is a Terraform provider. Terraform starts it by itself, so there is nothing to run by hand.

Name it in required_providers and run terraform init.
To debug it, start it with --debug and follow what it prints.
`;
}
