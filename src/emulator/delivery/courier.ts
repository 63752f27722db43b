import type { AuditEvent } from "../../events/event.js";
import type { BatchEffect } from "../faults.js";
import { type Channel, type Connection, currentStatus, noteStatus } from "../organization.js";
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
  #changed = new AbortController();
  #work: Promise<void> | undefined;
  // Replays and live events take turns: one webhook has one delivery under way.
  #turn: Promise<unknown> = Promise.resolve();

  constructor(
    private readonly channel: Channel,
    private readonly context: DeliveryContext,
  ) {}

  /** Takes events in. Those of a disabled webhook, and those that find the queue full, are kept for replay only. */
  accept(events: readonly AuditEvent[]): void {
    const { log, queue, counts, webhook } = this.channel;
    const { knobs } = this.context;
    // Never more than are retained: what waits must be found again after a restart.
    const bound = Math.min(knobs.maxQueuedEvents, knobs.maxRetainedEvents);
    const room = Math.max(0, bound - queue.length);
    const queued = webhook.enabled ? events.slice(0, room) : [];
    counts.recorded += events.length;
    if (webhook.enabled) counts.overflow += events.length - queued.length;
    this.context.journal().recorded(this.channel, events, log.nextSequence, queued.length);
    log.append(events, this.context.now(), knobs.maxRetainedEvents);
    for (const event of queued) queue.push(event);
    this.#start();
  }

  /** Tells that the webhook's settings changed: what waits for a retry is tried at once with the new ones. */
  reconfigured(): void {
    this.#changed.abort();
    this.#changed = new AbortController();
  }

  /**
   * Sends events of the past once more.
   *
   * @returns whether the receiver took all of them
   */
  async redeliver(events: readonly AuditEvent[], signal: AbortSignal): Promise<boolean> {
    const { maxBatchEvents } = this.context.knobs;
    for (let start = 0; start < events.length; start += maxBatchEvents) {
      const batch = events.slice(start, start + maxBatchEvents);
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
    if (this.#work || this.#stopped.signal.aborted || this.channel.queue.length === 0) return;
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
    const { queue } = this.channel;
    while (queue.length > 0) {
      if (queue.length < knobs.maxBatchEvents) {
        await clock.sleep(knobs.flushIntervalMs, { signal: this.#stopped.signal });
      }
      await this.#inTurn(() => this.#deliverFront());
    }
  }

  /** A batch leaves the queue after its delivery: a kill in between delivers it twice rather than never. */
  async #deliverFront(): Promise<void> {
    const { queue, counts } = this.channel;
    const batch = queue.slice(0, this.context.knobs.maxBatchEvents);
    const outcome = await this.#deliver(batch, this.#stopped.signal);
    queue.splice(0, batch.length);
    counts[outcome] += batch.length;
    this.context.journal().unqueued(this.channel, batch.length);
    this.context.journal().settingsChanged();
  }

  async #deliver(batch: readonly AuditEvent[], signal: AbortSignal): Promise<Outcome> {
    const { channel, context } = this;
    const effects = context.strikeBatch(channel.region);
    if (effects.some(({ kind }) => kind === "drop")) return "dropped";
    for (let retries = 0; ; ) {
      const connection = context.connectionOf(channel);
      if (!connection || !channel.webhook.enabled) return "discarded";
      const result = await this.#attempt(batch, connection, effects, signal);
      if (isAccepted(result)) {
        const twice = effects.some(({ kind }) => kind === "duplicate");
        if (twice) await this.#attempt(batch, connection, effects, signal);
        return "delivered";
      }
      const wait = nextWait(result, retries, context.knobs.retryProfile, context.now());
      if (wait === undefined) {
        noteStatus(channel, context.now(), { ...currentStatus(channel), state: "inactive" });
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
    noteStatus(channel, context.now(), {
      state: isAccepted(result) ? "active" : currentStatus(channel).state,
      lastAttemptAt: at,
      ...(result.kind === "answered" ? { lastResponseCode: result.status } : {}),
      lastResponseMessage: result.message,
    });
    context.attempted({ channel, at, events: batch.length, endpoint, result });
    return result;
  }

  #playReceiver(): AttemptResult | undefined {
    const [effect] = this.context.strikeAttempt(this.channel.region);
    return effect && answered(effect.status, effect.retryAfter);
  }

  /** @returns whether the settings changed meanwhile */
  async #sleepUnlessChanged(wait: number, signal: AbortSignal): Promise<boolean> {
    const change = this.#changed.signal;
    try {
      await this.context.clock.sleep(wait, { signal: AbortSignal.any([signal, change]) });
    } catch (error) {
      signal.throwIfAborted();
      if (!change.aborted) throw error;
    }
    return change.aborted;
  }

  #inTurn<T>(task: () => Promise<T>): Promise<T> {
    const next = this.#turn.then(task);
    this.#turn = next.catch(() => undefined); // the one who waits for `next` handles it
    return next;
  }
}
