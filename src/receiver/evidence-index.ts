import type { ReceivedEvent } from "./received-event.js";

/** Received events by the probe that caused them; the oldest probes are forgotten first. */
export class EvidenceIndex {
  readonly #events = new Map<string, ReceivedEvent[]>();
  readonly #maxProbes: number;
  readonly #maxEventsPerProbe: number;

  /**
   * @param options.maxProbes probes that are remembered @default 10000
   * @param options.maxEventsPerProbe events that are remembered of each @default 100
   */
  constructor({ maxProbes = 10_000, maxEventsPerProbe = 100 } = {}) {
    this.#maxProbes = maxProbes;
    this.#maxEventsPerProbe = maxEventsPerProbe;
  }

  /** Remembers an event when it bears a probe's marker. */
  add(event: ReceivedEvent): void {
    if (event.probe_id === null) return;
    const events = this.#events.get(event.probe_id);
    if (events) {
      if (events.length < this.#maxEventsPerProbe) events.push(event);
      return;
    }
    this.#events.set(event.probe_id, [event]);
    if (this.#events.size > this.#maxProbes) {
      const [oldest = ""] = this.#events.keys();
      this.#events.delete(oldest);
    }
  }

  /** The events of a probe, in the order in which they came. */
  find(probeId: string): readonly ReceivedEvent[] {
    return this.#events.get(probeId) ?? [];
  }
}
