import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { micromark } from "micromark";
import { gfm, gfmHtml } from "micromark-extension-gfm";

const styles = createRequire(import.meta.url).resolve("github-markdown-css/github-markdown.css");

/** Markdown as GitHub shows it: its dialect, its filter of dangerous tags, its style. */
export async function renderGitHubMarkdown(markdown: string): Promise<string> {
  const body = micromark(markdown, {
    allowDangerousHtml: true,
    extensions: [gfm()],
    htmlExtensions: [gfmHtml()],
  });
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="color-scheme" content="light dark">
<title>Comment</title>
<style>${await readFile(styles, "utf8")}
body { margin: 0; }
.markdown-body { box-sizing: border-box; max-width: 60rem; margin: 0 auto; padding: 2rem; }
</style>
</head>
<body><main class="markdown-body">${body}</main></body>
</html>
`;
}
