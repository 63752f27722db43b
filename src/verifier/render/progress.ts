import type { Clock } from "../../core/clock.js";
import { cleanText } from "../../core/foreign-text.js";
import type { Moment } from "../report.js";

/** Tells what becomes of each region while a verification runs. */
export interface Progress {
  moment(region: string, moment: Pick<Moment, "after_ms" | "text">): void;
  wait(region: string, reason: string): void;
  /** Ends what is being redrawn, so that something else can be written below. */
  end(): void;
}

export interface ProgressOptions {
  write: (text: string) => unknown;
  clock: Clock;
  /** Redraw a line per region, as a terminal can, of so many columns. @default every line stays, as CI logs need it */
  columns?: number | undefined;
  /** Milliseconds that the whole run may take: a region that waits shows how much of it has passed. */
  within?: number | undefined;
}

/** Where lines stay, a region that only waits gives a sign of life after so many milliseconds. */
const signOfLife = 30_000;

/** Begins to tell: in place where that is possible, else line by line. */
export function startProgress(options: ProgressOptions): Progress {
  return options.columns === undefined
    ? lineByLine(options)
    : inPlace({ ...options, columns: options.columns });
}

function lineByLine({ write, clock, within }: ProgressOptions): Progress {
  const startedAt = clock.monotonic();
  const last = new Map<string, { at: number; reason?: string }>();
  return {
    moment(region, { after_ms, text }) {
      last.set(region, { ...last.get(region), at: clock.monotonic() });
      write(`${line(region, after_ms, text)}\n`);
    },
    wait(region, reason) {
      const now = clock.monotonic();
      const before = last.get(region);
      if (before?.reason === reason && now - before.at < signOfLife) return;
      last.set(region, { at: now, reason });
      write(`${line(region, now - startedAt, waiting(reason, now - startedAt, within))}\n`);
    },
    end() {},
  };
}

function inPlace({
  write,
  clock,
  columns,
  within,
}: ProgressOptions & { columns: number }): Progress {
  const startedAt = clock.monotonic();
  const lines = new Map<string, string>();
  let drawn = 0;
  const draw = (region: string, milliseconds: number, text: string) => {
    // One column is left free: a full line would wrap in some terminals.
    lines.set(region, cutAtWord(line(region, milliseconds, text), columns - 1));
    const back = drawn > 0 ? `\u001b[${drawn}A` : "";
    write(`${back}${[...lines.values()].map((each) => `\u001b[2K${each}\n`).join("")}`);
    drawn = lines.size;
  };
  return {
    moment: (region, { after_ms, text }) => draw(region, after_ms, text),
    wait(region, reason) {
      const elapsed = clock.monotonic() - startedAt;
      draw(region, elapsed, waiting(reason, elapsed, within));
    },
    end() {
      if (drawn > 0) write(`\u001b[${drawn}A\u001b[0J`);
      drawn = 0;
      lines.clear();
    },
  };
}

function line(region: string, milliseconds: number, text: string): string {
  return `${(milliseconds / 1000).toFixed(1).padStart(6)} s  ${region}  ${text}`;
}

function waiting(reason: string, elapsed: number, within: number | undefined): string {
  const seconds = (milliseconds: number) => Math.round(milliseconds / 1000);
  const part = within === undefined ? "" : ` (${seconds(elapsed)} of ${seconds(within)} s)`;
  return cleanText(`waiting${part}: ${reason}`);
}

/** The whole words that there is room for; a word that is longer than a line is cut. */
function cutAtWord(text: string, most: number): string {
  if (text.length <= most) return text;
  const cut = text.slice(0, most - 1);
  const blank = text[most - 1] === " " ? most - 1 : cut.trimEnd().lastIndexOf(" ");
  return `${cut.slice(0, blank > most / 2 ? blank : most - 1).trimEnd()}…`;
}
