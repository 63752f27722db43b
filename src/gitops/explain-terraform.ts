import { stripVTControlCharacters } from "node:util";

/** What a failure of Terraform means here: one line, and what to do. */
export interface Explanation {
  /** Continues "terraform plan failed: ". */
  why: string;
  remedy: string;
}

const resynthesize =
  "Synthesize again (without --no-synth), so that the provider package and the lock file fit each other, or run terraform init in the stack's folder.";

/** Texts of Terraform 1.11, its backends and our provider, without line breaks. */
const explanations: readonly (Explanation & { pattern: RegExp })[] = [
  {
    pattern: /Inconsistent dependency lock file|Provider dependency changes detected/,
    why: "the lock file is missing or does not name every provider",
    remedy: resynthesize,
  },
  {
    pattern: /does(?:n't| not) match any of the checksums/,
    why: "the provider package is not the one that the lock file names",
    remedy: resynthesize,
  },
  {
    pattern: /Failed to query available provider packages/,
    why: "a provider is missing",
    remedy: `${resynthesize} A folder that is moved takes terraform.d with it.`,
  },
  {
    pattern:
      /Failed to (?:load|read) (?:the )?state|Failed to get existing workspaces|Unsupported state file format|Error (?:loading|refreshing) state|Backend initialization required|No valid credential sources found/i,
    why: "the state can't be read",
    remedy:
      "Check the backend's address and credentials, which Terraform reads from its own environment variables, and run terraform init in the stack's folder.",
  },
  {
    pattern: /KONNECT_TOKEN_MISSING|No Konnect token/,
    why: "there is no Konnect token",
    remedy: "Set KONNECT_TOKEN or KONNECT_SPAT; a token that may only read is enough.",
  },
  {
    pattern: /KONNECT_UNAUTHORIZED/,
    why: "Konnect did not accept the token",
    remedy:
      "It has expired, was revoked or belongs to another organisation: make a new one and set KONNECT_TOKEN or KONNECT_SPAT. Renew the CI's secret too.",
  },
  {
    pattern: /KONNECT_FORBIDDEN/,
    why: "the Konnect token lacks a permission",
    remedy: "Let the token's owner read the organisation's audit-log settings.",
  },
  {
    pattern: /KONNECT_RATE_LIMITED/,
    why: "Konnect's rate limit is exhausted",
    remedy: "Run again later, or plan fewer stacks at the same time (--concurrency).",
  },
  {
    pattern: /KONNECT_(?:NOT_FOUND|UNEXPECTED_STATUS|UNREADABLE_ANSWER)/,
    why: "what answers is not Konnect's API",
    remedy:
      "Check KONNECT_SERVER_URL, and whether a proxy in between answers in Konnect's place; then run again.",
  },
  {
    pattern: /KONNECT_(?:UNREACHABLE|TIMEOUT|SERVER_ERROR)/,
    why: "Konnect could not be reached or did not answer properly",
    remedy: "Check the network and KONNECT_SERVER_URL, and run again.",
  },
];

/**
 * Tells what a failed Terraform command means, where it is known.
 *
 * @param output what the command printed
 */
export function explainTerraform(output: string): Explanation | undefined {
  const text = stripVTControlCharacters(output).replace(/[│╷╵\s]+/g, " ");
  return explainLock(text) ?? explanations.find(({ pattern }) => pattern.test(text));
}

/**
 * Who holds the lock, and since when, tells whether that run may still be under way.
 *
 * Where Terraform says "already locked" (http, pg) the lock's details are those of the run that was refused.
 */
function explainLock(text: string): Explanation | undefined {
  if (!/Error acquiring the state lock/.test(text)) return undefined;
  const details = /already locked/i.test(text) ? "" : text;
  const [, id = "ID"] = /already locked: ID=(\S+)/.exec(text) ?? /\bID: (\S+)/.exec(details) ?? [];
  const [, who = "somebody else"] = /\bWho: (\S+)/.exec(details) ?? [];
  const [, day, time] = /\bCreated: (\S+) (\d\d:\d\d)/.exec(details) ?? [];
  return {
    why: `${who} holds the state's lock${day ? `, since ${day} ${time} UTC` : ""}`,
    remedy: `Wait until that run has ended, or run with -lock-timeout=5m. The lock of a run that was killed stays on some backends; release it with terraform force-unlock ${id} once that run is surely over.`,
  };
}
