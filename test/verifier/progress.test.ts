import { describe, expect, test } from "vitest";
import { startProgress } from "../../src/verifier/render/progress.js";
import { createFakeClock } from "../support/fake-clock.js";

function told(columns?: number) {
  const clock = createFakeClock();
  const written: string[] = [];
  const write = (text: string) => written.push(text);
  return { clock, written, progress: startProgress({ write, clock, columns }) };
}

describe("progress line by line", () => {
  test("has a line for each moment", () => {
    const { written, progress } = told();
    progress.moment("eu", { after_ms: 412, text: "probe a sent" });
    progress.end();
    expect(written.join("")).toBe("   0.4 s  eu  probe a sent\n");
  });

  test("says once what a region waits for, and gives a sign of life every half minute", async () => {
    const { clock, written, progress } = told();
    for (let second = 0; second < 70; second += 5) {
      progress.wait("eu", "no delivery attempted yet");
      progress.wait("us", second < 20 ? "no delivery attempted yet" : "deliveries fail");
      await clock.sleep(5_000);
    }
    expect(written).toEqual([
      "   0.0 s  eu  waiting: no delivery attempted yet\n",
      "   0.0 s  us  waiting: no delivery attempted yet\n",
      "  20.0 s  us  waiting: deliveries fail\n",
      "  30.0 s  eu  waiting: no delivery attempted yet\n",
      "  50.0 s  us  waiting: deliveries fail\n",
      "  60.0 s  eu  waiting: no delivery attempted yet\n",
    ]);
  });
});

describe("progress in place", () => {
  /** What a terminal shows after all that was written. */
  function screen(written: readonly string[]): string[] {
    const rows: string[] = [];
    let row = 0;
    const sequences = /⎋(\d+)A|(⎋2K)|(⎋0J)|(\n)|([^⎋\n]+)/g;
    const text = written.join("").replaceAll("\u001b[", "⎋");
    for (const [, up, clearLine, clearBelow, newline, words = ""] of text.matchAll(sequences)) {
      if (up) row -= Number(up);
      else if (clearLine) rows[row] = "";
      else if (clearBelow) rows.splice(row);
      else if (newline) row += 1;
      else rows[row] = `${rows[row] ?? ""}${words}`;
    }
    return rows;
  }

  test("keeps a line per region, cut to the terminal's width", () => {
    const { written, progress } = told(40);
    progress.moment("eu", { after_ms: 400, text: "probe a sent" });
    progress.moment("us", { after_ms: 500, text: `probe ${"b".repeat(60)} sent` });
    progress.wait("eu", "no delivery attempted yet");
    expect(screen(written)).toEqual([
      "   0.0 s  eu  waiting: no delivery…",
      `   0.5 s  us  probe ${"b".repeat(18)}…`,
    ]);
  });

  test("leaves nothing behind, so that the report stands alone", () => {
    const { written, progress } = told(80);
    progress.moment("eu", { after_ms: 400, text: "probe a sent" });
    progress.moment("us", { after_ms: 500, text: "probe b sent" });
    progress.end();
    progress.end();
    expect(screen(written)).toEqual([]);
  });
});
