/** The formats that Konnect's audit-log API documents. */
export const logFormats = ["cef", "json", "cps"] as const;

/** A format of audit events. */
export type LogFormat = (typeof logFormats)[number];
