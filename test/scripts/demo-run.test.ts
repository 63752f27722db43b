import { readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { run } from "../../scripts/demo/run.js";

/** Prints its process group, then how many SIGINTs it got within a second after the first. */
const program = `
  const { readFileSync } = require("node:fs");
  let signals = 0;
  process.on("SIGINT", () => {
    signals++;
    if (signals === 1) setTimeout(() => { console.log("signals", signals); process.exit(0); }, 500);
  });
  console.log("group", readFileSync("/proc/self/stat", "utf8").split(") ")[1].split(" ")[2]);
  setTimeout(() => {}, 20_000);
`;

describe("a program of the demo", () => {
  test("is out of reach of the terminal's Ctrl-C, and gets one SIGINT when the demo is stopped", async () => {
    const stop = new AbortController();
    const lines: string[] = [];
    const ended = run(process.execPath, ["-e", program], {
      cwd: process.cwd(),
      env: process.env,
      signal: stop.signal,
      title: "the program",
      onLine(line) {
        lines.push(line);
        if (line.startsWith("group")) stop.abort(new Error("stopped"));
      },
    });
    await expect(ended).rejects.toThrow("stopped");
    const ownGroup = readFileSync("/proc/self/stat", "utf8").split(") ")[1]?.split(" ")[2];
    expect(lines).toEqual([expect.stringMatching(/^group \d+$/), "signals 1"]);
    expect(lines[0]).not.toBe(`group ${ownGroup}`);
  });
});
