import { createHash } from "node:crypto";
import {
  closeSync,
  fsyncSync,
  openSync,
  readdirSync,
  readlinkSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { basename, dirname, join, resolve } from "node:path";
import { parseJson } from "../../core/json.js";
import { systemCode } from "../../core/system-error.js";
import { readRegularTextSync } from "../../core/whole-file.js";
import { emulatorErrors } from "../errors.js";
import type { World } from "../world.js";
import { type State, type StateFileJson, stateFileSchema } from "./schema.js";
import { restoreSnapshot, takeSnapshot } from "./snapshot.js";

/** How long a change of events, counts or status may wait until it is written. */
const debounceMs = 500;
/** A large state takes long to write: writing it takes at most one part in so many of the time. */
const shareOfTime = 20;

/**
 * Keeps a world's state in one JSON file.
 *
 * The file is always whole: a new one is written beside it, flushed to the disk and renamed. A change of settings is
 * written before the call that made it is answered; events, counts and status follow within half a second.
 */
export class StateFile {
  readonly #stopped = new AbortController();
  /** What tells the file as this process last saw it from one that another process wrote. */
  #seen: string | undefined;
  #waiting = false;
  #earliest = 0;
  #told: string | undefined;

  private constructor(
    /** Where a symbolic link leads: the link itself stays. */
    private readonly file: string,
    private readonly world: World,
    private readonly report: (line: string) => void,
  ) {}

  /**
   * Reads the file into a world that is still empty, and writes it: an emulator that had it before writes no more.
   *
   * @param report told of later writes that fail, each reason once until one succeeds
   * @throws EmulatorError `EMULATOR_STATE_UNREADABLE` or `EMULATOR_STATE_UNWRITABLE`; the file stays as it was
   */
  static open(file: string, world: World, report: (line: string) => void): StateFile {
    const state = new StateFile(followLinks(file), world, report);
    state.#seen = identify(state.file);
    const text = readText(state.file);
    if (text !== undefined) restoreSnapshot(world, parseState(file, text));
    state.save();
    state.#removeRemains();
    return state;
  }

  /** Writes the state soon: a kill before that loses what changed. */
  changed(): void {
    if (this.#waiting) return;
    this.#waiting = true;
    const { clock } = this.world;
    const wait = Math.max(debounceMs, this.#earliest - clock.monotonic());
    clock.sleep(wait, { signal: this.#stopped.signal }).then(
      () => {
        this.#waiting = false;
        try {
          this.save();
        } catch (error) {
          this.#tell(error instanceof Error ? error.message : String(error));
        }
      },
      () => undefined, // stopped: close() writes
    );
  }

  /**
   * Writes the state now.
   *
   * @throws EmulatorError `EMULATOR_STATE_UNWRITABLE`, or `EMULATOR_STATE_IN_USE` when another process has written the file
   */
  save(): void {
    if (identify(this.file) !== this.#seen) throw emulatorErrors.stateInUse(this.file);
    const { clock } = this.world;
    const started = clock.monotonic();
    const temporary = `${this.file}.${process.pid}.tmp`;
    try {
      rmSync(temporary, { force: true });
      // The file holds the credentials that deliveries need: nobody else may read it.
      const descriptor = openSync(temporary, "wx", 0o600);
      try {
        writeFileSync(descriptor, writeState(takeSnapshot(this.world)));
        fsyncSync(descriptor);
      } finally {
        closeSync(descriptor);
      }
      renameSync(temporary, this.file);
    } catch (error) {
      removeQuietly(temporary);
      throw emulatorErrors.stateUnwritable(this.file, error);
    }
    this.#seen = identify(this.file);
    this.#told = undefined;
    this.#earliest = clock.monotonic() + (clock.monotonic() - started) * shareOfTime;
  }

  /**
   * Writes the state a last time.
   *
   * @throws EmulatorError as {@link save}
   */
  close(): void {
    this.#stopped.abort();
    this.save();
  }

  #tell(failure: string): void {
    if (failure !== this.#told) this.report(failure);
    this.#told = failure;
  }

  /** Removes what a kill in the middle of a write left: it holds credentials too. */
  #removeRemains(): void {
    const folder = dirname(this.file);
    const name = basename(this.file);
    for (const other of readdirSync(folder)) {
      const isRemain =
        other.startsWith(`${name}.`) && /^\.\d+\.tmp$/.test(other.slice(name.length));
      if (isRemain) removeQuietly(join(folder, other));
    }
  }
}

/** Another failure than the one that is being reported would hide it. */
function removeQuietly(file: string): void {
  try {
    rmSync(file, { force: true });
  } catch {
    // It stays; the next start tries again.
  }
}

/** The state with a digest of itself: a file that was damaged can still be JSON. */
function writeState(state: State): string {
  const text = JSON.stringify(state);
  return `{"sha256":"${digest(text)}","state":${text}}`;
}

function parseState(file: string, text: string): State {
  const json = parseJson(text);
  const read = stateFileSchema.safeParse(json);
  if (json === undefined) {
    const reason = "it is no JSON: it is damaged, or was written by an earlier version";
    throw emulatorErrors.stateUnreadable(file, reason);
  }
  if (!read.success) {
    const reason = "it holds something else than the state of this version";
    throw emulatorErrors.stateUnreadable(file, reason);
  }
  const { sha256, state } = read.data;
  // Left out by whoever wrote the state by hand.
  if (sha256 !== undefined && sha256 !== digest(JSON.stringify((json as StateFileJson).state))) {
    const reason = "it was damaged, or changed by hand (then leave out `sha256`)";
    throw emulatorErrors.stateUnreadable(file, reason);
  }
  return state;
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

/** Bytes: less than a string can hold. */
const largest = 500 * 1024 * 1024;

/** @returns `undefined` if there is no file */
function readText(file: string): string | undefined {
  try {
    return readRegularTextSync(file, largest);
  } catch (error) {
    if (systemCode(error) === "ENOENT") return undefined;
    throw emulatorErrors.stateUnreadable(file, systemCode(error), error);
  }
}

const mostLinks = 40; // as Linux

function followLinks(file: string, links = 0): string {
  try {
    return realpathSync(file);
  } catch {
    const target = links < mostLinks ? readLink(file) : undefined;
    return target === undefined ? file : followLinks(resolve(dirname(file), target), links + 1);
  }
}

/** @returns `undefined` if it is no link */
function readLink(file: string): string | undefined {
  try {
    return readlinkSync(file);
  } catch {
    return undefined;
  }
}

/** @returns `undefined` if there is no file */
function identify(file: string): string | undefined {
  try {
    const { dev, ino, size, mtimeNs } = statSync(file, { bigint: true });
    return `${dev} ${ino} ${size} ${mtimeNs}`;
  } catch {
    return undefined;
  }
}
