import { ownText } from "../core/foreign-text.js";
import type { CallOptions } from "./call-options.js";
import { followPages } from "./pages.js";
import type { Transport } from "./transport.js";
import { type AuditLogRecord, auditLogsAnswer } from "./wire.js";

/** Which records are read; the bounds are inclusive, in milliseconds since the epoch. */
export interface AuditLogFilter {
  /** @default what Konnect takes for it: its documentation says seven days before `until` */
  from?: number;
  /** @default now */
  until?: number;
  type?: "authorization" | "authentication" | "gateway_access";
}

/** What Konnect recorded in a region, whether or not it was delivered. */
export interface AuditLogApi {
  /** Reads a page when its first record is wanted; the order of records is not documented. */
  getAuditLogs(
    region: string,
    filter?: AuditLogFilter,
    options?: CallOptions,
  ): AsyncGenerator<AuditLogRecord, void, void>;
}

// The most that Konnect gives at once (its OpenAPI document v3 3.0.7).
const pageSize = 1_000;
/** Ten million records. */
const mostPages = 10_000;

export function createAuditLogApi(transport: Transport): AuditLogApi {
  return {
    getAuditLogs: (region, filter = {}, options) =>
      followPages(
        transport,
        {
          ...options,
          region,
          method: "GET",
          path: "/v3/audit-logs",
          query: queryOf(filter),
          answer: auditLogsAnswer,
          action: ownText("read the recorded audit logs"),
        },
        { pageSize, mostPages },
      ),
  };
}

function queryOf({ from, until, type }: AuditLogFilter): Record<string, string> {
  return {
    ...(from === undefined ? {} : { "filter[ts][gte]": new Date(from).toISOString() }),
    ...(until === undefined ? {} : { "filter[ts][lte]": new Date(until).toISOString() }),
    ...(type === undefined ? {} : { "filter[type]": type }),
  };
}
