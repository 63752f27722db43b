import type { Dispatcher } from "undici";
import { type Clock, systemClock } from "../core/clock.js";
import { type AuditLogApi, createAuditLogApi } from "./audit-log-api.js";
import { createDestinationApi, type DestinationApi } from "./destination-api.js";
import { createPortalApi, type PortalApi } from "./portal-api.js";
import { defaultRetryPolicy, type RetryPolicy } from "./retry.js";
import { defaultServerUrl } from "./server-url.js";
import { Transport } from "./transport.js";
import { createWebhookApi, type WebhookApi } from "./webhook-api.js";

export type { CallOptions } from "./call-options.js";

export interface KonnectClientOptions {
  /** A personal or system account access token. */
  token: string;
  /** May hold `{region}`. @default "https://{region}.api.konghq.com" */
  serverUrl?: string | undefined;
  /** Says who calls. @default "konnect-audit" */
  userAgent?: string | undefined;
  /** Milliseconds that one try may take. @default 30000 */
  requestTimeout?: number | undefined;
  retry?: Partial<RetryPolicy> | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  /** undici's dispatcher, for proxies. @default an own agent with kept-alive connections */
  dispatcher?: Dispatcher | undefined;
}

/** Konnect's audit-log API; one client serves every region of an organisation. All methods throw KonnectError. */
export interface KonnectClient extends WebhookApi, DestinationApi, PortalApi, AuditLogApi {
  close(): Promise<void>;
}

/** Makes a client for one organisation. */
export function createKonnectClient(options: KonnectClientOptions): KonnectClient {
  const transport = new Transport({
    serverUrl: options.serverUrl ?? defaultServerUrl,
    token: options.token,
    userAgent: options.userAgent ?? "konnect-audit",
    requestTimeout: options.requestTimeout ?? 30_000,
    retry: { ...defaultRetryPolicy, ...options.retry },
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    ...(options.dispatcher ? { dispatcher: options.dispatcher } : {}),
  });
  return {
    ...createWebhookApi(transport),
    ...createDestinationApi(transport),
    ...createPortalApi(transport),
    ...createAuditLogApi(transport),
    close: () => transport.close(),
  };
}
