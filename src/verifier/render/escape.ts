const entities: Readonly<Record<string, string>> = {
  "&": "&amp;",
  "<": "&lt;",
  ">": "&gt;",
  '"': "&quot;",
  "'": "&#39;",
};

/** Makes a text safe in XML and HTML, in content and in quoted attributes; XML holds no control characters or half pairs. */
export function escapeMarkup(text: string): string {
  return text
    .replace(/[&<>"']/g, (character) => entities[character] ?? character)
    .replace(/[\p{Cc}\p{Cs}\ufffe\uffff]/gu, (bad) =>
      bad === "\n" || bad === "\t" ? bad : "\ufffd",
    );
}

/**
 * Makes a text safe in a Markdown table's cell, where a pipe or a line break would end it.
 *
 * Addresses stay text: a link to where somebody diverted events is none to click, and GitHub shows what is escaped within
 * a link that it finds by itself with the backslashes.
 */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/[\p{Cc}\s]+/gu, " ")
      .replace(/[\\`*_{}[\]<>|~#&]|:(?=\/\/)|(?<=\bwww)\./gi, (character) => `\\${character}`)
      // GitHub notifies whoever is named so, and links what looks like an issue.
      .replace(/@|#(?=\d)/g, (character) => `${character}\u200b`)
  );
}
