import type { LogFormat } from "../core/log-format.js";
import { EventLog } from "./event-log.js";

/** Where and how events are sent: what a v2 webhook holds itself and a v3 webhook takes from its destination. */
export interface Connection {
  endpoint: string;
  authorization: string | undefined;
  log_format: LogFormat;
  skip_ssl_verification: boolean;
}

/** A named connection of the organisation, for webhooks in all regions. */
export interface Destination extends Connection {
  id: string;
  name: string;
  createdAt: number;
  updatedAt: number;
}

/**
 * The settings of a webhook: one a region, one a Dev Portal.
 *
 * v2 and v3 are two views of it: it holds either a connection of its own, or a destination's id, or neither.
 */
export interface Webhook {
  connection?: Connection;
  destinationId?: string;
  enabled: boolean;
  /** Of a Dev Portal's: whether its events carry `principal_name`. */
  includePrincipalName?: boolean;
  /** `undefined` before the first change. */
  updatedAt?: number;
}

/** How deliveries fare. */
export interface DeliveryStatus {
  state: "active" | "inactive";
  lastAttemptAt?: number;
  /** Left out when the receiver gave no answer. */
  lastResponseCode?: number;
  lastResponseMessage?: string;
}

export type ReplayState =
  | "unconfigured"
  | "accepted"
  | "pending"
  | "running"
  | "completed"
  | "failed";

export interface ReplayJob {
  status: ReplayState;
  startAt?: number;
  endAt?: number;
  updatedAt?: number;
}

/** What became of a webhook's events, each counted once. */
export interface DeliveryCounts {
  recorded: number;
  delivered: number;
  /** Delivered once more by a replay job. */
  replayed: number;
  attempts: number;
  /** The receiver refused them for good, or the retries were spent. */
  lost: number;
  /** They waited when too many were kept: they were never sent. */
  overflow: number;
  /** They waited when the webhook was turned off. */
  discarded: number;
  /** A fault lost them. */
  dropped: number;
  /** Too many were kept: neither replay nor pull can bring them any more. */
  evicted: number;
}

/** A webhook with everything that belongs to it. */
export interface Channel {
  readonly organizationId: string;
  readonly region: string;
  readonly portalId: string | undefined;
  webhook: Webhook;
  /** What a stale read shows. */
  previousWebhook: Webhook;
  /** Every status since the oldest that a lagging status call could show. */
  statusHistory: { at: number; status: DeliveryStatus }[];
  replayJob: ReplayJob;
  /** What was recorded, and what of it waits for delivery. */
  readonly log: EventLog;
  readonly counts: DeliveryCounts;
}

/** An organisation: its destinations, and a channel for each region and Dev Portal that was used. */
export class Organization {
  readonly destinations = new Map<string, Destination>();
  readonly #channels = new Map<string, Channel>();

  constructor(readonly id: string) {}

  /** The channel of a region, or of a Dev Portal in it; a new one is forgotten unless it is kept. */
  channel(region: string, portalId?: string): Channel {
    return this.#channels.get(keyOf(region, portalId)) ?? createChannel(this.id, region, portalId);
  }

  /** Makes a channel the one of its region or Dev Portal. */
  keep(channel: Channel): void {
    this.#channels.set(keyOf(channel.region, channel.portalId), channel);
  }

  channels(): Channel[] {
    return [...this.#channels.values()];
  }

  /** The connection that a channel's webhook sends with; `undefined` when it was never configured. */
  connectionOf({ connection, destinationId }: Webhook): Connection | undefined {
    return destinationId === undefined ? connection : this.destinations.get(destinationId);
  }

  isInUse(destinationId: string): boolean {
    return this.channels().some(({ webhook }) => webhook.destinationId === destinationId);
  }
}

function keyOf(region: string, portalId: string | undefined): string {
  return portalId ? `${region}/${portalId}` : region;
}

/** The newest status of a channel. */
export function currentStatus({ statusHistory }: Channel): DeliveryStatus {
  return statusHistory.at(-1)?.status ?? { state: "active" };
}

/** The status that was the newest `lag` milliseconds ago. */
export function laggingStatus(channel: Channel, now: number, lag: number): DeliveryStatus {
  const visible = channel.statusHistory.findLast(({ at }) => at <= now - lag);
  return visible?.status ?? channel.statusHistory[0]?.status ?? { state: "active" };
}

const maxStatusHistory = 1000;

/**
 * Notes a new status.
 *
 * @param lag how old the statuses are that status calls show, in milliseconds
 */
export function noteStatus(
  channel: Channel,
  now: number,
  status: DeliveryStatus,
  lag: number,
): void {
  const { statusHistory } = channel;
  statusHistory.push({ at: now, status });
  const visible = statusHistory.findLastIndex(({ at }) => at <= now - lag);
  statusHistory.splice(0, Math.max(visible, statusHistory.length - maxStatusHistory, 0));
}

function createChannel(
  organizationId: string,
  region: string,
  portalId: string | undefined,
): Channel {
  return {
    organizationId,
    region,
    portalId,
    webhook: { enabled: false },
    previousWebhook: { enabled: false },
    statusHistory: [{ at: Number.NEGATIVE_INFINITY, status: { state: "active" } }],
    replayJob: { status: "unconfigured" },
    log: new EventLog(),
    counts: {
      recorded: 0,
      delivered: 0,
      replayed: 0,
      attempts: 0,
      lost: 0,
      overflow: 0,
      discarded: 0,
      dropped: 0,
      evicted: 0,
    },
  };
}
