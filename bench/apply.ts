import type { BuiltPackage } from "../src/package/index.js";
import { startAnsweringKonnect } from "./konnect.js";
import { median, timed } from "./measure.js";
import { prepareWebhooks } from "./plan.js";

const latency = 200;
const count = 50;
const parallelism = 10;
/** The goal is near, and most of what is not waiting for Konnect is starts of processes, whose time varies. */
const rounds = 7;
/** A create reads, writes, and reads what it wrote. */
const requests = 3;

/**
 * Apply of new webhooks against a slow Konnect, as a ratio of the time that the requests alone would take with
 * Terraform's parallelism; and the most requests that were under way at once.
 */
export async function benchApply(built: BuiltPackage) {
  const times: number[] = [];
  let inFlight = 0;
  for (let round = 0; round < rounds; round++) {
    const emulator = await startAnsweringKonnect();
    emulator.faults.add({ effect: { kind: "latency", milliseconds: latency } });
    const webhooks = await prepareWebhooks(built, emulator.serverUrl, count);
    try {
      times.push(await timed(webhooks.apply));
      inFlight = Math.max(inFlight, mostAtOnce(emulator.requests.map(({ at }) => at)));
    } finally {
      webhooks.remove();
      await emulator.close();
    }
  }
  const ideal = Math.ceil(count / parallelism) * requests * latency;
  return { ratio: median(times) / ideal, apply: median(times), ideal, inFlight };
}

/** Requests that came within one latency of each other were under way together. */
function mostAtOnce(times: readonly number[]): number {
  const sorted = [...times].sort((a, b) => a - b);
  let most = 0;
  for (const [index, start] of sorted.entries()) {
    const end = sorted.findIndex((time) => time >= start + latency);
    most = Math.max(most, (end === -1 ? sorted.length : end) - index);
  }
  return most;
}
