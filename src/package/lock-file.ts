import { packageErrors } from "./errors.js";

/** The name of Terraform's dependency lock file, which lies in the working directory. */
export const lockFileName = ".terraform.lock.hcl";

/** What a lock file records of one provider. */
export interface LockEntry {
  /** Full source address, for example `registry.terraform.io/hashicorp/null`. */
  source: string;
  version: string;
  /** The version constraints that were in force when the version was chosen. */
  constraints?: string;
  /** Accepted hashes of the package; none means that `init` records what it installs. */
  hashes: readonly string[];
}

interface Block {
  source: string;
  /** Index of the first line, and of the line after the last. */
  start: number;
  end: number;
}

const terraformHeader = [
  '# This file is maintained automatically by "terraform init".',
  "# Manual edits may be lost in future updates.",
];

/**
 * Reads the entries of a lock file.
 *
 * @throws PackageError `LOCK_FILE_UNREADABLE`
 */
export function parseLockFile(text: string): LockEntry[] {
  const lines = splitLines(text);
  return findBlocks(lines).map(({ source, start, end }) =>
    readEntry(source, lines.slice(start, end).join("\n")),
  );
}

/**
 * Puts entries into a lock file in place of those for the same providers; every other entry stays as it is, byte for
 * byte. The result is formatted as Terraform formats it.
 *
 * @param text the file's content; `undefined` when there is none yet
 * @throws PackageError `LOCK_FILE_UNREADABLE`
 */
export function mergeLockEntries(text: string | undefined, entries: readonly LockEntry[]): string {
  const lines = splitLines(text?.trim() ? text : `${terraformHeader.join("\n")}\n`);
  for (const entry of entries) putEntry(lines, entry);
  return `${lines.join("\n")}\n`;
}

function putEntry(lines: string[], entry: LockEntry): void {
  const blocks = findBlocks(lines);
  const formatted = formatEntry(entry);
  const own = blocks.find(({ source }) => source === entry.source);
  if (own) {
    lines.splice(own.start, own.end - own.start, ...formatted);
    return;
  }
  const next = blocks.find(({ source }) => bySource(source, entry.source) > 0);
  if (next) lines.splice(next.start, 0, ...formatted, "");
  else lines.push("", ...formatted);
}

function splitLines(text: string): string[] {
  return text.trimEnd().split(/\r?\n/);
}

/** Terraform writes blocks that begin and end in the first column, so lines are all that has to be told apart. */
function findBlocks(lines: readonly string[]): Block[] {
  const blocks: Block[] = [];
  let open: { source: string; start: number } | undefined;
  for (const [index, line] of lines.entries()) {
    if (open) {
      if (line.trimEnd() !== "}") continue;
      blocks.push({ ...open, end: index + 1 });
      open = undefined;
      continue;
    }
    const source = /^provider\s+"([^"]+)"\s*\{\s*$/.exec(line)?.[1];
    if (source) open = { source, start: index };
    else if (!/^\s*(#.*|\/\/.*)?$/.test(line)) {
      throw packageErrors.lockFileUnreadable(
        index + 1,
        "is neither a comment nor the start of a provider's block",
      );
    }
  }
  if (open) throw packageErrors.lockFileUnreadable(open.start + 1, "opens a block that never ends");
  return blocks;
}

function readEntry(source: string, body: string): LockEntry {
  const constraints = /^\s*constraints\s*=\s*"([^"]*)"/m.exec(body)?.[1];
  const list = /^\s*hashes\s*=\s*\[([^\]]*)\]/m.exec(body)?.[1] ?? "";
  return {
    source,
    version: /^\s*version\s*=\s*"([^"]*)"/m.exec(body)?.[1] ?? "",
    ...(constraints === undefined ? {} : { constraints }),
    hashes: [...list.matchAll(/"([^"]*)"/g)].map((match) => match[1] ?? ""),
  };
}

function formatEntry({ source, version, constraints, hashes }: LockEntry): string[] {
  const lines = [`provider "${source}" {`];
  if (constraints === undefined) lines.push(`  version = "${version}"`);
  else lines.push(`  version     = "${version}"`, `  constraints = "${constraints}"`);
  if (hashes.length > 0) {
    lines.push("  hashes = [", ...[...hashes].sort().map((hash) => `    "${hash}",`), "  ]");
  }
  return [...lines, "}"];
}

/** Terraform's order: by host, then namespace, then type. */
function bySource(a: string, b: string): number {
  const [left, right] = [a.split("/"), b.split("/")];
  for (const [index, part] of left.entries()) {
    const other = right[index] ?? "";
    if (part !== other) return part < other ? -1 : 1;
  }
  return 0;
}
