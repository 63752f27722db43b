const marker = /(?:^|\s)konnect-audit-probe\/([A-Za-z0-9-]{1,64})(?=\s|$)/;

/** The User-Agent that marks a probe: audit events carry it, so the probe is found again at a receiver or SIEM. */
export function probeUserAgent(probeId: string): string {
  return `konnect-audit-probe/${probeId}`;
}

/** The id of the probe that caused an event, by the event's `user_agent`. */
export function probeIdOf(userAgent: string | undefined): string | undefined {
  return userAgent?.match(marker)?.[1];
}
