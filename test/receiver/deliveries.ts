import { gzipSync } from "node:zlib";
import type { LogFormat } from "../../src/core/log-format.js";
import type { AuthorizationEvent } from "../../src/events/event.js";
import { formatEvent } from "../../src/events/format.js";
import { createSigningKey, formatJwks, readJwks, type SigningKey } from "../../src/events/jwks.js";
import { signLine } from "../../src/events/signature.js";
import type { KeySource } from "../../src/receiver/key-source.js";

export const authorization = "Bearer receiver-test-credential";

/** A fresh key pair and a source that publishes it. */
export function testKey(): { key: SigningKey; source: KeySource } {
  const key = createSigningKey();
  const keySet = readJwks(formatJwks([key]));
  return { key, source: async () => ({ keySet, problems: [] }) };
}

/** What Konnect logs when somebody looks at the webhook. */
export function webhookRead(overrides: Partial<AuthorizationEvent> = {}): AuthorizationEvent {
  return {
    kind: "authorization",
    event_ts: "2026-11-22T10:00:00Z",
    event_product: "Konnect",
    event_class_id: "auditlogs",
    name: "Authz.webhook",
    severity: 1,
    rt: 1_795_341_600_000,
    src: "203.0.113.7",
    action: "read",
    granted: true,
    org_id: "777db3e4-5cb7-4dd5-b51c-9878096a6999",
    principal_id: "eb999f01-5976-4f4b-9fbc-dd5d514bd675",
    trace_id: "6a2c061900000000ec0143e2893a88de",
    user_agent: "curl/8.5.0",
    ...overrides,
  };
}

export function signedLine(
  key: SigningKey,
  event: AuthorizationEvent = webhookRead(),
  format: LogFormat = "cef",
): string {
  return signLine(formatEvent(event, format), format, key.privateKey);
}

/** Posts lines the way Konnect does. */
export function deliver(
  url: string,
  lines: readonly string[],
  init: { headers?: Record<string, string>; body?: Buffer; method?: string } = {},
): Promise<Response> {
  return fetch(url, {
    method: init.method ?? "POST",
    headers: {
      authorization,
      "content-type": "text/plain",
      "content-encoding": "gzip",
      ...init.headers,
    },
    ...(init.method === "GET" ? {} : { body: init.body ?? gzipSync(lines.join("\n")) }),
  });
}
