import { execFileSync, spawn } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";

const core = resolve(import.meta.dirname, "../../src/core");
let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), "konnect-audit-endings-"));
});

afterAll(() => rmSync(folder, { recursive: true }));

/** A process that does `work` (which sees `endings`), prints `ready` first, and ends with `endings.finish()`. */
function start(work: string) {
  const script = join(folder, `${Math.random()}.mts`);
  writeFileSync(
    script,
    `import { watchProcessEndings } from ${JSON.stringify(join(core, "process-endings.ts"))};
const endings = watchProcessEndings();
const forever = () => new Promise(() => setInterval(() => {}, 1e6));
const stopped = () => new Promise((resolve) => {
  const alive = setInterval(() => {}, 1e6);
  endings.signal.addEventListener("abort", () => { clearInterval(alive); resolve(); });
});
process.stderr.write("ready\\n");
${work}
await endings.finish();
`,
  );
  const child = spawn(process.execPath, ["--import", "tsx", script], {
    stdio: ["ignore", "pipe", "pipe"],
  });
  let output = "";
  const ready = new Promise<void>((done) => {
    for (const stream of [child.stdout, child.stderr]) {
      stream.setEncoding("utf8").on("data", (text: string) => {
        output += text;
        if (output.includes("ready\n")) done();
      });
    }
  });
  const exited = new Promise<number | string>((done) =>
    child.on("exit", (code, signal) => done(code ?? signal ?? "")),
  );
  const said = (text: string) =>
    new Promise<void>((done) => {
      const look = () => output.includes(text) && done();
      child.stdout.on("data", look);
      look();
    });
  return { child, ready, exited, said, output: () => output };
}

describe("a process that is told to end", () => {
  test.each([
    ["SIGINT", 130],
    ["SIGTERM", 143],
    ["SIGHUP", 129],
    ["SIGQUIT", 131],
  ] as const)("by %s aborts its work, cleans up and exits with %i", async (signal, code) => {
    const run = start(`const cleanUp = endings.cleanUps.add(() => console.log("cleaned"));
try { await stopped(); console.log(String(endings.signal.reason.message)); } finally { await cleanUp.run(); }`);
    await run.ready;
    run.child.kill(signal);
    expect(await run.exited).toBe(code);
    expect(run.output()).toContain(`stopped by ${signal}\ncleaned\n`);
  });

  test("is ended when its work does not stop, after its clean-ups", async () => {
    const run = start(`endings.cleanUps.add(async () => console.log("cleaned")); await forever();`);
    await run.ready;
    run.child.kill("SIGINT");
    expect(await run.exited).toBe(130);
    expect(run.output().match(/cleaned/g)).toHaveLength(1);
  });

  test("keeps the exit code that its work has set", async () => {
    const run = start("await stopped(); process.exitCode = 0;");
    await run.ready;
    run.child.kill("SIGTERM");
    expect(await run.exited).toBe(0);
  });

  test("takes two signals in a row for one, as npx passes them on", async () => {
    const run =
      start(`endings.cleanUps.add(() => new Promise((done) => setTimeout(() => { console.log("cleaned"); done(); }, 3_000)));
await stopped(); console.log("stopping");`);
    await run.ready;
    run.child.kill("SIGINT");
    await run.said("stopping");
    run.child.kill("SIGINT");
    expect(await run.exited).toBe(130);
    expect(run.output()).toContain("cleaned");
  });

  test("hurries its clean-ups after a second signal, and they say what stays behind", async () => {
    const run =
      start(`endings.cleanUps.add((hurry) => new Promise((done) => hurry.addEventListener("abort", () => { console.log("left behind"); done(); })));
await stopped(); setTimeout(() => console.log("stopping"), 600);`);
    await run.ready;
    run.child.kill("SIGINT");
    await run.said("stopping");
    run.child.kill("SIGINT");
    expect(await run.exited).toBe(130);
    expect(run.output()).toContain("left behind");
  });

  test("ends at once with the third signal", async () => {
    const run = start(`endings.cleanUps.add(() => forever());
await stopped(); let said = 0; setInterval(() => console.log("stopping " + ++said), 600);`);
    await run.ready;
    run.child.kill("SIGINT");
    for (const said of ["stopping 1", "stopping 2"]) {
      await run.said(said);
      run.child.kill("SIGINT");
    }
    expect(await run.exited).toBe(130);
  });

  test("ends although nobody reads what it prints", async () => {
    const run = start(
      `endings.cleanUps.add(() => process.stderr.write("cleaned\\n")); process.stdout.write("x".repeat(1e6)); await stopped();`,
    );
    run.child.stdout.pause();
    await run.ready;
    run.child.kill("SIGTERM");
    expect(await run.exited).toBe(143);
    expect(run.output()).toContain("cleaned");
  });

  test("ends although a thread waits for a FIFO that nobody writes to", async () => {
    const fifo = join(folder, "fifo");
    execFileSync("mkfifo", [fifo]);
    const run = start(`import { open } from "node:fs"; open(${JSON.stringify(fifo)}, () => {});
await stopped();`);
    await run.ready;
    run.child.kill("SIGINT");
    expect(await run.exited).toBe("SIGINT");
  });

  test("cleans up after an error that nothing has caught, and exits with 1", async () => {
    const run = start(`endings.cleanUps.add(() => console.log("cleaned"));
setTimeout(() => { throw new Error("unexpected"); }); await forever();`);
    expect(await run.exited).toBe(1);
    expect(run.output()).toMatch(/unexpected[\s\S]*cleaned/);
  });

  test("does not crash when the readers of its output have gone", async () => {
    const run = start(`import { readSync } from "node:fs";
for (let count = 0; count < 5; count++) { process.stdout.write("x\\n"); process.stderr.write("x\\n"); await new Promise((r) => setTimeout(r, 50)); }
process.exitCode = 7;`);
    await run.ready;
    run.child.stdout.destroy();
    run.child.stderr.destroy();
    expect(await run.exited).toBe(7);
  });
});

describe("a process whose work is done", () => {
  test("runs the clean-ups that are left, and exits with 0", async () => {
    const run = start(`endings.cleanUps.add(() => console.log("cleaned"));`);
    expect(await run.exited).toBe(0);
    expect(run.output()).toContain("cleaned");
  });
});
