import type { AuditEvent } from "../../events/event.js";
import type { Knobs } from "../knobs.js";
import type { Channel, Connection } from "../organization.js";
import { currentStatus, noteStatus } from "../organization.js";
import type { DeliveryContext } from "./context.js";
import { encodeDelivery } from "./encode.js";
import { type AttemptResult, isAccepted, nextWait } from "./retry.js";
import { createSender } from "./send.js";

/** Delivers one channel's events: collects, sends, retries. */
export interface Courier {
  /** Takes events in; those of a disabled webhook are kept for replay only. */
  accept(events: readonly AuditEvent[]): void;
  /** Tells that the webhook's settings changed: what waits for a retry is tried at once with the new ones. */
  reconfigured(): void;
  /** Sends events of the past once more; resolves to whether the receiver took all of them. */
  redeliver(events: readonly AuditEvent[], signal: AbortSignal): Promise<boolean>;
  /** Resolves when nothing waits any more. */
  idle(): Promise<void>;
  close(): Promise<void>;
}

/** Starts a courier; it works only while there are events. */
export function createCourier(channel: Channel, context: DeliveryContext): Courier {
  const { clock, knobs } = context;
  const sender = createSender();
  const stopped = new AbortController();
  let changed = new AbortController();
  let work: Promise<void> | undefined;
  // Replays and live events take turns: one webhook has one delivery under way.
  let turn: Promise<unknown> = Promise.resolve();

  const inTurn = <T>(task: () => Promise<T>): Promise<T> => {
    const next = turn.then(task);
    turn = next.catch(() => undefined); // the one who waits for `next` handles it
    return next;
  };

  const deliver = async (batch: readonly AuditEvent[], signal: AbortSignal): Promise<boolean> => {
    const effects = context.strikeDelivery(channel.region);
    if (effects.some(({ kind }) => kind === "drop")) {
      channel.counts.dropped += batch.length;
      return true;
    }
    for (let retries = 0; ; ) {
      const connection = context.connectionOf(channel);
      if (!connection || !channel.webhook.enabled) {
        channel.counts.discarded += batch.length;
        return false;
      }
      const result = await attempt(batch, connection, effects, signal);
      if (isAccepted(result)) {
        channel.counts.delivered += batch.length;
        if (effects.some(({ kind }) => kind === "duplicate")) {
          await attempt(batch, connection, effects, signal);
        }
        return true;
      }
      const wait = nextWait(result, retries, knobs.retryProfile, context.now());
      if (wait === undefined) {
        noteStatus(channel, context.now(), { ...currentStatus(channel), state: "inactive" });
        channel.counts.lost += batch.length;
        return false;
      }
      retries = (await sleepUnlessChanged(wait, signal)) ? 0 : retries + 1;
    }
  };

  const attempt = async (
    batch: readonly AuditEvent[],
    connection: Connection,
    effects: ReturnType<DeliveryContext["strikeDelivery"]>,
    signal: AbortSignal,
  ): Promise<AttemptResult> => {
    const diverted = effects.find((effect) => effect.kind === "divert");
    const at = context.now();
    const result = await sender.send(
      {
        endpoint: diverted?.endpoint ?? connection.endpoint,
        authorization: connection.authorization,
        skipSslVerification: connection.skip_ssl_verification,
        contentEncoding: knobs.contentEncoding,
        body: await encodeDelivery(batch, channel.region, connection.log_format, effects, context),
        timeoutMs: knobs.attemptTimeoutMs,
      },
      signal,
    );
    channel.counts.attempts += 1;
    noteStatus(channel, context.now(), {
      state: isAccepted(result) ? "active" : currentStatus(channel).state,
      lastAttemptAt: at,
      ...(result.kind === "answered" ? { lastResponseCode: result.status } : {}),
      lastResponseMessage: result.message,
    });
    context.attempted({ channel, at, events: batch.length, endpoint: connection.endpoint, result });
    return result;
  };

  /** @returns whether the settings changed meanwhile */
  const sleepUnlessChanged = async (wait: number, signal: AbortSignal): Promise<boolean> => {
    const change = changed.signal;
    try {
      await clock.sleep(wait, { signal: AbortSignal.any([signal, change]) });
    } catch (error) {
      signal.throwIfAborted();
      if (!change.aborted) throw error;
    }
    return change.aborted;
  };

  const drain = async (): Promise<void> => {
    while (channel.queue.length > 0) {
      if (channel.queue.length < knobs.maxBatchEvents) {
        await clock.sleep(knobs.flushIntervalMs, { signal: stopped.signal });
      }
      await inTurn(() => deliver(channel.queue.splice(0, knobs.maxBatchEvents), stopped.signal));
    }
  };

  const start = () => {
    if (work || stopped.signal.aborted || channel.queue.length === 0) return;
    work = drain()
      .catch((error: unknown) => {
        if (!stopped.signal.aborted) context.failed(channel, error);
      })
      .finally(() => {
        work = undefined;
        start();
      });
  };

  return {
    accept(events) {
      channel.counts.recorded += events.length;
      channel.log.append(events, context.now(), knobs.maxRetainedEvents);
      if (!channel.webhook.enabled) return;
      channel.queue.push(...events);
      channel.counts.overflow += dropOldest(channel, knobs);
      start();
    },
    reconfigured() {
      if (!channel.webhook.enabled) {
        channel.counts.discarded += channel.queue.splice(0).length;
      }
      changed.abort();
      changed = new AbortController();
    },
    async redeliver(events, signal) {
      const either = AbortSignal.any([signal, stopped.signal]);
      for (let start = 0; start < events.length; start += knobs.maxBatchEvents) {
        const batch = events.slice(start, start + knobs.maxBatchEvents);
        if (!(await inTurn(() => deliver(batch, either)))) return false;
      }
      return true;
    },
    async idle() {
      while (work) await work;
      await turn;
    },
    async close() {
      stopped.abort();
      await work;
      await turn;
      await sender.close();
    },
  };
}

function dropOldest(channel: Channel, { maxQueuedEvents }: Knobs): number {
  const excess = Math.max(0, channel.queue.length - maxQueuedEvents);
  channel.queue.splice(0, excess);
  return excess;
}
