import type { AuditEvent } from "../../events/event.js";
import type { Channel } from "../organization.js";

/** Told of everything that a restart must not forget. */
export interface Journal {
  /** Settings, status or counts changed. */
  settingsChanged(): void;
  /** Events were recorded, the first with this sequence number; the first `queued` of them wait for delivery. */
  recorded(
    channel: Channel,
    events: readonly AuditEvent[],
    firstSequence: number,
    queued: number,
  ): void;
  /** So many events left the front of the queue, whatever became of them. */
  unqueued(channel: Channel, count: number): void;
}

/** Forgets everything with the process. */
export const noJournal: Journal = {
  settingsChanged: () => undefined,
  recorded: () => undefined,
  unqueued: () => undefined,
};
