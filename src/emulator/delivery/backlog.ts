import type { AuditEvent } from "../../events/event.js";
import type { EventHolder } from "../log/memory.js";
import { type SequenceRange, toRange } from "../log/queue.js";
import type { Channel } from "../organization.js";
import type { DeliveryContext } from "./context.js";

/** What became of a batch. */
export type Outcome = "delivered" | "lost" | "discarded" | "dropped";

/**
 * One webhook's events within their bounds: what was recorded, and what of it waits for delivery.
 *
 * At every bound the oldest events go first, and each of them is counted and told: `overflow` when it was never sent on
 * its own, `evicted` when replay can't bring it any more either.
 */
export class Backlog implements EventHolder {
  constructor(
    private readonly channel: Channel,
    private readonly context: DeliveryContext,
  ) {
    context.memory.join(this);
  }

  get bytes(): number {
    return this.channel.log.bytes;
  }

  get isEmpty(): boolean {
    return this.channel.log.queue.length === 0;
  }

  /** Whether what waits fills a delivery. */
  get isFull(): boolean {
    return this.channel.log.queue.length >= this.context.knobs.maxBatchEvents;
  }

  /** Takes events in; those of a disabled webhook are kept for replay only. */
  accept(events: readonly AuditEvent[]): void {
    const { channel, context } = this;
    const { log, webhook, counts } = channel;
    const first = log.nextSequence;
    counts.recorded += events.length;
    log.expire(context.now());
    const kept = this.#append(events);
    if (webhook.enabled) {
      for (let sequence = first; sequence < log.nextSequence; sequence++) log.queue.push(sequence);
    }
    context.journal().recorded(channel, kept, first, webhook.enabled);
    const refused = events.length - kept.length;
    this.#tell("overflow", webhook.enabled ? refused : 0);
    this.#tell("evicted", refused);
    this.#keepBounds();
    if (events.length > 0) context.journal().counted(channel);
  }

  /** Takes the next batch; it waits on until it is settled or put back. */
  take(): AuditEvent[] {
    const { log } = this.channel;
    return log.queue.take(this.context.knobs.maxBatchEvents).flatMap((sequence) => {
      const event = log.read(sequence);
      return event ? [event] : [];
    });
  }

  /** Lets the batch that was taken wait as before. */
  putBack(): void {
    this.channel.log.queue.putBack();
  }

  /** Notes what became of the batch that was taken: a kill before this delivers it twice rather than never. */
  settle(outcome: Outcome): void {
    const { channel, context } = this;
    const settled = channel.log.queue.settle();
    channel.counts[outcome] += settled.length;
    this.#unqueued(toRange(settled));
    context.journal().settingsChanged();
  }

  giveUpOldest(): boolean {
    const given = this.channel.log.giveUpOldest();
    if (!given) return false;
    const journal = this.context.journal();
    journal.evicted(this.channel, given.range);
    this.#tell("overflow", given.waiting);
    this.#tell("evicted", given.events);
    journal.counted(this.channel);
    return true;
  }

  /** @returns those that there was room for: the newest */
  #append(events: readonly AuditEvent[]): readonly AuditEvent[] {
    const { channel, context } = this;
    const written = events.map((event) => {
      const text = JSON.stringify(event);
      return { event, text, bytes: Buffer.byteLength(text) };
    });
    const wanted = written.reduce((sum, { bytes }) => sum + bytes, 0);
    let missing = wanted - context.memory.makeRoom(wanted, this);
    let refused = 0;
    for (; missing > 0; refused++) missing -= written[refused]?.bytes ?? missing;
    for (const { event, text, bytes } of written.slice(refused)) {
      channel.log.append(event, text, bytes, context.knobs.maxRetainedEvents);
    }
    return events.slice(refused);
  }

  #keepBounds(): void {
    const { log } = this.channel;
    const { maxQueuedEvents, maxRetainedEvents } = this.context.knobs;
    const excess = log.queue.length - maxQueuedEvents;
    if (excess > 0) {
      const givenUp = log.queue.giveUp(excess);
      this.#unqueued(toRange(givenUp));
      this.#tell("overflow", givenUp.length);
    }
    while (log.size > maxRetainedEvents && this.giveUpOldest());
  }

  #unqueued(range: SequenceRange | undefined): void {
    if (range) this.context.journal().unqueued(this.channel, range);
  }

  #tell(count: "overflow" | "evicted", events: number): void {
    if (events === 0) return;
    const { channel, context } = this;
    const before = channel.counts[count];
    channel.counts[count] += events;
    // Told at the first, and then whenever there are ten times as many: a flood of lines would hide it as well.
    const digits = (value: number) => (value === 0 ? 0 : String(value).length);
    if (digits(channel.counts[count]) > digits(before)) context.bounded(channel, count);
  }
}
