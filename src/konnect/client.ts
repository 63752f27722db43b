import type { Dispatcher } from "undici";
import { type Clock, systemClock } from "../core/clock.js";
import type { Cleaner } from "../core/foreign-text.js";
import { type AuditLogApi, createAuditLogApi } from "./audit-log-api.js";
import { createDestinationApi, type DestinationApi } from "./destination-api.js";
import { konnectErrors } from "./errors.js";
import { createPortalApi, type PortalApi } from "./portal-api.js";
import { defaultRetryPolicy, type RetryPolicy } from "./retry.js";
import { defaultServerUrl } from "./server-url.js";
import { Transport } from "./transport.js";
import { createWebhookApi, type WebhookApi } from "./webhook-api.js";

export type { CallOptions } from "./call-options.js";

export interface KonnectClientOptions {
  /** A personal or system account access token. */
  token: string;
  /**
   * What else must not be shown of what Konnect says, besides the token and the credentials that are sent: a proxy's
   * password, the SIEM's credential. @default none
   */
  secrets?: Iterable<string | undefined> | undefined;
  /** May hold `{region}`. @default "https://{region}.api.konghq.com" */
  serverUrl?: string | undefined;
  /** Says who calls. @default "konnect-audit" */
  userAgent?: string | undefined;
  /** Milliseconds that one try may take, from the look-up of the host's name to the last byte. @default 30000 */
  requestTimeout?: number | undefined;
  retry?: Partial<RetryPolicy> | undefined;
  clock?: Clock | undefined;
  random?: (() => number) | undefined;
  /** undici's dispatcher, for proxies. @default an own agent with kept-alive connections */
  dispatcher?: Dispatcher | undefined;
}

/** Konnect's audit-log API; one client serves every region of an organisation. All methods throw KonnectError. */
export interface KonnectClient extends WebhookApi, DestinationApi, PortalApi, AuditLogApi {
  /**
   * Cleans text of Konnect's answers, or any other, for showing: without the token and every credential that this client
   * was given or has sent.
   */
  readonly clean: Cleaner;
  /** Has a secret taken out of what Konnect says from now on. */
  protect(secret: string | null | undefined): void;
  close(): Promise<void>;
}

/**
 * Makes a client for one organisation.
 *
 * @throws KonnectError `KONNECT_OPTION_INVALID` for a time or a count that can't be waited for or counted to
 */
export function createKonnectClient(options: KonnectClientOptions): KonnectClient {
  const retry = { ...defaultRetryPolicy, ...options.retry };
  const requestTimeout = options.requestTimeout ?? 30_000;
  checkTimes({ requestTimeout, ...retry });
  const transport = new Transport({
    serverUrl: options.serverUrl ?? defaultServerUrl,
    token: options.token,
    userAgent: options.userAgent ?? "konnect-audit",
    secrets: options.secrets ?? [],
    requestTimeout,
    retry,
    clock: options.clock ?? systemClock,
    random: options.random ?? Math.random,
    ...(options.dispatcher ? { dispatcher: options.dispatcher } : {}),
  });
  return {
    ...createWebhookApi(transport),
    ...createDestinationApi(transport),
    ...createPortalApi(transport),
    ...createAuditLogApi(transport),
    clean: (text, most) => transport.clean(text, most),
    protect: (secret) => transport.protect(secret),
    close: () => transport.close(),
  };
}

/** A day: more is a mistake in the unit, and timers that wait longer than 24 days fire at once. */
const longestTime = 86_400_000;
const mostRetries = 100;

function checkTimes({ maxRetries, ...times }: RetryPolicy & { requestTimeout: number }): void {
  if (!Number.isInteger(maxRetries) || maxRetries < 0 || maxRetries > mostRetries) {
    throw konnectErrors.optionInvalid(
      "maxRetries",
      `must be a whole number from 0 to ${mostRetries}`,
    );
  }
  for (const [name, time] of Object.entries(times)) {
    if (time > 0 && time <= longestTime) continue;
    throw konnectErrors.optionInvalid(
      name,
      `must be more than 0 and at most ${longestTime} milliseconds`,
    );
  }
}
