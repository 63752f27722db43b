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

/** Makes a text safe in a Markdown table's cell, where a pipe or a line break would end it. */
export function escapeMarkdown(text: string): string {
  return (
    text
      .replace(/[\p{Cc}\s]+/gu, " ")
      .replace(/[\\`*_{}[\]<>|~#]/g, (character) => `\\${character}`)
      // GitHub notifies whoever is named so, and links what looks like an issue.
      .replaceAll("@", "@\u200b")
  );
}
