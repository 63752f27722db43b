import { stripVTControlCharacters } from "node:util";

/** The program that ran, as its command line is written. */
export type TerraformProgram = "terraform" | "tofu";

/** What each program's messages and ours call it. */
export const productNames: Readonly<Record<TerraformProgram, string>> = {
  terraform: "Terraform",
  tofu: "OpenTofu",
};

/** What a failure of Terraform means here: one line, and what to do. */
export interface Explanation {
  /** Continues "terraform plan failed: ". */
  why: string;
  remedy: string;
}

const resynthesize =
  "Synthesize again (without --no-synth), so that the provider package and the lock file fit each other, or run terraform init in the stack's folder.";

/**
 * Texts of Terraform 1.11 to 1.17, OpenTofu 1.12, their backends and our provider, without line breaks: summaries and details
 * that are the same under TF_IN_AUTOMATION.
 */
const explanations: readonly (Explanation & { pattern: RegExp })[] = [
  {
    pattern:
      /Inconsistent dependency lock file|Provider dependency changes detected|Provider requirements cannot be satisfied by locked dependencies/,
    why: "the lock file is missing or does not name every provider",
    remedy: resynthesize,
  },
  {
    pattern: /does(?:n't| not) match any of the checksums/,
    why: "the provider package is not the one that the lock file names",
    remedy: resynthesize,
  },
  {
    pattern:
      /Failed to query available provider packages|Failed to resolve provider packages|Required plugins are not installed/,
    why: "a provider is missing",
    remedy: `${resynthesize} A folder that is moved takes terraform.d with it.`,
  },
  {
    pattern:
      /Failed to (?:load|read|get|open) (?:the )?state|Failed to (?:get existing workspaces|read state)|Unsupported state file format|Error (?:loading|refreshing) (?:the )?state|Backend initialization required|No valid credential sources found|(?:remote state|state) endpoint requires auth|requires authentication to read state|\bpq: |NoSuchBucket|storage: bucket doesn't exist|error reading S3 Bucket/i,
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
 * Explains a failed Terraform command, where its failure is known.
 *
 * @param output what the command printed
 * @param program what the remedies call it. @default "terraform"
 */
export function explainTerraform(
  output: string,
  program: TerraformProgram = "terraform",
): Explanation | undefined {
  const text = stripVTControlCharacters(output).replace(/[│╷╵\s]+/g, " ");
  const found = explainLock(text) ?? explanations.find(({ pattern }) => pattern.test(text));
  if (!found) return undefined;
  const remedy = found.remedy
    .replaceAll("terraform ", `${program} `)
    .replaceAll("Terraform", productNames[program]);
  return { why: found.why, remedy };
}

/** Summaries of a folder that init has not seen as it is now. */
const needsInit =
  /Required plugins are not installed|Inconsistent dependency lock file|Backend initialization required|Backend configuration (?:block )?(?:has )?changed|Backend type changed|Module (?:not installed|source has changed|version requirements have changed)|Could not load plugin|Missing required provider|Provider requirements cannot be satisfied by locked dependencies/i;

/** True if `terraform init` may help: the folder has changed since its last one. */
export function isInitMissing(summaries: readonly string[], text: string): boolean {
  return (
    summaries.some((summary) => needsInit.test(summary)) || /\b(?:terraform|tofu) init\b/.test(text)
  );
}

/**
 * The holder of the lock, and since when, shows whether that run may still be under way.
 *
 * Backends that answer "already locked" with an ID (http, pg) are followed by the details of the refused run, or, in newer
 * hosts, by those of the holder: they are the holder's if both IDs are equal.
 */
function explainLock(text: string): Explanation | undefined {
  if (!/Error acquiring the state lock/.test(text)) return undefined;
  const [, locked] = /already locked: ID=([\w-]+)/.exec(text) ?? [];
  const [, shown] = /\bID: ([\w-]+)/.exec(text) ?? [];
  const ofHolder = /already locked/i.test(text) ? locked !== undefined && locked === shown : true;
  const details = ofHolder ? text : "";
  const id = locked ?? (ofHolder ? shown : undefined) ?? "ID";
  const [, who = "somebody else"] = /\bWho: (\S+)/.exec(details) ?? [];
  const [, day, time] = /\bCreated: (\S+) (\d\d:\d\d)/.exec(details) ?? [];
  return {
    why: `${who} holds the state's lock${day ? `, since ${day} ${time} UTC` : ""}`,
    remedy: `Wait until that run has ended, or run with -lock-timeout=5m. The lock of a run that was killed stays on some backends; release it with terraform force-unlock ${id} once that run is surely over.`,
  };
}
