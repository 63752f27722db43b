import type { Clock } from "../../core/clock.js";
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
}

/** Where lines stay, a region that only waits gives a sign of life after so many milliseconds. */
const signOfLife = 30_000;

/** Begins to tell: in place where that is possible, else line by line. */
export function startProgress(options: ProgressOptions): Progress {
  return options.columns === undefined
    ? lineByLine(options)
    : inPlace({ ...options, columns: options.columns });
}

function lineByLine({ write, clock }: ProgressOptions): Progress {
  const startedAt = clock.now();
  const last = new Map<string, { at: number; reason?: string }>();
  return {
    moment(region, { after_ms, text }) {
      last.set(region, { ...last.get(region), at: clock.now() });
      write(`${line(region, after_ms, text)}\n`);
    },
    wait(region, reason) {
      const now = clock.now();
      const before = last.get(region);
      if (before?.reason === reason && now - before.at < signOfLife) return;
      last.set(region, { at: now, reason });
      write(`${line(region, now - startedAt, `waiting: ${reason}`)}\n`);
    },
    end() {},
  };
}

function inPlace({ write, clock, columns }: ProgressOptions & { columns: number }): Progress {
  const startedAt = clock.now();
  const lines = new Map<string, string>();
  let drawn = 0;
  const draw = (region: string, milliseconds: number, text: string) => {
    // One column is left free: a full line would wrap in some terminals.
    lines.set(region, line(region, milliseconds, text).slice(0, columns - 1));
    const back = drawn > 0 ? `\u001b[${drawn}A` : "";
    write(`${back}${[...lines.values()].map((each) => `\u001b[2K${each}\n`).join("")}`);
    drawn = lines.size;
  };
  return {
    moment: (region, { after_ms, text }) => draw(region, after_ms, text),
    wait: (region, reason) => draw(region, clock.now() - startedAt, `waiting: ${reason}`),
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
