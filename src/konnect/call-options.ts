/** What every call may be given. */
export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Replaces the client's User-Agent for one call; audit events carry it. */
  userAgent?: string | undefined;
}
