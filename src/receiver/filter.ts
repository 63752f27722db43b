import type { ReceivedEvent } from "./received-event.js";

/** Which events are of interest; what is left out does not limit. */
export interface EventFilter {
  kinds?: readonly string[] | undefined;
  /** 0 to 10. */
  minSeverity?: number | undefined;
  /** An id, or a part of `principal_name`. */
  principal?: string | undefined;
  /** A part of `user_agent`: a probe's marker, for one. */
  userAgent?: string | undefined;
}

/** Says whether an event is of interest; a line that is no audit event passes, because it must not go unseen. */
export function matchesFilter({ event, kind }: ReceivedEvent, filter: EventFilter): boolean {
  if (!event) return true;
  const { kinds, minSeverity, principal, userAgent } = filter;
  return (
    (!kinds || kinds.length === 0 || kinds.includes(kind ?? "")) &&
    (minSeverity === undefined || !(Number(event.severity) < minSeverity)) &&
    (principal === undefined ||
      event.principal_id === principal ||
      (event.principal_name ?? "").includes(principal)) &&
    (userAgent === undefined || (event.user_agent ?? "").includes(userAgent))
  );
}
