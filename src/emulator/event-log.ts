import type { AuditEvent, EventKind } from "../events/event.js";
import { documentedRetention } from "../konnect/replay-job.js";

/** What a bound cost. */
export interface GivenUp {
  /** Events that replay and pull can't bring any more. */
  evicted: number;
  /** How many of them still waited for delivery. */
  overflow: number;
}

/** An event log as the state file holds it. */
export interface SavedLog {
  /** Sequence number of the first event. */
  first: number;
  events: AuditEvent[];
  /** Sequence numbers of the events that wait for delivery. */
  waiting: number[];
}

/** An event as the log keeps it: its JSON outside of the JavaScript heap, which would grow by a multiple of it. */
interface KeptEvent {
  rt: number;
  kind: EventKind;
  json: Buffer;
}

/**
 * The events of one webhook that replay and pull can still bring, oldest first, and which of them wait for delivery.
 *
 * Each event has a sequence number; the numbers are consecutive, because the oldest events always go first.
 */
export class EventLog {
  #first = 0;
  #events: KeptEvent[] = [];
  /** Sequence numbers, ascending; without those of the batch under way. */
  #waiting: number[] = [];
  #underWay: number[] = [];

  /** How many events it holds. */
  get size(): number {
    return this.#events.length;
  }

  /** How many events wait for delivery, those of a batch under way included. */
  get waiting(): number {
    return this.#waiting.length + this.#underWay.length;
  }

  /**
   * Appends events.
   *
   * @param waits true if they are to be delivered; the others are kept for replay and pull only
   */
  append(events: readonly AuditEvent[], waits: boolean): void {
    for (const event of events) {
      if (waits) this.#waiting.push(this.#first + this.#events.length);
      this.#events.push(keep(event));
    }
  }

  /** The event with a sequence number; `undefined` if it is not here any more. */
  read(sequence: number): AuditEvent | undefined {
    const kept = this.#events[sequence - this.#first];
    return kept && (JSON.parse(kept.json.toString()) as AuditEvent);
  }

  /** Sequence numbers of the events between two times of `rt`, both included, that are not too old. */
  between(from: number, until: number, now: number, kind?: EventKind): number[] {
    const oldest = Math.max(from, now - documentedRetention);
    const found: number[] = [];
    for (const [index, event] of this.#events.entries()) {
      const fits = event.rt >= oldest && event.rt <= until && (kind ?? event.kind) === event.kind;
      if (fits) found.push(this.#first + index);
    }
    return found;
  }

  /** Forgets what is older than Konnect keeps anything, unless it still waits. */
  expire(now: number): void {
    const oldestWaiting = this.#underWay[0] ?? this.#waiting[0] ?? Number.POSITIVE_INFINITY;
    const kept = this.#events.findIndex(
      ({ rt }, index) => rt >= now - documentedRetention || this.#first + index >= oldestWaiting,
    );
    this.#dropOldest(kept < 0 ? this.#events.length : kept);
  }

  /**
   * Gives up the oldest events beyond a bound. A batch under way is delivered all the same.
   *
   * @param most events that stay
   */
  keepNewest(most: number): GivenUp {
    const evicted = Math.max(0, this.#events.length - most);
    this.#dropOldest(evicted);
    const gone = this.#waiting.findIndex((sequence) => sequence >= this.#first);
    const overflow = gone < 0 ? this.#waiting.length : gone;
    this.#waiting.splice(0, overflow);
    return { evicted, overflow };
  }

  /** Takes a batch of the oldest that wait; they wait on until the batch is settled or put back. */
  take(most: number): AuditEvent[] {
    this.#underWay = this.#waiting.splice(0, most);
    return this.#underWay.flatMap((sequence) => this.read(sequence) ?? []);
  }

  /**
   * Lets the batch that was taken wait as before, but for what a bound cost meanwhile.
   *
   * @returns how many events that were
   */
  putBack(): number {
    const kept = this.#underWay.filter((sequence) => sequence >= this.#first);
    const lost = this.#underWay.length - kept.length;
    this.#waiting = [...kept, ...this.#waiting];
    this.#underWay = [];
    return lost;
  }

  /**
   * Removes the batch that was taken from those that wait.
   *
   * @returns how many events it had
   */
  settle(): number {
    const settled = this.#underWay.length;
    this.#underWay = [];
    return settled;
  }

  /** Everything, for the state file. */
  save(): SavedLog {
    return {
      first: this.#first,
      events: this.#events.map(({ json }) => JSON.parse(json.toString()) as AuditEvent),
      waiting: [...this.#underWay.filter((sequence) => sequence >= this.#first), ...this.#waiting],
    };
  }

  /** Takes the place of what it holds. */
  restore({ first, events, waiting }: SavedLog): void {
    this.#first = first;
    this.#events = events.map(keep);
    this.#waiting = waiting;
  }

  #dropOldest(count: number): void {
    if (count === 0) return;
    this.#events.splice(0, count);
    this.#first += count;
  }
}

function keep(event: AuditEvent): KeptEvent {
  return { rt: event.rt, kind: event.kind, json: Buffer.from(JSON.stringify(event)) };
}
