// Messages of these come from the language itself. Any other error may quote a payload in its
// message, and JSON.parse's SyntaxError does.
const speakingErrors = new Set(["TypeError", "RangeError", "ReferenceError"]);

/** A line of a stack: it ends with a place in a file or in Node itself. */
const frame = /^\s+at (?:.* \()?(?:node:|file:\/\/|\/)[^()\s][^()]*:\d+:\d+\)?$/;

/**
 * An error for logs and crash reports: its kind, its code and where it happened, but its message only
 * where that can't hold a request, a response or a secret.
 */
export function safeStack(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const { stack = "", message } = error;
  const trace = stack.slice(Math.max(0, stack.indexOf(message)) + message.length);
  // A message that was changed after the stack was taken is still in there: only true frames pass.
  const frames = trace.split("\n").filter((line) => frame.test(line));
  return [safeHeadline(error), ...frames].join("\n");
}

/** The first line of {@link safeStack}. */
export function safeHeadline(error: unknown): string {
  if (!(error instanceof Error)) return `a thrown ${typeof error}`;
  const code = "code" in error && typeof error.code === "string" ? error.code : undefined;
  if (code !== undefined) return `${error.name} (${code})`;
  return speakingErrors.has(error.name) ? `${error.name}: ${error.message}` : error.name;
}
