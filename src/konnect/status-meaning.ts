import { type CleanText, cleanly, ownText } from "../core/foreign-text.js";
import type { KonnectErrorCode } from "./errors.js";

const webhookRoles = ownText(
  'the Organization Admin team, or the role "Admin" on "Audit Logs" for this region',
);
const portalRoles = ownText(
  'the Organization Admin team, or the roles "Audit Log Admin" and "Portal Creator"',
);

/** What an answer that is no success means. */
export interface StatusMeaning {
  code: KonnectErrorCode;
  why: CleanText;
  /** What the user can do. */
  remedy: CleanText;
}

const statusMeanings: Readonly<Record<number, StatusMeaning>> = {
  400: {
    code: "KONNECT_BAD_REQUEST",
    why: ownText("Konnect refused the request"),
    remedy: ownText(
      "Correct the value that is named and run again; nothing was changed at Konnect.",
    ),
  },
  401: {
    code: "KONNECT_UNAUTHORIZED",
    why: ownText("Konnect did not accept the token"),
    remedy: ownText(
      "Check that the token (KONNECT_TOKEN or KONNECT_SPAT) is complete, has not expired and belongs to this organisation.",
    ),
  },
  403: {
    code: "KONNECT_FORBIDDEN",
    why: ownText("the token may not do this"),
    remedy: forbiddenRemedy(webhookRoles),
  },
  404: {
    code: "KONNECT_NOT_FOUND",
    why: ownText("Konnect knows no such object"),
    remedy: ownText(
      "Check the region and the id, and that KONNECT_SERVER_URL points at Konnect's API.",
    ),
  },
  409: {
    code: "KONNECT_CONFLICT",
    why: ownText("the request conflicts with the present state"),
    remedy: ownText("Wait until what is named has ended, or remove it, then run again."),
  },
  429: {
    code: "KONNECT_RATE_LIMITED",
    why: ownText("Konnect's rate limit stayed exhausted through every retry"),
    remedy: ownText("Run again later, or lower the parallelism; raise max_retries to wait longer."),
  },
};

function forbiddenRemedy(roles: CleanText): CleanText {
  return cleanly`Give the token's owner ${roles}. If the organisation has an IP allow-list, add the address that this machine calls from; a change of the list takes some minutes.`;
}

/** What a status means for a call of this path. */
export function meaningOf({ path }: { path: string }, status: number): StatusMeaning {
  const known = statusMeanings[status];
  if (known?.code === "KONNECT_FORBIDDEN" && path.startsWith("/v3/portals/")) {
    return { ...known, remedy: forbiddenRemedy(portalRoles) };
  }
  if (known) return known;
  if (status >= 500) {
    return {
      code: "KONNECT_SERVER_ERROR",
      why: ownText("Konnect failed to handle the request"),
      remedy: ownText(
        "Run again later. If it stays, report it to Kong's support with the instance that is named.",
      ),
    };
  }
  return {
    code: "KONNECT_UNEXPECTED_STATUS",
    why: ownText("that is not an answer that this call may have"),
    remedy: ownText(
      "Check that KONNECT_SERVER_URL points at Konnect's API and not at a proxy or a portal.",
    ),
  };
}
