import type { LogFormat } from "../core/log-format.js";
import { formatCef } from "./cef.js";
import type { AuditEvent } from "./event.js";
import { formatJson, wrapCps } from "./json.js";

/**
 * Writes an event as one line without line break and signature, byte for byte in the shape that Konnect publishes.
 *
 * @param options.numericTraceId see {@link formatJson}; CEF knows no types @default false
 */
export function formatEvent(
  event: AuditEvent,
  format: LogFormat,
  options: { numericTraceId?: boolean } = {},
): string {
  switch (format) {
    case "cef":
      return formatCef(event);
    case "json":
      return formatJson(event, options);
    case "cps":
      return wrapCps(formatJson(event, options));
  }
}
