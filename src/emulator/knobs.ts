import * as z from "zod";

/**
 * Where the real service is undocumented, or its sources disagree, a knob says which behaviour the emulator has.
 *
 * The defaults are the documented behaviour. `description` is what the control API and the documentation show.
 */
export const knobsSchema = z.strictObject({
  flushIntervalMs: count(200, "How long events are collected before they are sent as a batch."),
  maxBatchEvents: count(1000, "Most events in one delivery.", 1),
  maxRetainedEvents: count(
    100_000,
    "Events kept for each webhook, besides the documented 7 days. Older ones are counted as `evicted`, and as `overflow` if they still waited for delivery.",
    1,
  ),
  attemptTimeoutMs: count(30_000, "How long one delivery attempt may take.", 1),
  retryProfile: z
    .enum(["documented", "retryablehttp"])
    .default("documented")
    .describe(
      "`documented` retries connection errors, 500 and 429; `retryablehttp` retries every 5xx but 501, honours Retry-After and gives up at once on an untrusted certificate, as Go's retryablehttp does.",
    ),
  contentEncoding: z
    .enum(["gzip", "application/gzip"])
    .default("gzip")
    .describe("What deliveries name as Content-Encoding: what is seen, or what is documented."),
  signing: z
    .enum(["signed", "unsigned"])
    .default("signed")
    .describe("Whether delivered lines carry a signature."),
  traceId: z
    .enum(["hex", "decimal"])
    .default("hex")
    .describe(
      "Trace ids as 32 hex digits (2026), or as a number beyond 2^53 (2023 and documentation).",
    ),
  accessEvents: z
    .enum(["writes", "all"])
    .default("writes")
    .describe("Which calls yield an access event: the documentation says both."),
  principalName: flag(false, "Whether events carry `principal_name`."),
  kongInitiated: flag(false, "Whether events carry `kong_initiated`, as Kong's own calls do."),
  v3Delete: z
    .enum(["clears", "keeps-connection"])
    .default("clears")
    .describe(
      "What DELETE /v3/audit-log-webhook leaves of a webhook that was configured with v2: nothing, or endpoint and credential, disabled.",
    ),
  unconfiguredBinding: z
    .enum(["empty", "not-found"])
    .default("empty")
    .describe("How v3 answers for a webhook without destination: with an empty id, or 404."),
  blankAuthorization: z
    .enum(["refuse", "accept"])
    .default("refuse")
    .describe("Whether an empty `authorization` is a 400."),
  missingAuthorization: z
    .enum(["accept", "refuse"])
    .default("accept")
    .describe(
      "Whether a v2 webhook that has no credential yet can get an endpoint without `authorization`: OpenAPI requires no member of the PATCH, but has a 400 that says it cannot be blank.",
    ),
  statusWords: z
    .enum(["documented", "openapi"])
    .default("documented")
    .describe(
      "Whether a region's `webhook_status` can be `unconfigured`, as the documentation says; OpenAPI's enum lacks it.",
    ),
  inactiveWebhook: z
    .enum(["keeps-sending", "stops"])
    .default("keeps-sending")
    .describe(
      "What a webhook does that a failed delivery has made `inactive`: the documentation says that it is still enabled, OpenAPI that it was turned off. One that stops is on again when it is saved with `enabled`.",
    ),
  writeStatus: z
    .enum(["openapi", "how-to"])
    .default("openapi")
    .describe(
      "What PATCH of a webhook and PUT of a replay job answer: 200 and 202 by OpenAPI, 201 in the how-to pages.",
    ),
  pullSignature: z
    .enum(["signature", "sig"])
    .default("signature")
    .describe(
      "What the pull API calls a signature: OpenAPI's name, or that of the documentation and of delivered lines.",
    ),
  pullOrder: z
    .enum(["newest-first", "oldest-first"])
    .default("newest-first")
    .describe(
      "The order of the pull API's list: undocumented, but Kong's own client takes the first page for the most recent events.",
    ),
  listNext: z
    .enum(["link", "cursor", "repeats"])
    .default("link")
    .describe(
      "What `next` and `previous` of a list are: a link, as OpenAPI says, or a bare cursor, which Kong's own client reads as well. With `repeats`, `next` leads to the same page for ever: who reads lists has to notice.",
    ),
  listMeta: z
    .enum(["documented", "other-level", "missing"])
    .default("documented")
    .describe(
      "Where a list tells of its pages: directly in `meta` for destinations and in `meta.page` for audit logs, as OpenAPI says; each the other way; or nowhere, which who reads lists has to notice.",
    ),
  clockSkewMs: z
    .int()
    .default(0)
    .describe("How far the emulator's clock, and so its Date header, is ahead of the machine's."),
  statusLagMs: count(0, "How old the delivery status is that the status call shows."),
  replayStepMs: count(50, "How long a replay job stays `accepted`, and then `pending`."),
});

export type Knobs = z.output<typeof knobsSchema>;

function count(value: number, description: string, minimum = 0) {
  return z.int().min(minimum).default(value).describe(description);
}

function flag(value: boolean, description: string) {
  return z.boolean().default(value).describe(description);
}
