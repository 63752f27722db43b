import type { AuditEvent } from "../../events/event.js";
import type { SequenceRange } from "../log/queue.js";
import type { Channel } from "../organization.js";

/** Told of everything that a restart must not forget. */
export interface Journal {
  /** Settings, status or counts changed. */
  settingsChanged(): void;
  /** Events were recorded, the first with this sequence number; all or none of them wait for delivery. */
  recorded(
    channel: Channel,
    events: readonly AuditEvent[],
    firstSequence: number,
    waiting: boolean,
  ): void;
  /** The events of this range don't wait any more, whatever became of them. */
  unqueued(channel: Channel, range: SequenceRange): void;
  /** The events of this range are not kept any more. */
  evicted(channel: Channel, range: SequenceRange): void;
  /** A channel's counts changed, and nothing else of its settings. */
  counted(channel: Channel): void;
}

/** Forgets everything with the process. */
export const noJournal: Journal = {
  settingsChanged: () => undefined,
  recorded: () => undefined,
  unqueued: () => undefined,
  evicted: () => undefined,
  counted: () => undefined,
};
