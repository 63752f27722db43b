import type { Writable } from "node:stream";
import type pc from "picocolors";

type Colors = ReturnType<typeof pc.createColors>;

/** Tells the user what the demo does; 80 columns, and no redrawing, so that a CI log reads the same. */
export class Narrator {
  #step = 0;

  constructor(
    private readonly out: Writable,
    readonly colors: Colors,
    private readonly steps: number,
  ) {}

  say(text = ""): void {
    this.out.write(`${text}\n`);
  }

  /** Begins a numbered step. */
  step(title: string): void {
    this.#step += 1;
    this.say(`\n${this.colors.bold(`[${this.#step}/${this.steps}] ${title}`)}`);
  }

  /** A command that the user could have typed. */
  command(line: string): void {
    this.say(this.colors.cyan(`$ ${line}`));
  }

  /** What a command printed. */
  printed(text: string): void {
    this.say(text.trimEnd());
  }

  /** A line of progress. */
  detail(text: string): void {
    this.say(`  ${text}`);
  }

  done(text: string): void {
    this.say(`${this.colors.green("✓")} ${text}`);
  }

  failed(text: string): void {
    this.say(`\n${this.colors.red("✗")} ${text}`);
  }
}
