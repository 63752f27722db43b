import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../src/emulator/index.js";
import { createKonnectClient } from "../src/konnect/client.js";
import { konnectKeys } from "../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../src/receiver/server.js";

// Events through emulator and receiver in one process: none may be lost or come unsigned, every duplicate has to be
// counted, and memory has to stay flat. Exits with 1 when any of that fails.
//   npm run soak [-- NUMBER]

const region = "eu";
const authorization = "Bearer soak";
const chunk = 10_000;
const batch = 1000;
/** Every so many chunks, Konnect delivers a batch twice, as it does in real life. */
const chunksPerDuplicate = 10;
/** Until then memory grows on purpose: 100,000 events are retained, and as many lines remembered. */
const warmUp = 150_000;
/** How much more memory the last quarter of a run may take than the one before it. */
const mostGrowth = 1.2;
const mebibyte = 1024 * 1024;

const wanted = Number(process.argv[2] ?? 1_000_000);
if (!Number.isInteger(wanted) || wanted < 2 * warmUp) {
  process.stderr.write(
    `Give the number of events, at least ${2 * warmUp}: a shorter run can't tell whether memory is flat.\n`,
  );
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "konnect-audit-soak-"));
const emulator = await startEmulator({ knobs: { flushIntervalMs: 0, maxBatchEvents: batch } });
const receiver = await startReceiver({
  authorization,
  keys: konnectKeys({ regions: [region], serverUrl: emulator.serverUrl }),
  journal: { path: join(folder, "received.ndjson") },
});
try {
  process.exitCode = (await soak(emulator, receiver)) ? 0 : 1;
} finally {
  await emulator.close();
  await receiver.close();
  rmSync(folder, { recursive: true });
}

/** @returns whether everything held */
async function soak(
  { serverUrl, faults, makeEvents, idle }: Emulator,
  { url, counters }: Receiver,
): Promise<boolean> {
  const client = createKonnectClient({ token: "kpat_soak", serverUrl });
  await client.updateWebhook(region, { endpoint: url, authorization, enabled: true });
  await client.close();
  await idle();
  const before = counters.events;
  const chunks = Math.ceil(wanted / chunk);
  const sizes: number[] = [];
  const started = performance.now();
  for (let done = 1; done <= chunks; done++) {
    const repeats = done % chunksPerDuplicate === 0;
    if (repeats) faults.add({ delivery: { kind: "duplicate" }, count: 1 });
    makeEvents({ kind: "permission-check", region, count: chunk });
    await idle();
    sizes.push(process.memoryUsage.rss() / mebibyte);
    if (repeats || done === chunks) report(done * chunk, sizes.at(-1) ?? 0, counters);
  }
  const made = chunks * chunk;
  const repeated = Math.floor(chunks / chunksPerDuplicate) * batch;
  const growth = growthOf(sizes);
  const seconds = (performance.now() - started) / 1000;
  const { user, system } = process.cpuUsage();
  const cpu = (user + system) / 1e6;
  const checks: [string, boolean][] = [
    [`${made - (counters.events - before)} lost`, counters.events - before === made],
    [`${counters.unsigned} unsigned`, counters.unsigned === 0],
    [`${counters.events - counters.valid} not verified`, counters.valid === counters.events],
    [`${counters.duplicates} of ${repeated} duplicates counted`, counters.duplicates === repeated],
    [
      `RSS ${Math.max(...sizes).toFixed(0)} MiB at most, ×${growth.toFixed(2)} from the third quarter to the last [≤ ${mostGrowth}]`,
      growth <= mostGrowth,
    ],
  ];
  process.stdout.write(`${made} events in ${seconds.toFixed(0)} s (${cpu.toFixed(0)} s of CPU)\n`);
  for (const [what, held] of checks) process.stdout.write(`${held ? "ok  " : "FAIL"} ${what}\n`);
  return checks.every(([, held]) => held);
}

/** The most memory that the last quarter took, of what the one before it took. */
function growthOf(sizes: readonly number[]): number {
  const at = (quarters: number) => Math.floor((sizes.length * quarters) / 4);
  return Math.max(...sizes.slice(at(3))) / Math.max(...sizes.slice(at(2), at(3)));
}

function report(done: number, resident: number, { events, duplicates }: Receiver["counters"]) {
  process.stdout.write(
    `${String(done).padStart(9)} made, ${String(events).padStart(9)} received, ${String(duplicates).padStart(6)} duplicates, RSS ${resident.toFixed(0)} MiB\n`,
  );
}
