import { once } from "node:events";
import type { FileHandle } from "node:fs/promises";
import { basename, resolve } from "node:path";
import { type Command, Option } from "commander";
import pc from "picocolors";
import { environmentSecrets } from "../../core/environment-secrets.js";
import { type Cleaner, createCleaner } from "../../core/foreign-text.js";
import { printableJson } from "../../core/json.js";
import { isReaderGone } from "../../core/process-endings.js";
import { untilAborted } from "../../core/until-aborted.js";
import type { KeyRing } from "../../receiver/key-ring.js";
import type { KeySource } from "../../receiver/key-source.js";
import type { ChainCheck } from "../../receiver/store-chain.js";
import type { StoreFile } from "../../receiver/store-files.js";
import type { StoredLine } from "../../receiver/stored-lines.js";
import type { CliIo } from "../io.js";
import { verificationKeys } from "../keys.js";

interface VerifyFlags {
  region?: string[];
  jwks?: string;
  rotated: boolean;
  chainThrough?: string;
}

/** Adds `konnect-audit events`: reads stored audit events, raw lines or what `listen` has written. */
export function registerEvents(program: Command, io: CliIo): void {
  const events = program.command("events").description("Read stored audit events.");
  events
    .command("verify <file>")
    .description(
      "Verify every line's signature and the store's chain; exit 0 all valid, 2 not, 1 inconclusive or no events.",
    )
    .option("--region <names...>", "regions whose signing keys are used (default: all known)")
    .option("--jwks <file>", "read the signing keys from a file instead of from Konnect")
    .option("--no-rotated", "leave out the files that listen has moved aside (FILE.1, FILE.2 …)")
    .option("--chain-through <hash>", "exit 2 unless the store's chain holds this hash")
    .addHelpText("after", fileHelp)
    .action((file: string, flags: VerifyFlags) => verifyEvents(file, flags, io));
  events
    .command("parse <file>")
    .description("Print every line in one form; signatures are not checked.")
    .addOption(
      new Option("--format <name>", "what is printed")
        .choices(["text", "ndjson"])
        .default("ndjson"),
    )
    .addHelpText("after", fileHelp)
    .action((file: string, flags: { format: string }) => parseEvents(file, flags, io));
}

const fileHelp = `
FILE holds an event a line, as Konnect delivers them or as listen --store writes them;
- stands for stdin. Gzip, UTF-16 and a byte order mark are undone.
`;

/** How many lines are named; the others are counted by what is wrong with them. */
const mostNamed = 10;

/** What was found, as it comes. */
class Findings {
  readonly counts = { valid: 0, invalid: 0, unsigned: 0, unverifiable: 0 };
  altered = 0;
  noEvents = 0;
  cutOff = 0;
  tooLong = 0;
  named = 0;
  /** Lines that are not named, by what is wrong with them. */
  readonly others = new Map<string, number>();

  get lines(): number {
    const { valid, invalid, unsigned, unverifiable } = this.counts;
    return valid + invalid + unsigned + unverifiable;
  }

  /** Counts a line; answers what is wrong with it. */
  add(line: StoredLine): string | undefined {
    if (!line.received) {
      if (line.skipped === "cut off") this.cutOff += 1;
      else this.tooLong += 1;
      return line.skipped === "cut off"
        ? "cut off by a crash before it was acknowledged, passed over"
        : "too long, passed over";
    }
    const { received, verdict, altered } = line;
    if (!received.event && verdict.outcome === "unsigned") {
      this.noEvents += 1;
      return "no audit event";
    }
    this.counts[verdict.outcome] += 1;
    if (altered.length > 0) {
      this.altered += 1;
      return `altered: the decoded event differs from the signed line (${altered.join(", ")})`;
    }
    if (verdict.outcome === "valid") return undefined;
    if (verdict.outcome === "unsigned") return "unsigned";
    const reasons: Record<typeof verdict.reason, string> = {
      moved: "invalid: the line was rewritten, its signature is not at its end",
      "no key matches": "invalid: it is not what any of the keys signed",
      "malformed signature": "invalid: its signature is malformed",
      "no usable key": "not verifiable: there is no key to verify it with",
      "pull record":
        "not verifiable: a record of the pull API, of which it is not documented what its signature covers",
    };
    return reasons[verdict.reason];
  }

  /** Everything counted, in one sentence. */
  get summary(): string {
    const { valid, invalid, unsigned, unverifiable } = this.counts;
    const rest = [
      [this.altered, "altered"],
      [this.noEvents, "no audit events"],
      [this.cutOff, "cut off"],
      [this.tooLong, "too long"],
    ] as const;
    const others = rest.filter(([count]) => count > 0).map(([count, word]) => `, ${count} ${word}`);
    return `${valid} valid, ${invalid} invalid, ${unsigned} unsigned, ${unverifiable} not verifiable${others.join("")}.`;
  }
}

async function verifyEvents(file: string, flags: VerifyFlags, io: CliIo): Promise<void> {
  const { source, close } = await verificationKeys(flags, io);
  try {
    const keys = await keyRing(source, io);
    await untilAborted(io.signal, keys.verify([]));
    for (const problem of keys.problems) io.stderr.write(`Warning: ${cleanerOf(io)(problem)}.\n`);
    await reportOn(file, flags, { keys, io });
  } finally {
    await close();
  }
}

async function reportOn(
  file: string,
  flags: VerifyFlags,
  { keys, io }: { keys: KeyRing; io: CliIo },
): Promise<void> {
  const { ChainCheck } = await import("../../receiver/store-chain.js");
  const chain = new ChainCheck(flags.chainThrough);
  const files = await filesOf(file, flags, io);
  const findings = new Findings();
  for (const each of files) {
    const place = files.length > 1 ? `${cleanerOf(io)(basename(each.path))} line ` : "line ";
    for await (const line of await read(each.path, keys, io, { chain, place, file: each.file })) {
      io.signal.throwIfAborted();
      const problem = findings.add(line);
      if (problem === undefined) continue;
      if (findings.named < mostNamed) await write(io, `${place}${line.number}: ${problem}\n`);
      else findings.others.set(problem, (findings.others.get(problem) ?? 0) + 1);
      findings.named += 1;
    }
  }
  for (const [problem, count] of findings.others) {
    await write(io, `${count} more ${count === 1 ? "line" : "lines"}: ${problem}\n`);
  }
  if (findings.lines === 0) {
    await write(
      io,
      `no events in ${cleanerOf(io)(file)}${findings.named > 0 ? `: ${findings.summary}` : ""}\n`,
    );
    return io.exitCode(1);
  }
  for (const text of chainWords(chain, flags)) await write(io, `${text}\n`);
  await write(io, `${findings.summary}\n`);
  io.exitCode(exitCodeOf(findings, chain, flags));
}

function exitCodeOf(findings: Findings, chain: ChainCheck, { chainThrough }: VerifyFlags): number {
  const { counts, altered, noEvents, tooLong } = findings;
  const isBroken = chain.breakCount > 0 || (chainThrough !== undefined && !chain.expectedSeen);
  if (counts.invalid + counts.unsigned + altered + noEvents > 0 || isBroken) return 2;
  return counts.unverifiable + tooLong > 0 ? 1 : 0;
}

/** What the chain tells, and what it leaves open. */
function chainWords(chain: ChainCheck, { chainThrough }: VerifyFlags): string[] {
  const { breaks, breakCount, records, recordsBefore, firstNumber = 1, end } = chain;
  const words = breaks.map(({ reason }) => `The chain is broken: ${reason}.`);
  if (breakCount > breaks.length) words.push(`${breakCount - breaks.length} more breaks.`);
  if (recordsBefore > 0) {
    words.push(
      `Note: ${recordsBefore} stored ${recordsBefore === 1 ? "line is" : "lines are"} in no chain (an older version wrote them): whether lines were removed, added or moved there can't be seen.`,
    );
  }
  if (records > 0 && end) {
    if (firstNumber > 1) {
      words.push(
        `Note: the chain's records before number ${firstNumber} are not here: they were moved aside and removed in time, or by somebody.`,
      );
    }
    if (breakCount === 0) {
      words.push(
        `Chain: records ${firstNumber} to ${end.number} are complete and in order. Lines that were cut off behind them can't be seen; note this hash elsewhere for --chain-through: ${end.hash}`,
      );
    }
  }
  if (chainThrough !== undefined && !chain.expectedSeen) {
    words.push(`The chain is broken: no record has the hash that was given.`);
  }
  return words;
}

/** Without the secrets of the environment, whoever has written them into a file's name. */
function cleanerOf({ env }: CliIo): Cleaner {
  return createCleaner(environmentSecrets(env));
}

async function parseEvents(file: string, { format }: { format: string }, io: CliIo): Promise<void> {
  const { noKeys } = await import("../../receiver/key-source.js");
  const { describeEvent } = await import("../../receiver/describe-event.js");
  const colors = pc.createColors(io.interactive);
  let count = 0;
  for await (const { number, ...line } of await read(file, await keyRing(noKeys, io), io)) {
    io.signal.throwIfAborted();
    if (!line.received) {
      io.stderr.write(`Warning: line ${number} is ${line.skipped}, it was passed over.\n`);
      continue;
    }
    const { received } = line;
    if (received.event) count += 1;
    const text = format === "text" ? describeEvent(received, colors) : printableJson(received);
    if (!(await write(io, `${text}\n`))) return;
  }
  if (count > 0) return;
  io.stderr.write(`no events in ${cleanerOf(io)(file)}\n`);
  io.exitCode(1);
}

/** The file, and before it those that `listen` has moved aside, if its chain began there. */
async function filesOf(
  file: string,
  { rotated }: VerifyFlags,
  io: CliIo,
): Promise<readonly StoreFile[]> {
  if (file === "-" || !rotated) return [{ path: file, file: undefined }];
  const { closeStore, openStore } = await import("../../receiver/store-files.js");
  const files = await openStore(resolve(io.cwd, file), { signal: io.signal });
  io.cleanUps.add(() => closeStore(files));
  return files;
}

async function keyRing(source: KeySource, { clock }: CliIo): Promise<KeyRing> {
  const { KeyRing } = await import("../../receiver/key-ring.js");
  return new KeyRing({ source, clock });
}

async function read(
  file: string,
  keys: KeyRing,
  io: CliIo,
  options: { chain?: ChainCheck; place?: string; file?: FileHandle | undefined } = {},
): Promise<AsyncGenerator<StoredLine>> {
  const { readStoredLines } = await import("../../receiver/stored-lines.js");
  const path = file === "-" ? file : resolve(io.cwd, file);
  const { signal, stdin } = io;
  return readStoredLines(path, { ...options, keys, now: io.clock.now(), signal, stdin });
}

/** @returns `false` when nobody reads any more, as after `| head` */
async function write({ stdout }: CliIo, text: string): Promise<boolean> {
  if (stdout.destroyed) return false;
  try {
    if (!stdout.write(text)) await once(stdout, "drain");
    return true;
  } catch (error) {
    if (error instanceof Error && isReaderGone(error)) return false;
    throw error;
  }
}
