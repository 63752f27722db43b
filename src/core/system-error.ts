/**
 * Node's, undici's or OpenSSL's code of a failure (`ENOENT`, `UND_ERR_SOCKET`) or of what caused it, or the error's name: never
 * its text, which may hold a URL, a path or somebody else's words.
 */
export function systemCode(error: unknown): string {
  return codeOf(error) ?? (error instanceof Error ? error.name : "unknown cause");
}

function codeOf(error: unknown): string | undefined {
  if (!(error instanceof Error)) return undefined;
  const parts = error instanceof AggregateError ? error.errors.map(codeOf) : [];
  const own = "code" in error && typeof error.code === "string" ? error.code : undefined;
  return parts.find((code) => code !== undefined) ?? own ?? codeOf(error.cause);
}

/** True if a process of this machine is alive, somebody else's too. */
export function isAlive(processId: number): boolean {
  try {
    process.kill(processId, 0);
    return true;
  } catch (error) {
    return systemCode(error) !== "ESRCH";
  }
}
