import * as z from "zod";
import { logFormats } from "../../core/log-format.js";
import { type AuditEvent, eventKind } from "../../events/event.js";

const counts = z.record(z.string(), z.int().min(0));

const connectionFields = {
  endpoint: z.string(),
  authorization: z
    .string()
    .optional()
    .transform((value) => value),
  log_format: z.enum(logFormats),
  skip_ssl_verification: z.boolean(),
};

const connection = z.object(connectionFields);

const destination = z.object({
  ...connectionFields,
  id: z.string(),
  name: z.string(),
  createdAt: z.number(),
  updatedAt: z.number(),
});

const webhook = z.object({
  connection: connection.exactOptional(),
  destinationId: z.string().exactOptional(),
  enabled: z.boolean(),
  includePrincipalName: z.boolean().exactOptional(),
  updatedAt: z.number().exactOptional(),
});

const log = z
  .object({
    first: z.int().min(0),
    // Written by us from typed events: the kind is enough to tell a foreign file.
    events: z.array(
      z.custom<AuditEvent>(
        (value) =>
          typeof value === "object" &&
          value !== null &&
          "name" in value &&
          "kind" in value &&
          eventKind(String(value.name)) === value.kind,
      ),
    ),
    waiting: z.array(z.int().min(0)),
  })
  .refine(({ first, events, waiting }) =>
    waiting.every(
      (sequence, index) =>
        sequence >= (waiting[index - 1] ?? first - 1) + 1 && sequence < first + events.length,
    ),
  );

const channel = z.object({
  region: z.string(),
  portalId: z.string().exactOptional(),
  webhook,
  previousWebhook: webhook,
  status: z.object({
    state: z.enum(["active", "inactive"]),
    lastAttemptAt: z.number().exactOptional(),
    lastResponseCode: z.number().exactOptional(),
    lastResponseMessage: z.string().exactOptional(),
  }),
  replayJob: z.object({
    status: z.enum(["unconfigured", "accepted", "pending", "running", "completed", "failed"]),
    startAt: z.number().exactOptional(),
    endAt: z.number().exactOptional(),
    updatedAt: z.number().exactOptional(),
  }),
  counts,
  log,
});

const state = z.object({
  /** 1 was a file of lines. */
  version: z.literal(2),
  /** Ed25519 seeds in hex by region. */
  keys: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  organizations: z.array(
    z.object({
      id: z.string(),
      destinations: z.array(destination),
      channels: z.array(channel),
    }),
  ),
});

/** What the state file holds. */
export const stateFileSchema = z.strictObject({
  /** Of the state as it is written. */
  sha256: z.string().optional(),
  state,
});

export type State = z.output<typeof state>;
export type StateFileJson = z.input<typeof stateFileSchema>;
export type ChannelState = State["organizations"][0]["channels"][0];
