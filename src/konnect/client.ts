import type { Dispatcher } from "undici";
import { type Clock, systemClock } from "./clock.js";
import { defaultRetryPolicy, type RetryPolicy } from "./retry.js";
import { defaultServerUrl } from "./server-url.js";
import { type Answered, Transport } from "./transport.js";
import type { WebhookPatch } from "./webhook.js";
import {
  type JwksAnswer,
  jwksAnswer,
  type Webhook,
  type WebhookStatus,
  webhookAnswer,
  webhookStatusAnswer,
} from "./wire.js";

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

export interface CallOptions {
  signal?: AbortSignal | undefined;
  /** Replaces the client's User-Agent for one call; audit events carry it. */
  userAgent?: string | undefined;
}

/** Konnect's audit-log API; one client serves every region of an organisation. All methods throw KonnectError. */
export interface KonnectClient {
  getWebhook(region: string, options?: CallOptions): Promise<Answered<Webhook>>;
  updateWebhook(
    region: string,
    patch: WebhookPatch,
    options?: CallOptions,
  ): Promise<Answered<Webhook>>;
  getWebhookStatus(region: string, options?: CallOptions): Promise<Answered<WebhookStatus>>;
  /** Ends the regional webhook's configuration (v3; v2 has no DELETE). `false`: there was none. */
  deleteWebhook(region: string, options?: CallOptions): Promise<boolean>;
  getJwks(region: string, options?: CallOptions): Promise<Answered<JwksAnswer>>;
  close(): Promise<void>;
}

const webhookV2 = "/v2/audit-log-webhook";
const webhookV3 = "/v3/audit-log-webhook";

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
    getWebhook: (region, call) =>
      transport.send({
        ...call,
        region,
        action: "read the audit-log webhook",
        method: "GET",
        path: webhookV2,
        answer: webhookAnswer,
      }),
    updateWebhook: (region, patch, call) =>
      transport.send({
        ...call,
        region,
        action: "write the audit-log webhook",
        method: "PATCH",
        path: webhookV2,
        body: patch,
        answer: webhookAnswer,
      }),
    getWebhookStatus: (region, call) =>
      transport.send({
        ...call,
        region,
        action: "read the audit-log webhook's status",
        method: "GET",
        path: `${webhookV2}/status`,
        answer: webhookStatusAnswer,
      }),
    async deleteWebhook(region, call) {
      const { status } = await transport.send<undefined>({
        ...call,
        region,
        action: "remove the audit-log webhook",
        method: "DELETE",
        path: webhookV3,
        tolerated: [404],
      });
      return status !== 404;
    },
    getJwks: (region, call) =>
      transport.send({
        ...call,
        region,
        action: "read the signing keys",
        method: "GET",
        path: `${webhookV2}/jwks.json`,
        answer: jwksAnswer,
      }),
    close: () => transport.close(),
  };
}
