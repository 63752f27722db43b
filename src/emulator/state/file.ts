import { appendFileSync } from "node:fs";
import { emulatorErrors } from "../errors.js";
import type { SequenceRange } from "../log/queue.js";
import type { Channel } from "../organization.js";
import type { World } from "../world.js";
import type { Journal } from "./journal.js";
import { readLines, replaceFile } from "./lines.js";
import { type StateRecord, stateRecord } from "./schema.js";
import { restore, snapshotEvents, snapshotSettings } from "./snapshot.js";

const compactAboveBytes = 64 * 1024 * 1024;
// The file holds the credentials that deliveries need: nobody else may read it.
const mode = 0o600;

/**
 * Keeps a world's state in a file of JSON lines.
 *
 * Each change is appended before the call that made it is answered, so that kill -9 loses nothing but a half-written
 * last line; only a crash of the machine can (nothing is flushed to the disk). Starting, and growing beyond 64 MiB,
 * rewrites the file to what is still needed.
 */
export class StateFile implements Journal {
  #bytes = 0;
  #settings = "";

  private constructor(
    private readonly file: string,
    private readonly world: World,
  ) {}

  /**
   * Reads the file into `world`, or starts a new one.
   *
   * @throws EmulatorError `EMULATOR_STATE_UNREADABLE` or `EMULATOR_STATE_UNWRITABLE`; the file stays as it was
   */
  static open(file: string, world: World): StateFile {
    restore(world, () => readRecords(file));
    const state = new StateFile(file, world);
    state.#compact();
    return state;
  }

  settingsChanged(): void {
    const settings = JSON.stringify(snapshotSettings(this.world));
    if (settings === this.#settings) return;
    this.#settings = settings;
    this.#append([settings]);
  }

  recorded(
    channel: Channel,
    events: Parameters<Journal["recorded"]>[1],
    firstSequence: number,
    waiting: boolean,
  ): void {
    if (events.length === 0) return;
    const name = nameOf(channel);
    this.#append(
      events.map((event, index) =>
        write({
          type: "event",
          ...name,
          sequence: firstSequence + index,
          queued: waiting,
          event,
        }),
      ),
    );
  }

  unqueued(channel: Channel, { first, last }: SequenceRange): void {
    this.#append([write({ type: "unqueued", ...nameOf(channel), first, last })]);
  }

  evicted(channel: Channel, { first, last }: SequenceRange): void {
    this.#append([write({ type: "evicted", ...nameOf(channel), first, last })]);
  }

  counted(channel: Channel): void {
    this.#append([write({ type: "counts", ...nameOf(channel), counts: { ...channel.counts } })]);
  }

  #append(lines: readonly string[]): void {
    const text = `${lines.join("\n")}\n`;
    try {
      appendFileSync(this.file, text, { mode });
    } catch (error) {
      throw emulatorErrors.stateUnwritable(this.file, error);
    }
    this.#bytes += text.length;
    if (this.#bytes > compactAboveBytes) this.#compact();
  }

  #compact(): void {
    this.#settings = JSON.stringify(snapshotSettings(this.world));
    try {
      replaceFile(this.file, this.#everything(), mode);
    } catch (error) {
      throw emulatorErrors.stateUnwritable(this.file, error);
    }
    // What is still needed may itself be large: the next rewrite has to be worth it.
    this.#bytes = 0;
  }

  *#everything(): Generator<string> {
    yield this.#settings;
    for (const channel of this.world.channels()) {
      for (const record of snapshotEvents(channel)) yield write(record);
    }
  }
}

function write(record: StateRecord): string {
  return JSON.stringify(record);
}

function nameOf({ organizationId, region, portalId }: Channel) {
  return {
    organization: organizationId,
    region,
    ...(portalId === undefined ? {} : { portal: portalId }),
  };
}

function* readRecords(file: string): Generator<StateRecord> {
  let number = 0;
  for (const line of readText(file)) {
    number += 1;
    const record = stateRecord.safeParse(parseJson(line));
    if (!record.success) {
      throw emulatorErrors.stateUnreadable(file, `line ${number} is no record of this version`);
    }
    yield record.data;
  }
}

function* readText(file: string): Generator<string> {
  try {
    yield* readLines(file);
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return;
    const reason = error instanceof Error ? error.message : String(error);
    throw emulatorErrors.stateUnreadable(file, reason, error);
  }
}

function parseJson(line: string): unknown {
  try {
    return JSON.parse(line);
  } catch {
    return undefined; // refused by the schema, with the line's number
  }
}
