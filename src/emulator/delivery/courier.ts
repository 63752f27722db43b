import type { AuditEvent } from "../../events/event.js";
import type { BatchEffect } from "../faults.js";
import {
  type Channel,
  type Connection,
  currentStatus,
  type DeliveryStatus,
  noteStatus,
} from "../organization.js";
import type { DeliveryContext } from "./context.js";
import { encodeDelivery } from "./encode.js";
import { type AttemptResult, answered, isAccepted, nextWait } from "./retry.js";
import { createSender } from "./send.js";

/** What became of a batch. */
type Outcome = "delivered" | "lost" | "discarded" | "dropped";

/**
 * Delivers one channel's events: collects, sends, retries.
 *
 * Each channel has a courier of its own, so that a dead receiver in one region never slows another. It works only
 * while there are events.
 */
export class Courier {
  readonly #sender = createSender();
  readonly #stopped = new AbortController();
  /** Ends the wait for a retry, while there is one. */
  #retry: AbortController | undefined;
  #work: Promise<void> | undefined;
  // Replays and live events take turns: one webhook has one delivery under way.
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly channel: Channel,
    private readonly context: DeliveryContext,
  ) {}

  /** Takes events in, and begins to deliver them; those of a disabled webhook are kept for replay and pull only. */
  accept(events: readonly AuditEvent[]): void {
    const { channel, context } = this;
    const { log, webhook, counts } = channel;
    counts.recorded += events.length;
    log.expire(context.now());
    log.append(events, webhook.enabled);
    const { evicted, overflow } = log.keepNewest(context.knobs.maxRetainedEvents);
    this.#countBound("overflow", overflow);
    this.#countBound("evicted", evicted);
    if (events.length > 0) context.changed();
    this.#start();
  }

  /** Tells that the webhook's settings changed: what waits for a retry is tried at once with the new ones. */
  reconfigured(): void {
    this.#retry?.abort();
  }

  /**
   * Sends events of the past once more.
   *
   * @param sequences their numbers in the webhook's log
   * @returns whether all of them were still there and the receiver took them
   */
  async redeliver(sequences: readonly number[], signal: AbortSignal): Promise<boolean> {
    const { maxBatchEvents } = this.context.knobs;
    for (let start = 0; start < sequences.length; start += maxBatchEvents) {
      const batch = sequences
        .slice(start, start + maxBatchEvents)
        .map((sequence) => this.channel.log.read(sequence));
      if (!batch.every((event) => event !== undefined)) return false;
      const outcome = await this.#inTurn(() => this.#deliver(batch, signal));
      if (outcome !== "delivered") return false;
      this.channel.counts.replayed += batch.length;
    }
    return true;
  }

  /** Resolves when nothing waits any more. */
  async idle(): Promise<void> {
    while (this.#work) await this.#work;
    await this.#turn;
  }

  /** Ends every timer and connection; what waits stays in the queue. */
  async close(): Promise<void> {
    this.#stopped.abort();
    await this.#work;
    await this.#turn;
    await this.#sender.close();
  }

  #start(): void {
    if (this.#work || this.#stopped.signal.aborted || this.channel.log.waiting === 0) return;
    this.#work = this.#drain().then(
      () => {
        this.#work = undefined;
        this.#start(); // events may have come after the queue was seen empty
      },
      (error: unknown) => {
        this.#work = undefined; // tried again with the next event: at once could be for ever
        if (!this.#stopped.signal.aborted) this.context.failed(this.channel, error);
      },
    );
  }

  async #drain(): Promise<void> {
    const { clock, knobs } = this.context;
    const { log } = this.channel;
    while (log.waiting > 0) {
      if (log.waiting < knobs.maxBatchEvents) {
        await clock.sleep(knobs.flushIntervalMs, { signal: this.#stopped.signal });
      }
      await this.#inTurn(() => this.#deliverFront());
    }
  }

  async #deliverFront(): Promise<void> {
    const { channel, context } = this;
    const batch = channel.log.take(context.knobs.maxBatchEvents);
    if (batch.length === 0) return; // all that waited had to go meanwhile
    try {
      const outcome = await this.#deliver(batch, this.#stopped.signal);
      channel.counts[outcome] += channel.log.settle();
    } finally {
      this.#countBound("overflow", channel.log.putBack()); // what was not settled waits on
      context.changed();
    }
  }

  #countBound(count: "overflow" | "evicted", events: number): void {
    if (events === 0) return;
    const { channel, context } = this;
    const before = channel.counts[count];
    channel.counts[count] += events;
    // Told at the first, and then whenever there are ten times as many: a flood of lines would hide it as well.
    const digits = (value: number) => (value === 0 ? 0 : String(value).length);
    if (digits(channel.counts[count]) > digits(before)) context.bounded(channel, count);
  }

  async #deliver(batch: readonly AuditEvent[], signal: AbortSignal): Promise<Outcome> {
    const { channel, context } = this;
    const effects = context.strikeBatch(channel.region);
    if (effects.some(({ kind }) => kind === "drop")) return "dropped";
    for (let retries = 0; ; ) {
      const connection = context.connectionOf(channel);
      if (!connection || !channel.webhook.enabled || this.#isStopped()) return "discarded";
      const result = await this.#attempt(batch, connection, effects, signal);
      if (isAccepted(result)) {
        const twice = effects.some(({ kind }) => kind === "duplicate");
        if (twice) await this.#attempt(batch, connection, effects, signal);
        return "delivered";
      }
      const wait = nextWait(result, retries, context.knobs.retryProfile, context.now());
      if (wait === undefined) {
        this.#noteStatus({ ...currentStatus(channel), state: "inactive" });
        return "lost";
      }
      retries = (await this.#sleepUnlessChanged(wait, signal)) ? 0 : retries + 1;
    }
  }

  async #attempt(
    batch: readonly AuditEvent[],
    connection: Connection,
    effects: readonly BatchEffect[],
    signal: AbortSignal,
  ): Promise<AttemptResult> {
    const { channel, context } = this;
    const diverted = effects.find((effect) => effect.kind === "divert");
    const endpoint = diverted?.endpoint ?? connection.endpoint;
    const at = context.now();
    const result =
      this.#playReceiver() ??
      (await this.#sender.send(
        {
          endpoint,
          authorization: connection.authorization,
          skipSslVerification: connection.skip_ssl_verification,
          contentEncoding: context.knobs.contentEncoding,
          body: await encodeDelivery(
            batch,
            channel.region,
            connection.log_format,
            effects,
            context,
          ),
          timeoutMs: context.knobs.attemptTimeoutMs,
        },
        signal,
      ));
    channel.counts.attempts += 1;
    this.#noteStatus({
      state: isAccepted(result) ? "active" : currentStatus(channel).state,
      lastAttemptAt: at,
      ...(result.kind === "answered" ? { lastResponseCode: result.status } : {}),
      lastResponseMessage: result.message,
    });
    context.attempted({ channel, at, events: batch.length, endpoint, result });
    return result;
  }

  #isStopped(): boolean {
    const { inactiveWebhook } = this.context.knobs;
    return inactiveWebhook === "stops" && currentStatus(this.channel).state === "inactive";
  }

  #noteStatus(status: DeliveryStatus): void {
    const { now, knobs } = this.context;
    noteStatus(this.channel, now(), status, knobs.statusLagMs);
  }

  #playReceiver(): AttemptResult | undefined {
    const [effect] = this.context.strikeAttempt(this.channel.region);
    return effect && answered(effect.status, effect.retryAfter);
  }

  /** @returns whether the settings changed meanwhile */
  async #sleepUnlessChanged(wait: number, signal: AbortSignal): Promise<boolean> {
    const change = new AbortController();
    this.#retry = change;
    try {
      await this.context.clock.sleep(wait, { signal: AbortSignal.any([signal, change.signal]) });
    } catch (error) {
      signal.throwIfAborted();
      if (!change.signal.aborted) throw error;
    } finally {
      this.#retry = undefined;
    }
    return change.signal.aborted;
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(task);
    this.#turn = next.catch(() => undefined); // the one who waits for `next` handles it
    return next;
  }
}
