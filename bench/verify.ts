import { startEmulator } from "../src/emulator/index.js";
import { createKonnectClient } from "../src/konnect/client.js";
import { verify } from "../src/verifier/verify.js";
import { startSink } from "./sink.js";

const regions = ["us", "eu", "au", "me", "in", "sg", "zz"];

/**
 * A verification of seven regions against that of the slowest one alone.
 *
 * All regions deliver equally late here, so that any one of them is the slowest.
 *
 * @param latency milliseconds until Konnect delivers; really it is up to a minute
 */
export async function benchVerify(latency: number) {
  const sink = await startSink();
  const emulator = await startEmulator({ knobs: { flushIntervalMs: latency }, regions: ["zz"] });
  const client = createKonnectClient({ token: "kpat_bench", serverUrl: emulator.serverUrl });
  try {
    for (const region of regions) {
      await client.updateWebhook(region, {
        ...{ endpoint: sink.url, authorization: "Bearer x", enabled: true },
      });
    }
    const take = async (chosen: readonly string[]) => {
      await emulator.idle();
      const report = await verify({ client, regions: chosen });
      if (report.outcome !== "passed") throw new Error(`the verification ${report.outcome}`);
      return report.duration_ms;
    };
    const alone = await take(regions.slice(0, 1));
    const together = await take(regions);
    return { ratio: together / alone, together, alone };
  } finally {
    await client.close();
    await emulator.close();
    await sink.close();
  }
}
