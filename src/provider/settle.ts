import type { Clock } from "../core/clock.js";
import { KonnectError } from "../konnect/errors.js";
import type { DiagnosticSink } from "../terraform/index.js";
import { explained } from "./konnect-diagnostics.js";
import type { Difference } from "./settings.js";

/** Waits between the reads that follow a write, in milliseconds; Konnect's own reads may lag behind its writes. */
const waits = [250, 500, 1000, 2000];

/** Something that was just written. */
export interface Written<Found> {
  /** For messages: `region "eu"`. */
  owner: string;
  read(): Promise<Found>;
  /** How what was read differs from what was written. */
  differences(found: Found): Difference[];
}

/** What settling needs of the call that it belongs to. */
export interface SettleContext {
  clock: Clock;
  signal: AbortSignal;
  diagnostics: DiagnosticSink;
}

/**
 * Reads an object until it shows what was written.
 *
 * What still differs after some seconds, or can't be read, is a warning and not an error: the write itself was accepted,
 * so that a failed create would taint the resource and make the repair cut the audit trail, and a failed update would
 * lose the revision that the gate waits for. The next plan shows what is there.
 *
 * @returns the last answer; `undefined` when there was none
 */
export async function settle<Found>(
  written: Written<Found>,
  context: SettleContext,
): Promise<Found | undefined> {
  try {
    const found = await readUntilSettled(written, context);
    warnOfSecondWriter(written.owner, written.differences(found), context.diagnostics);
    return found;
  } catch (error) {
    if (!KonnectError.is(error) && !context.signal.aborted) throw error;
    const why = KonnectError.is(error) ? explained(error) : "Terraform was interrupted.";
    context.diagnostics.warn(
      `What was written for ${written.owner} could not be read back`,
      `Konnect accepted the write; whether it stands, the next plan shows.\n\n${why}`,
    );
    return undefined;
  }
}

async function readUntilSettled<Found>(
  written: Written<Found>,
  { clock, signal }: SettleContext,
): Promise<Found> {
  let found = await written.read();
  for (const wait of waits) {
    if (written.differences(found).length === 0) return found;
    await clock.sleep(wait, { signal });
    found = await written.read();
  }
  return found;
}

function warnOfSecondWriter(
  owner: string,
  found: readonly Difference[],
  diagnostics: DiagnosticSink,
): void {
  const [first] = found;
  if (!first) return;
  const lines = found.map(
    ({ field, wanted, found: there }) => `  ${field}: wrote ${wanted}, reads ${there}`,
  );
  diagnostics.warn(
    `Konnect shows other settings than were written for ${owner}`,
    `Konnect accepted the write, but reading it back gives:\n\n${lines.join("\n")}\n\nSomebody else may be writing at the same time. The next plan shows the difference as drift.`,
    [first.field],
  );
}
