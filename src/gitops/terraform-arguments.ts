import { gitopsErrors } from "./errors.js";

/**
 * Options of Terraform and OpenTofu that change what a plan means, or that write something. Set for all runs in
 * `TF_CLI_ARGS*`, they would make a check look at something else than the code and Konnect. True for those that take the next
 * word as their value.
 */
const meaningful: Readonly<Record<string, boolean>> = {
  // What a plan looks at.
  refresh: false,
  "refresh-only": false,
  target: true,
  "target-file": true,
  exclude: true,
  "exclude-file": true,
  replace: true,
  destroy: false,
  invoke: true,
  "allow-deferral": false,
  // What it writes, or how it ends.
  "generate-config-out": true,
  "detailed-exitcode": false,
  // What an init replaces or writes.
  backend: false,
  "from-module": true,
  "migrate-state": false,
  "force-copy": false,
  upgrade: false,
};

/** An environment for Terraform, and what was left out of it. */
export interface TerraformEnvironment {
  env: Record<string, string | undefined>;
  /** `TF_CLI_ARGS_plan: -refresh=false`, one entry a variable. */
  leftOut: string[];
}

/**
 * Leaves the options that change what a plan means out of `TF_CLI_ARGS` and its like; all others stay.
 *
 * @throws GitopsError `GITOPS_TERRAFORM_ARGUMENTS` when a variable with such an option can't be taken apart
 */
export function withoutMeaningfulArguments(
  env: Readonly<Record<string, string | undefined>>,
): TerraformEnvironment {
  const kept: Record<string, string | undefined> = { ...env };
  const leftOut: string[] = [];
  for (const [name, value] of Object.entries(env)) {
    if (!/^TF_CLI_ARGS(_|$)/.test(name) || value === undefined || value === "") continue;
    const words = wordsOf(value);
    if (words === undefined) {
      // Terraform refuses it, or reads a part of it.
      throw gitopsErrors.terraformArguments(name);
    }
    const { rest, found } = partition(words);
    if (found.length === 0) continue;
    kept[name] = rest.map(quoted).join(" ");
    leftOut.push(`${name}: ${found.join(" ")}`);
  }
  return { env: kept, leftOut };
}

function partition(words: readonly string[]): { rest: string[]; found: string[] } {
  const rest: string[] = [];
  const found: string[] = [];
  for (let at = 0; at < words.length; at++) {
    const word = words[at] ?? "";
    const [, name = "", value] = /^--?([^=]+)(=.*)?$/s.exec(word) ?? [];
    const takesNext = Object.hasOwn(meaningful, name) ? meaningful[name] : undefined;
    if (takesNext === undefined) {
      rest.push(word);
      continue;
    }
    found.push(word);
    const next = words[at + 1];
    if (takesNext && value === undefined && next !== undefined) {
      found.push(next);
      at++;
    }
  }
  return { rest, found };
}

/** The words of a line as Terraform reads it: blanks, quotes and backslashes as in a shell, and nothing else of one. */
function wordsOf(line: string): string[] | undefined {
  const words: string[] = [];
  let word: string | undefined;
  let quote = "";
  for (let at = 0; at < line.length; at++) {
    const character = line[at] ?? "";
    if (character === "\\" && quote !== "'") {
      at++;
      if (at === line.length) return undefined;
      word = (word ?? "") + line[at];
    } else if (quote !== "") {
      if (character === quote) quote = "";
      else word = (word ?? "") + character;
    } else if (character === "'" || character === '"') {
      quote = character;
      word ??= "";
    } else if (/[ \t\r\n]/.test(character)) {
      if (word !== undefined) words.push(word);
      word = undefined;
    } else if (/[;&|<>`]/.test(character)) {
      return undefined;
    } else {
      word = (word ?? "") + character;
    }
  }
  if (quote !== "") return undefined;
  return word === undefined ? words : [...words, word];
}

function quoted(word: string): string {
  return /^[\w.:/@=,+-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
