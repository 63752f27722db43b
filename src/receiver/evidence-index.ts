import type { ReceivedEvent } from "./received-event.js";

/** Received events by the probe that caused them; the oldest probes are forgotten first. */
export class EvidenceIndex {
  readonly #events = new Map<string, ReceivedEvent[]>();
  readonly #maxEvents: number;
  readonly #maxEventsPerProbe: number;
  #count = 0;

  /**
   * @param options.maxEvents events that are remembered, of all probes together @default 10000
   * @param options.maxEventsPerProbe events that are remembered of each @default 100
   */
  constructor({ maxEvents = 10_000, maxEventsPerProbe = 100 } = {}) {
    this.#maxEvents = maxEvents;
    this.#maxEventsPerProbe = maxEventsPerProbe;
  }

  /** Remembers an event when it bears a probe's marker. */
  add(event: ReceivedEvent): void {
    if (event.probe_id === null) return;
    const events = this.#events.get(event.probe_id) ?? [];
    if (events.length >= this.#maxEventsPerProbe) return;
    events.push(event);
    this.#events.set(event.probe_id, events);
    this.#count += 1;
    for (const [oldest, forgotten] of this.#events) {
      if (this.#count <= this.#maxEvents) return;
      this.#events.delete(oldest);
      this.#count -= forgotten.length;
    }
  }

  /** The events of a probe, in the order in which they came. */
  find(probeId: string): readonly ReceivedEvent[] {
    return this.#events.get(probeId) ?? [];
  }
}
