import { createPublicKey, randomBytes, sign, verify } from "node:crypto";
import { closeSync, fdatasyncSync, mkdtempSync, openSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gzipSync } from "node:zlib";
import { Agent, request } from "undici";
import type { AccessEvent } from "../src/events/event.js";
import { formatEvent } from "../src/events/format.js";
import { createSigningKey, formatJwks, readJwks } from "../src/events/jwks.js";
import { signLine } from "../src/events/signature.js";
import { startReceiver } from "../src/receiver/server.js";
import { interleaved } from "./measure.js";

const authorization = "Bearer bench";

/** Events of one delivery. */
const batch = 1000;

export interface ReceiverBench {
  /** Deliveries of a thousand lines in one round. */
  deliveries: number;
  rounds: number;
}

/** Lines that the receiver takes, verifies and stores, against `crypto.verify` and `fdatasync` alone. */
export async function benchReceiver({ deliveries, rounds }: ReceiverBench) {
  const folder = mkdtempSync(join(tmpdir(), "konnect-audit-bench-"));
  const agent = new Agent();
  try {
    const key = createSigningKey();
    const publicKey = createPublicKey(key.privateKey);
    const keySet = readJwks(formatJwks([key]));
    const texts = Array.from({ length: deliveries * batch }, () => formatEvent(access(), "cef"));
    const batches = Array.from({ length: deliveries }, (_, index) =>
      texts.slice(index * batch, (index + 1) * batch),
    );
    const bodies = batches.map((lines) =>
      gzipSync(lines.map((line) => signLine(line, "cef", key.privateKey)).join("\n")),
    );
    const signed = batches.map((lines) =>
      lines.map((line) => ({
        bytes: Buffer.from(line),
        signature: sign(null, Buffer.from(line), key.privateKey),
      })),
    );
    let round = 0;
    const receive = async (verifies: boolean) => {
      round += 1; // a journal and a memory of duplicates of its own: each line is new to it
      const receiver = await startReceiver({
        authorization,
        keys: async () => ({
          keySet: verifies ? keySet : { keys: [], rejected: [] },
          problems: [],
        }),
        journal: { path: join(folder, `received-${round}.ndjson`) },
      });
      for (const body of bodies) await post(receiver.url, body, agent);
      const { events, valid } = receiver.counters;
      await receiver.close();
      const asExpected = events === texts.length && valid === (verifies ? events : 0);
      if (!asExpected) throw new Error(`received ${events}, of these ${valid} valid`);
    };
    const bare = () => {
      const file = openSync(join(folder, "bare.ndjson"), "a");
      for (const lines of signed) {
        for (const { bytes, signature } of lines) {
          if (!verify(null, bytes, publicKey, signature)) throw new Error("not verified");
        }
        writeSync(file, Buffer.concat(lines.map(({ bytes }) => bytes)));
        fdatasyncSync(file);
      }
      closeSync(file);
    };
    const times = await interleaved(rounds, {
      bare,
      verifying: () => receive(true),
      storing: () => receive(false),
    });
    const perSecond = (milliseconds: number) => texts.length / (milliseconds / 1000);
    return {
      ratio: times.verifying / times.bare,
      verifying: perSecond(times.verifying),
      storing: perSecond(times.storing),
      bare: perSecond(times.bare),
    };
  } finally {
    await agent.close();
    rmSync(folder, { recursive: true });
  }
}

async function post(url: string, body: Buffer, dispatcher: Agent): Promise<void> {
  const answer = await request(url, {
    method: "POST",
    dispatcher,
    headers: { authorization, "content-type": "text/plain", "content-encoding": "gzip" },
    body,
  });
  await answer.body.dump();
  if (answer.statusCode !== 202) throw new Error(`the receiver answered ${answer.statusCode}`);
}

/** A call that Konnect logged; no two are alike. */
function access(): AccessEvent {
  return {
    kind: "access",
    event_ts: "2026-11-22T10:00:00Z",
    event_product: "Konnect",
    event_class_id: "KongGateway",
    name: "Ingress",
    severity: 1,
    rt: 1_795_341_600_000,
    src: "203.0.113.7",
    request: "/v2/control-planes",
    act: "GET",
    status: 200,
    query: "{}",
    org_id: "777db3e4-5cb7-4dd5-b51c-9878096a6999",
    principal_id: "eb999f01-5976-4f4b-9fbc-dd5d514bd675",
    trace_id: randomBytes(16).toString("hex"),
    user_agent: "curl/8.5.0",
  };
}
