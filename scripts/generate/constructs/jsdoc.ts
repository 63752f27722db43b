import type * as z from "zod";
import { camelCase } from "../../../src/constructs/from-schema/camel-case.js";

const width = 100;

/** A JSDoc comment with its line break, on one line where it fits. @param indent blanks before each line */
export function docComment(paragraphs: readonly string[], indent: number): string {
  const blanks = " ".repeat(indent);
  const line = `${blanks}/** ${paragraphs.join(" ")} */`;
  if (line.length <= width) return `${line}\n`;
  const lines = paragraphs.flatMap((text) => wrap(text, width - indent - 3));
  return `${blanks}/**\n${lines.map((text) => `${blanks} * ${text}\n`).join("")}${blanks} */\n`;
}

/** Breaks at blanks; a word that is longer than the line stays whole. */
function wrap(text: string, length: number): string[] {
  const lines: string[] = [];
  let line = "";
  for (const word of text.split(" ")) {
    if (line && line.length + 1 + word.length > length) {
      lines.push(line);
      line = word;
    } else {
      line = line ? `${line} ${word}` : word;
    }
  }
  return [...lines, line];
}

/** Descriptions speak of attributes by Terraform's names; TypeScript has its own. */
export function camelCaseNames(description: string, { shape }: z.ZodObject): string {
  return description.replace(/`([a-z]+(?:_[a-z]+)+)`/g, (whole, name: string) =>
    name in shape ? `\`${camelCase(name)}\`` : whole,
  );
}
