import { closeSync, openSync, readSync, renameSync, rmSync, writeSync } from "node:fs";

// A file may hold more than one JavaScript string can: it is read and written piece by piece.
const pieceBytes = 1024 * 1024;

/** The lines of a file; what follows the last line break is none: a kill cut it off. */
export function* readLines(file: string): Generator<string> {
  const descriptor = openSync(file, "r");
  try {
    const piece = Buffer.alloc(pieceBytes);
    let rest = Buffer.alloc(0);
    for (;;) {
      const length = readSync(descriptor, piece);
      if (length === 0) return;
      const bytes = Buffer.concat([rest, piece.subarray(0, length)]);
      const end = bytes.lastIndexOf("\n") + 1;
      rest = bytes.subarray(end);
      if (end > 0) yield* bytes.toString("utf8", 0, end - 1).split("\n");
    }
  } finally {
    closeSync(descriptor);
  }
}

/** Puts lines in a file's place, in one step: there is always the old content or the new one. */
export function replaceFile(file: string, lines: Iterable<string>, mode: number): void {
  const temporary = `${file}.${process.pid}.tmp`;
  try {
    writeFile(temporary, lines, mode);
    renameSync(temporary, file);
  } catch (error) {
    rmSync(temporary, { force: true });
    throw error;
  }
}

function writeFile(file: string, lines: Iterable<string>, mode: number): void {
  const descriptor = openSync(file, "w", mode);
  try {
    let piece: string[] = [];
    let length = 0;
    for (const line of lines) {
      piece.push(line);
      length += line.length;
      if (length < pieceBytes) continue;
      writeAll(descriptor, piece);
      piece = [];
      length = 0;
    }
    writeAll(descriptor, piece);
  } finally {
    closeSync(descriptor);
  }
}

function writeAll(descriptor: number, lines: readonly string[]): void {
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(""));
  for (let written = 0; written < bytes.length; ) {
    written += writeSync(descriptor, bytes, written);
  }
}
