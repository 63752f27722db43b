import type { CommandResult, Environment } from "./terraform.js";

const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/;

/**
 * What `npm install` needs to reach the registry as it does for the developer: the home, where npm is set up and has its
 * cache, and a proxy's authority. npm's global settings may have that as well, but each Node.js has its own of those.
 */
export function registryAccess(): Environment {
  const { HOME, NODE_EXTRA_CA_CERTS } = process.env;
  return { HOME, NODE_EXTRA_CA_CERTS };
}

/** Says whether `npm install` failed for want of a registry; any other failure is the package's own. */
export function lacksRegistry({ exitCode, stdout, stderr }: CommandResult): boolean {
  return exitCode !== 0 && offline.test(`${stdout}${stderr}`);
}
