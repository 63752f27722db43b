import { systemCode } from "../core/system-error.js";

/** Why no connection was made, or why it broke: a code of Node's, undici's or OpenSSL's, for a proxy with what it answered. */
export function failureCode(cause: unknown): string {
  const code = systemCode(cause);
  const detail = cause instanceof Error && "detail" in cause ? cause.detail : undefined;
  return code.startsWith("PROXY_") && typeof detail === "string" ? `${code} ${detail}` : code;
}
