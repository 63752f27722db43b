import { ownText } from "../core/foreign-text.js";
import type { CallOptions } from "./call-options.js";
import { withCleanJob, withCleanSettings, withCleanStatus } from "./shown-words.js";
import type { Answered, Transport } from "./transport.js";
import type { WebhookPatch } from "./webhook.js";
import {
  type Binding,
  bindingAnswer,
  type JwksAnswer,
  jwksAnswer,
  type ReplayJob,
  replayJobAnswer,
  type Webhook,
  type WebhookStatus,
  webhookAnswer,
  webhookStatusAnswer,
} from "./wire.js";

/** The fields of a binding that a PATCH may change; an absent one stays as it is. */
export interface BindingPatch {
  audit_log_destination_id?: string;
  enabled?: boolean;
}

/** A stretch of time to deliver again; RFC 3339. */
export interface ReplayRange {
  start_at: string;
  end_at: string;
}

/** The webhook of a region, in its v2 and its v3 view. */
export interface WebhookApi {
  getWebhook(region: string, options?: CallOptions): Promise<Answered<Webhook>>;
  updateWebhook(
    region: string,
    patch: WebhookPatch,
    options?: CallOptions,
  ): Promise<Answered<Webhook>>;
  getWebhookStatus(region: string, options?: CallOptions): Promise<Answered<WebhookStatus>>;
  /** Ends the regional webhook's configuration (v3; v2 has no DELETE). `false`: there was none. */
  deleteWebhook(region: string, options?: CallOptions): Promise<boolean>;
  /** The v3 view. `undefined`: none, where Konnect answers 404 for that. */
  getBinding(region: string, options?: CallOptions): Promise<Answered<Binding> | undefined>;
  updateBinding(
    region: string,
    patch: BindingPatch,
    options?: CallOptions,
  ): Promise<Answered<Binding>>;
  getJwks(region: string, options?: CallOptions): Promise<Answered<JwksAnswer>>;
  getReplayJob(region: string, options?: CallOptions): Promise<Answered<ReplayJob>>;
  /** Each call starts another job, so that it is not repeated when its answer is lost. */
  startReplayJob(
    region: string,
    range: ReplayRange,
    options?: CallOptions,
  ): Promise<Answered<ReplayJob>>;
}

const v2 = "/v2/audit-log-webhook";
const v3 = "/v3/audit-log-webhook";
const replayJob = "/v3/audit-log-replay-job";

export function createWebhookApi(transport: Transport): WebhookApi {
  return {
    getWebhook: (region, options) =>
      transport.send({
        ...options,
        region,
        method: "GET",
        path: v2,
        answer: webhookAnswer,
        cleaned: withCleanSettings,
        action: ownText("read the audit-log webhook"),
      }),
    updateWebhook: (region, body, options) =>
      transport.send({
        ...options,
        region,
        method: "PATCH",
        path: v2,
        body,
        answer: webhookAnswer,
        cleaned: withCleanSettings,
        action: ownText("write the audit-log webhook"),
      }),
    getWebhookStatus: (region, options) =>
      transport.send({
        ...options,
        region,
        method: "GET",
        path: `${v2}/status`,
        answer: webhookStatusAnswer,
        cleaned: withCleanStatus,

        action: ownText("read the audit-log webhook's status"),
      }),
    deleteWebhook: (region, options) =>
      transport.remove({
        ...options,
        region,
        method: "DELETE",
        path: v3,
        action: ownText("remove the audit-log webhook"),
      }),
    getBinding: (region, options) =>
      transport.find({
        ...options,
        region,
        method: "GET",
        path: v3,
        answer: bindingAnswer,
        action: ownText("read the webhook's destination"),
      }),
    updateBinding: (region, body, options) =>
      transport.send({
        ...options,
        region,
        method: "PATCH",
        path: v3,
        body,
        answer: bindingAnswer,
        action: ownText("bind the webhook to its destination"),
      }),
    getJwks: (region, options) =>
      transport.send({
        ...options,
        region,
        method: "GET",
        path: `${v2}/jwks.json`,
        answer: jwksAnswer,

        action: ownText("read the signing keys"),
      }),
    getReplayJob: (region, options) =>
      transport.send({
        ...options,
        region,
        method: "GET",
        path: replayJob,
        answer: replayJobAnswer,
        cleaned: withCleanJob,
        action: ownText("read the replay job"),
      }),
    startReplayJob: (region, body, options) =>
      transport.send({
        ...options,
        region,
        method: "PUT",
        path: replayJob,
        body,
        answer: replayJobAnswer,
        cleaned: withCleanJob,
        once: true,
        action: ownText("start the replay job"),
      }),
  };
}
