/** The fields that a PATCH may change; an absent one stays as it is. */
export interface WebhookPatch {
  endpoint?: string;
  authorization?: string;
  enabled?: boolean;
  log_format?: string;
  skip_ssl_verification?: boolean;
}

/** True if a webhook was ever configured: `unconfigured` or an empty endpoint means that it was not. */
export function isConfigured({ endpoint }: { endpoint: string }): boolean {
  return endpoint !== "" && endpoint !== "unconfigured";
}
