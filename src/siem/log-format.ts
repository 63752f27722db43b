/** The formats that Konnect's audit-log API documents. */
export type LogFormat = "cef" | "json" | "cps";
