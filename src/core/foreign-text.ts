import { createRedactor, type Redactor } from "./redaction.js";

declare const clean: unique symbol;

/**
 * Text of others that is safe to show: without the secrets that the process knows, without characters that steer a
 * terminal or reorder a line, without a CI system's commands, and of bounded length.
 *
 * Only this module makes it, so that the compiler refuses raw text where clean text is asked for.
 */
export type CleanText = string & { readonly [clean]: true };

/** Cleans a text. @param most characters of the result. @default 500 */
export type Cleaner = (text: string, most?: number) => CleanText;

/** Characters of a clean text. */
export const longestCleanText = 500;

/** Characters of a line of a message that is made of several clean texts. */
const longestLine = 4_000;

/** What is looked at of a text at all: what lies behind would be cut off in any case. */
const longestLookedAt = 8_192;

/**
 * Makes a cleaner for texts of Konnect, a SIEM, a receiver, Terraform or a file.
 *
 * @param secrets what must not be shown: tokens, credentials, whole header values. Empty ones are ignored
 */
export function createCleaner(secrets: Iterable<string | undefined> = []): Cleaner {
  const redact: Redactor = createRedactor(secrets);
  return (text, most = longestCleanText) => {
    const looked = text.length > longestLookedAt ? text.slice(0, longestLookedAt) : text;
    const shown = withoutCommands(visible(redact(looked)));
    const cut = shown.length > most || looked.length < text.length;
    return (cut ? `${wholeCharacters(shown, most - 1)}…` : shown) as CleanText;
  };
}

/** A cleaner for a process that knows no secret, such as a check of local files. */
export const cleanText: Cleaner = createCleaner();

/** A text that is written out in the code; `never` for any other, templates with something put in among them. */
type WrittenOut<Text extends string> =
  Record<never, never> extends Record<Text, true> ? never : Text;

/** Text that is ours, with nothing of others in it: the compiler takes only what is written out in the code. */
export function ownText<Text extends string>(text: WrittenOut<Text>): CleanText {
  return text as string as CleanText;
}

/**
 * A template of our own words with clean text in between: the compiler refuses raw text there.
 *
 * @example cleanly`Could not read ${clean(name)} (HTTP ${status}).`
 */
export function cleanly(
  words: TemplateStringsArray,
  ...values: readonly (CleanText | number | undefined)[]
): CleanText {
  return words.reduce((text, word, at) => `${text}${values[at - 1] ?? ""}${word}`) as CleanText;
}

/** Joins clean texts by words of our own. */
export function joinClean(texts: readonly CleanText[], separator: string): CleanText {
  return texts.join(separator) as CleanText;
}

/**
 * Cleans a message of several lines, each by itself, and keeps how far each is indented.
 *
 * For the last step before a terminal: parts that are foreign are cleaned where the message is made, because here a line
 * break of theirs can't be told from one of ours.
 *
 * @param mostLines those that follow are left out. @default 200
 */
export function cleanLines(text: string, clean: Cleaner, mostLines = 200): CleanText {
  const lines = text.split("\n");
  const shown = lines.slice(0, mostLines).map((line) => {
    const indent = /^ {0,8}/.exec(line)?.[0] ?? "";
    return `${indent}${clean(line, longestLine)}`;
  });
  if (lines.length > mostLines) shown.push("…");
  return shown.join("\n") as CleanText;
}

/**
 * Makes visible what would steer a terminal, reorder a line or hide in it: control characters, bidirectional and other
 * format characters, line separators, half surrogate pairs. Runs of white space become one blank, so that the text stays on
 * one line.
 */
export function visible(text: string): string {
  return text
    .replace(/[\s\u0085]+/gu, " ")
    .trim()
    .replace(/[\p{Cc}\p{Cf}\p{Cs}\p{Co}\p{Zl}\p{Zp}\p{DI}]/gu, escapeCharacter);
}

function escapeCharacter(character: string): string {
  const code = character.codePointAt(0) ?? 0;
  if (code <= 0xff) return `\\x${code.toString(16).padStart(2, "0")}`;
  return code <= 0xffff ? `\\u${code.toString(16).padStart(4, "0")}` : `\\u{${code.toString(16)}}`;
}

/**
 * Breaks what CI systems read as a command: `::name …::` at a line's beginning and `##[name]` anywhere (GitHub Actions,
 * Azure Pipelines), `##vso[…]` (Azure Pipelines), `##teamcity[…]`, `section_start:` (GitLab). White space may be wrapped
 * to a line break later, so that any place may become a line's beginning.
 */
function withoutCommands(text: string): string {
  return text
    .replace(/:(?=:\s*[a-z])/gi, ": ")
    .replace(/#(?=#[a-z]*\[)/gi, "# ")
    .replace(/\bsection_(?=(?:start|end):)/gi, "section ");
}

/** The first characters of a text, with no half of a surrogate pair at its end. */
function wholeCharacters(text: string, most: number): string {
  const cut = text.slice(0, most);
  return /[\ud800-\udbff]$/.test(cut) ? cut.slice(0, -1) : cut;
}
