import type { CommandResult } from "./terraform.js";

const offline = /\b(ENOTFOUND|EAI_AGAIN|ECONNREFUSED|ECONNRESET|ETIMEDOUT|ENETUNREACH)\b/;

/** Says whether `npm install` failed for want of a registry; any other failure is the package's own. */
export function lacksRegistry({ exitCode, stdout, stderr }: CommandResult): boolean {
  return exitCode !== 0 && offline.test(`${stdout}${stderr}`);
}
