import * as z from "zod";
import { type AuditEvent, eventKind, logFormats } from "../../events/event.js";

const counts = z.record(z.string(), z.number());

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
  updatedAt: z.number().exactOptional(),
});

const channelSettings = z.object({
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
});

/** Everything but the events, which are many and never change. */
export const settingsRecord = z.object({
  type: z.literal("settings"),
  version: z.literal(1),
  /** Ed25519 seeds in hex by region. */
  keys: z.record(z.string(), z.string().regex(/^[0-9a-f]{64}$/)),
  organizations: z.array(
    z.object({
      id: z.string(),
      destinations: z.array(destination),
      channels: z.array(channelSettings),
    }),
  ),
});

const channelName = {
  organization: z.string(),
  region: z.string(),
  portal: z.string().exactOptional(),
};

const eventRecord = z.object({
  type: z.literal("event"),
  ...channelName,
  sequence: z.int().min(0),
  /** Whether it waited for delivery. */
  queued: z.boolean(),
  // Written by us from a typed event: its kind is enough to tell a foreign line.
  event: z.custom<AuditEvent>(
    (value) =>
      typeof value === "object" &&
      value !== null &&
      "name" in value &&
      "kind" in value &&
      eventKind(String(value.name)) === value.kind,
  ),
});

const range = { first: z.int().min(0), last: z.int().min(0) };

const unqueuedRecord = z.object({ type: z.literal("unqueued"), ...channelName, ...range });

const evictedRecord = z.object({ type: z.literal("evicted"), ...channelName, ...range });

const countsRecord = z.object({ type: z.literal("counts"), ...channelName, counts });

/** One line of the state file. */
export const stateRecord = z.discriminatedUnion("type", [
  settingsRecord,
  eventRecord,
  unqueuedRecord,
  evictedRecord,
  countsRecord,
]);

export type StateRecord = z.output<typeof stateRecord>;
export type SettingsRecord = z.output<typeof settingsRecord>;
