import { sign } from "node:crypto";
import { promisify } from "node:util";
import { gunzipSync, gzip } from "node:zlib";
import { Agent, request } from "undici";
import { type Emulator, startEmulator } from "../src/emulator/index.js";
import { createSigningKey } from "../src/events/jwks.js";
import { createKonnectClient } from "../src/konnect/client.js";
import { interleaved } from "./measure.js";
import { type Sink, startSink } from "./sink.js";

const compress = promisify(gzip);
const region = "eu";

export interface DeliveryBench {
  /** Events in one round. */
  events: number;
  /** Events in one delivery. */
  batch: number;
  rounds: number;
}

/** Events that the emulator makes and delivers, against a bare loop of sign, gzip and POST over the same lines. */
export async function benchDeliveries({ events, batch, rounds }: DeliveryBench) {
  const sink = await startSink();
  const emulator = await startEmulator({ knobs: { maxBatchEvents: batch, flushIntervalMs: 0 } });
  const agent = new Agent();
  try {
    await configure(emulator, sink);
    const emulated = async () => {
      emulator.makeEvents({ kind: "permission-check", region, count: events });
      await emulator.idle();
    };
    const lines = await linesOf(sink, emulated);
    const { privateKey } = createSigningKey();
    const bare = async () => {
      for (let start = 0; start < lines.length; start += batch) {
        const signed = lines
          .slice(start, start + batch)
          .map(
            (line) => `${line} sig=${sign(null, Buffer.from(line), privateKey).toString("hex")}`,
          );
        const { body } = await request(sink.url, {
          method: "POST",
          dispatcher: agent,
          headers: { "content-type": "text/plain", "content-encoding": "gzip" },
          body: await compress(signed.join("\n")),
        });
        await body.dump();
      }
    };
    const times = await interleaved(rounds, { bare, emulated });
    const perSecond = (milliseconds: number) => events / (milliseconds / 1000);
    return {
      ratio: times.emulated / times.bare,
      emulated: perSecond(times.emulated),
      bare: perSecond(times.bare),
    };
  } finally {
    await agent.close();
    await emulator.close();
    await sink.close();
  }
}

async function configure({ serverUrl }: Emulator, { url }: Sink): Promise<void> {
  const client = createKonnectClient({ token: "kpat_bench", serverUrl });
  await client.updateWebhook(region, { endpoint: url, authorization: "Bearer x", enabled: true });
  await client.close();
}

/** The lines of one round, without their signatures. */
async function linesOf(sink: Sink, round: () => Promise<void>): Promise<string[]> {
  sink.keep = true;
  await round();
  sink.keep = false;
  return sink.bodies.splice(0).flatMap((body) =>
    gunzipSync(body)
      .toString()
      .split("\n")
      .map((line) => line.replace(/ sig=\S+$/, "")),
  );
}
