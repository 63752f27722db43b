import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Writable } from "node:stream";
import { type Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import type { Receiver, ReceiverOptions } from "../../receiver/server.js";
import type { CliIo } from "../io.js";

interface ListenOptions {
  host: string;
  port: number;
  region?: string[];
  jwks?: string;
  verify: boolean;
  store?: string;
  format: "text" | "ndjson";
  tlsCert?: string;
  tlsKey?: string;
}

const authorizationVariable = "KONNECT_AUDIT_AUTHORIZATION";

/** Adds `konnect-audit listen`: a receiver of audit events for local work and for proof of delivery. */
export function registerListen(program: Command, io: CliIo): void {
  program
    .command("listen")
    .description("receive audit events: check, decode, verify and print them")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on; 0 takes a free one", parsePort, 19_090)
    .option("--region <names...>", "regions whose signing keys are used (default: all known)")
    .option("--jwks <file>", "read the signing keys from a file instead of from Konnect")
    .option("--no-verify", "do without signing keys: no signature is checked")
    .option("--store <file>", "append events to a file before a delivery is acknowledged")
    .addOption(
      new Option("--format <name>", "what is printed on stdout")
        .choices(["text", "ndjson"])
        .default("text"),
    )
    .option("--tls-cert <file>", "serve HTTPS with this PEM certificate chain")
    .option("--tls-key <file>", "the certificate's PEM private key")
    .addHelpText(
      "after",
      `
Deliveries must carry the value of ${authorizationVariable} in their Authorization header, as the webhook's
\`authorization\` says. Keys are read from KONNECT_SERVER_URL or Konnect; no token is needed for them.
A verifier asks for evidence with: konnect-audit verify --receiver http://127.0.0.1:19090
`,
    )
    .action(async (options: ListenOptions) => listen(options, io));
}

async function listen(options: ListenOptions, io: CliIo): Promise<void> {
  const { startReceiver } = await import("../../receiver/server.js");
  const receiver = await startReceiver(await receiverOptions(options, io));
  try {
    announce(receiver, io);
    await ended(io);
  } finally {
    await receiver.close();
  }
  const { events, duplicates, valid, invalid, unsigned, unverifiable } = receiver.counters;
  io.stderr.write(
    `Received ${events} events (${valid} signed, ${invalid} with an invalid signature, ${unsigned} unsigned, ${unverifiable} not verifiable) and ${duplicates} duplicates.\n`,
  );
}

async function receiverOptions(options: ListenOptions, io: CliIo): Promise<ReceiverOptions> {
  const authorization = io.env[authorizationVariable];
  const { describeEvent } = await import("../../receiver/describe-event.js");
  const { receiverErrors } = await import("../../receiver/errors.js");
  const colors = pc.createColors(io.interactive);
  if (!authorization) throw receiverErrors.authorizationMissing(authorizationVariable);
  return {
    host: options.host,
    port: options.port,
    authorization,
    clock: io.clock,
    keys: await keySource(options, io),
    tls: await readCertificate(options, io),
    ...(options.store ? { journal: { path: resolve(io.cwd, options.store) } } : {}),
    onEvents: (events) =>
      write(
        io.stdout,
        events
          .map((event) =>
            options.format === "ndjson" ? JSON.stringify(event) : describeEvent(event, colors),
          )
          .map((line) => `${line}\n`)
          .join(""),
      ),
    onRefusal: (status, reason) =>
      io.stderr.write(`Refused a delivery with ${status}: ${reason}\n`),
  };
}

async function readCertificate(
  { tlsCert, tlsKey }: ListenOptions,
  io: CliIo,
): Promise<ReceiverOptions["tls"]> {
  if (!tlsCert && !tlsKey) return undefined;
  const { receiverErrors } = await import("../../receiver/errors.js");
  if (!tlsCert || !tlsKey) throw receiverErrors.certificateIncomplete();
  const read = (file: string) => readFile(resolve(io.cwd, file), "utf8");
  try {
    return { cert: await read(tlsCert), key: await read(tlsKey) };
  } catch (cause) {
    throw receiverErrors.certificateUnusable(cause);
  }
}

async function keySource(options: ListenOptions, io: CliIo): Promise<ReceiverOptions["keys"]> {
  const { fileKeys, konnectKeys, noKeys } = await import("../../receiver/key-source.js");
  if (!options.verify) return noKeys;
  if (options.jwks) return fileKeys(resolve(io.cwd, options.jwks));
  const { knownRegions } = await import("../../konnect/regions.js");
  const { defaultServerUrl } = await import("../../konnect/server-url.js");
  const { createDispatcher } = await import("../../konnect/dispatcher.js");
  return konnectKeys({
    regions: options.region ?? knownRegions,
    serverUrl: io.env.KONNECT_SERVER_URL ?? defaultServerUrl,
    dispatcher: createDispatcher(io.env),
  });
}

function announce(receiver: Receiver, io: CliIo): void {
  io.stderr.write(`Listening for audit events. Set the webhook's endpoint to ${receiver.url}\n`);
  for (const problem of receiver.keyProblems) {
    io.stderr.write(`Signatures may not be verifiable: ${problem}.\n`);
  }
}

/** Writes and waits for a reader that is slower than the deliveries. */
async function write(stream: Writable, text: string): Promise<void> {
  if (text !== "" && !stream.write(text)) await once(stream, "drain");
}

/** Ends with a signal, or when whoever read our output (`| head`, say) has gone. */
async function ended({ signal, stdout }: CliIo): Promise<void> {
  if (signal.aborted) return;
  await Promise.race([
    once(signal, "abort"),
    new Promise((resolve) => stdout.once("error", resolve)),
  ]);
}

function parsePort(text: string): number {
  const port = Number(text);
  if (/^\d+$/.test(text) && port <= 65_535) return port;
  throw new InvalidArgumentError("A port is a number from 0 to 65535.");
}
