/** The formats that Konnect's audit-log API documents. */
export type LogFormat = "cef" | "json" | "cps";

/** All of them. */
export const logFormats = ["cef", "json", "cps"] as const satisfies readonly LogFormat[];
