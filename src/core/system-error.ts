/**
 * Node's, undici's or OpenSSL's code of a failure (`ENOENT`, `UND_ERR_SOCKET`), or the error's name: never its text, which
 * may hold a URL, a path or somebody else's words.
 */
export function systemCode(error: unknown): string {
  const errors = error instanceof AggregateError ? [...error.errors, error] : [error];
  for (const each of errors) {
    if (each instanceof Error && "code" in each && typeof each.code === "string") return each.code;
  }
  return error instanceof Error ? error.name : "unknown cause";
}
