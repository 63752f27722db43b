import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type Emulator, startEmulator } from "../src/emulator/index.js";
import { createKonnectClient } from "../src/konnect/client.js";
import { konnectKeys } from "../src/receiver/key-source.js";
import { type Receiver, startReceiver } from "../src/receiver/server.js";

// Events through emulator and receiver: none may be lost or come unsigned, and memory has to stay flat.
//   npm run soak [-- NUMBER]

const region = "eu";
const authorization = "Bearer soak";
const chunk = 10_000;
/** Every so many chunks, Konnect delivers a batch twice, as it does in real life. */
const chunksPerDuplicate = 10;
/** Until then memory grows on purpose: compiled code, buffers and the receiver's memory of duplicates. */
const warmUpChunks = 20;
const mebibyte = 1024 * 1024;

const wanted = Number(process.argv[2] ?? 1_000_000);
if (!Number.isInteger(wanted) || wanted < chunk) {
  process.stderr.write(`Give the number of events, at least ${chunk}.\n`);
  process.exit(1);
}

const folder = mkdtempSync(join(tmpdir(), "konnect-audit-soak-"));
const emulator = await startEmulator({ knobs: { flushIntervalMs: 0 } });
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
) {
  const client = createKonnectClient({ token: "kpat_soak", serverUrl });
  await client.updateWebhook(region, { endpoint: url, authorization, enabled: true });
  await client.close();
  await idle();
  const before = counters.events;
  const chunks = Math.ceil(wanted / chunk);
  const sizes: number[] = [];
  const started = performance.now();
  for (let done = 1; done <= chunks; done++) {
    if (done % chunksPerDuplicate === 0) {
      faults.add({ delivery: { kind: "duplicate" }, count: 1 });
    }
    makeEvents({ kind: "permission-check", region, count: chunk });
    await idle();
    sizes.push(process.memoryUsage().rss / mebibyte);
    if (done % 10 === 0 || done === chunks) report(done * chunk, sizes.at(-1) ?? 0, counters);
  }
  const made = chunks * chunk;
  const seconds = (performance.now() - started) / 1000;
  const arrived = counters.events - before;
  const steady = sizes.slice(warmUpChunks);
  const growth = steady.length > 1 ? (steady.at(-1) ?? 0) / (steady[0] ?? 1) : undefined;
  process.stdout.write(
    `${made} events in ${seconds.toFixed(0)} s: ${made - arrived} lost, ${counters.unsigned} unsigned, ${counters.invalid + counters.unverifiable} not verified, ${counters.duplicates} duplicates; RSS ${growth === undefined ? "not compared in so short a run" : `×${growth.toFixed(2)} since warm [≤ 1.25]`}.\n`,
  );
  const allSigned = counters.valid === counters.events;
  return arrived === made && allSigned && (growth === undefined || growth <= 1.25);
}

function report(done: number, resident: number, { events, duplicates }: Receiver["counters"]) {
  process.stdout.write(
    `${String(done).padStart(9)} made, ${String(events).padStart(9)} received, ${String(duplicates).padStart(6)} duplicates, RSS ${resident.toFixed(0)} MiB\n`,
  );
}
