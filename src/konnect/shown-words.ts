import type { Cleaner } from "../core/foreign-text.js";
import { logFormats } from "../core/log-format.js";
import type { ReplayJob, WebhookStatus } from "./wire.js";

/**
 * Words of answers that are there to be shown. They are cleaned where they come in, with the client's secrets: a SIEM that
 * quotes the credential does so in `last_response_message`. Settings, names and ids stay as they are, since they are compared
 * and sent back; who shows those cleans them.
 */

const longestWord = 80;

const documentedFormats: ReadonlySet<string> = new Set(logFormats);

/** The status of a webhook with its words cleaned. */
export function withCleanStatus(status: WebhookStatus, clean: Cleaner): WebhookStatus {
  const { last_response_message: message } = status;
  return {
    ...status,
    webhook_status: clean(status.webhook_status, longestWord),
    last_response_message: message === null ? null : clean(message),
  };
}

/** A replay job with its words cleaned. */
export function withCleanJob(job: ReplayJob, clean: Cleaner): ReplayJob {
  return { ...job, status: clean(job.status, longestWord) };
}

/** A webhook or a destination with its words cleaned; a documented format is as it is, whatever the credential may be. */
export function withCleanSettings<
  Settings extends { log_format: string; updated_at: string | null },
>(settings: Settings, clean: Cleaner): Settings {
  const { log_format: format, updated_at: updated } = settings;
  return {
    ...settings,
    log_format: documentedFormats.has(format) ? format : clean(format, longestWord),
    updated_at: updated === null ? null : clean(updated, longestWord),
  };
}
