import { createHash } from "node:crypto";
import * as z from "zod";
import type { AuthenticationOutcome } from "../events/event.js";

/** Whose token a call carries. */
export interface Principal {
  id: string;
  name: string;
  organizationId: string;
  tokenType: "PAT" | "SPAT";
  /** Whether the principal may administer audit logs. */
  isAdmin: boolean;
}

/** A token that the emulator knows. */
export const knownTokenSchema = z.strictObject({
  token: z.string().regex(/^(kpat|spat)_\S+$/, "must start with kpat_ or spat_"),
  /** The organisation's id. */
  organization: z.uuid(),
  principal: z.strictObject({ id: z.uuid(), name: z.string().min(1) }),
  state: z.enum(["active", "expired", "locked", "disabled"]).default("active"),
  /** `admin` may do everything; `none` gets a 403 everywhere. */
  permissions: z.enum(["admin", "none"]).default("admin"),
});

export type KnownToken = z.output<typeof knownTokenSchema>;

/** How a call's token was judged. */
export type Authentication =
  | { outcome: "NONE" }
  | {
      outcome: AuthenticationOutcome;
      principal: Principal;
    };

const outcomes = {
  active: "SUCCESS",
  expired: "TOKEN_EXPIRED",
  locked: "LOCKED",
  disabled: "DISABLED",
} as const;

/** The organisation of every token that no token list names. */
export const defaultOrganizationId = "5f1ab4b1-1a5c-4c1e-9d0a-7e0c2f3b9a64";

/**
 * Makes the judge of bearer tokens.
 *
 * Without a list every well-formed token is an active administrator of one organisation, its principal derived from
 * the token. With a list every other token is unknown. Tokens are kept as digests only.
 */
export function createAuthenticator(
  known: readonly KnownToken[] = [],
): (authorization: string | undefined) => Authentication {
  const byDigest = new Map(known.map((entry) => [digest(entry.token), entry]));
  return (authorization) => {
    const token = /^Bearer +(\S+) *$/i.exec(authorization ?? "")?.[1];
    if (!token) return { outcome: "NONE" };
    const hash = digest(token);
    const entry = byDigest.get(hash);
    const principal: Principal = {
      id: entry?.principal.id ?? uuidOf(hash),
      name: entry?.principal.name ?? "Emulated Administrator (admin@example.com)",
      organizationId: (entry ?? known[0])?.organization.toLowerCase() ?? defaultOrganizationId,
      tokenType: token.startsWith("spat_") ? "SPAT" : "PAT",
      isAdmin: (entry?.permissions ?? "admin") === "admin",
    };
    if (!/^(kpat|spat)_[\w-]+$/.test(token)) return { outcome: "INVALID", principal };
    if (!entry && byDigest.size > 0) return { outcome: "NOT_FOUND", principal };
    return { outcome: outcomes[entry?.state ?? "active"], principal };
  };
}

function digest(token: string): string {
  return createHash("sha256").update(token).digest("hex");
}

function uuidOf(hash: string): string {
  return [
    hash.slice(0, 8),
    hash.slice(8, 12),
    `4${hash.slice(13, 16)}`,
    `8${hash.slice(17, 20)}`,
    hash.slice(20, 32),
  ].join("-");
}
