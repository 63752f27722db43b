import { formatCef } from "./cef.js";
import type { AuditEvent, LogFormat } from "./event.js";
import { formatJson, wrapCps } from "./json.js";

/** Writes an event as one line without line break and signature, byte for byte in the shape that Konnect publishes. */
export function formatEvent(event: AuditEvent, format: LogFormat): string {
  switch (format) {
    case "cef":
      return formatCef(event);
    case "json":
      return formatJson(event);
    case "cps":
      return wrapCps(formatJson(event));
  }
}
