import type { Writable } from "node:stream";
import type pc from "picocolors";
import type { Clock } from "../../core/clock.js";
import { printableJson } from "../../core/json.js";
import { isReaderGone } from "../../core/process-endings.js";
import { systemCode } from "../../core/system-error.js";
import { timeSlices } from "../../core/time-slices.js";
import { describeEvent } from "../../receiver/describe-event.js";
import { type EventFilter, matchesFilter } from "../../receiver/filter.js";
import type { ReceivedEvent } from "../../receiver/received-event.js";

/** Bytes that wait for whoever reads our output. */
const mostWaiting = { events: 16 * 1024 * 1024, messages: 1024 * 1024 };

export interface EventPrinterOptions {
  stdout: Writable;
  clock: Clock;
  format: "text" | "ndjson";
  filter: EventFilter;
  colors: ReturnType<typeof pc.createColors>;
  /** True if events are stored besides: then what can't be printed is not lost. */
  stored: boolean;
}

/**
 * Prints events for a reader that may be slow, or stop reading.
 *
 * Nobody waits for the reader. What it does not take in time is left out where it is stored; where it is not, the delivery is
 * refused, so that Konnect repeats it.
 */
export class EventPrinter {
  readonly #options: EventPrinterOptions;
  #isGone = false;
  #leftOut = 0;
  #failure: string | undefined;

  constructor(options: EventPrinterOptions) {
    this.#options = options;
    options.stdout.on("error", (error: NodeJS.ErrnoException) => {
      this.#isGone = true;
      if (!isReaderGone(error)) this.#failure = systemCode(error);
    });
  }

  /** Why nothing could be printed, other than that nobody reads any more. */
  get failure(): string | undefined {
    return this.#failure;
  }

  /** Events that were stored, but not printed. */
  get leftOut(): number {
    return this.#leftOut;
  }

  /** @throws Error when nobody reads, and nothing is stored */
  async print(events: readonly ReceivedEvent[]): Promise<void> {
    const { stdout, clock, filter, stored } = this.#options;
    const chosen = events.filter((event) => matchesFilter(event, filter));
    if (chosen.length === 0) return;
    if (this.#isGone || stdout.writableLength > mostWaiting.events) {
      if (!stored) throw new Error("nobody reads what is printed, and --store was not given");
      this.#leftOut += chosen.length;
      return;
    }
    const pause = timeSlices(clock);
    for (const event of chosen) {
      const turn = pause();
      if (turn) await turn;
      stdout.write(`${this.#line(event)}\n`);
    }
  }

  #line(event: ReceivedEvent): string {
    const { format, colors } = this.#options;
    return format === "ndjson" ? printableJson(event) : describeEvent(event, colors);
  }
}

/** Prints a message unless too many wait already: whoever sends nonsense must not fill the memory. */
export function printMessage(stderr: Writable, text: string): void {
  if (stderr.writableLength <= mostWaiting.messages) stderr.write(`${text}\n`);
}
