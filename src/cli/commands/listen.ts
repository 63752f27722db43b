import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import type { Writable } from "node:stream";
import { type Command, InvalidArgumentError, Option } from "commander";
import pc from "picocolors";
import type { Receiver, ReceiverOptions } from "../../receiver/server.js";
import type { CliIo } from "../io.js";
import { verificationKeys } from "../keys.js";

interface ListenOptions {
  host: string;
  port: number;
  region?: string[];
  jwks?: string;
  verify: boolean;
  store?: string;
  format: "text" | "ndjson";
  tls?: boolean;
  tlsCert?: string;
  tlsKey?: string;
  kind: string[];
  minSeverity?: number;
  principal?: string;
  userAgent?: string;
  configure?: string;
  publicUrl?: string;
  logFormat: string;
}

const authorizationVariable = "KONNECT_AUDIT_AUTHORIZATION";

/** Adds `konnect-audit listen`: a receiver of audit events for local work and for proof of delivery. */
export function registerListen(program: Command, io: CliIo): void {
  program
    .command("listen")
    .description("Receive audit events: check, decode, verify, print and store them.")
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
    .addOption(
      new Option("--kind <names...>", "print these kinds of events only")
        .choices(["authentication", "authorization", "access"])
        .default([], "all"),
    )
    .option("--min-severity <number>", "print events of at least this severity", parseSeverity)
    .option("--principal <id|name>", "print one principal's events only")
    .option("--user-agent <text>", "print events whose user agent holds this text only")
    .option("--configure <region>", "point this region's webhook here until the end of the session")
    .option("--public-url <url>", "with --configure: where Konnect reaches this receiver")
    .addOption(
      new Option("--log-format <name>", "with --configure: the format to ask for")
        .choices(["cef", "json", "cps"])
        .default("json"),
    )
    .option("--tls", "serve HTTPS with a certificate made on the spot")
    .option("--tls-cert <file>", "serve HTTPS with this PEM certificate chain")
    .option("--tls-key <file>", "the certificate's PEM private key")
    .addHelpText(
      "after",
      `
Deliveries must carry the value of ${authorizationVariable} in their Authorization header, as the webhook's
\`authorization\` says; with --configure it may be unset. Filters limit what is printed, not what is stored.
Keys are read from KONNECT_SERVER_URL or Konnect, without a token; only --configure needs KONNECT_TOKEN.
A verifier asks for evidence with: konnect-audit verify --receiver http://127.0.0.1:19090
`,
    )
    .action((options: ListenOptions) => listen(options, io));
}

async function listen(options: ListenOptions, io: CliIo): Promise<void> {
  const { startReceiver } = await import("../../receiver/server.js");
  const authorization = await chooseAuthorization(options, io);
  const receiver = await startReceiver(await receiverOptions(options, io, authorization));
  try {
    announce(receiver, io);
    await withWebhook(options, io, { receiver, authorization }, () => ended(io));
  } finally {
    await receiver.close();
  }
  const { events, duplicates, valid, invalid, unsigned, unverifiable } = receiver.counters;
  io.stderr.write(
    `Received ${events} events (${valid} signed, ${invalid} with an invalid signature, ${unsigned} unsigned, ${unverifiable} not verifiable) and ${duplicates} duplicates.\n`,
  );
}

async function chooseAuthorization({ configure }: ListenOptions, io: CliIo): Promise<string> {
  const given = io.env[authorizationVariable];
  if (given) return given;
  if (configure) return `Bearer ${randomBytes(24).toString("hex")}`;
  const { receiverErrors } = await import("../../receiver/errors.js");
  throw receiverErrors.authorizationMissing(authorizationVariable);
}

async function receiverOptions(
  options: ListenOptions,
  io: CliIo,
  authorization: string,
): Promise<ReceiverOptions> {
  const { describeEvent } = await import("../../receiver/describe-event.js");
  const { matchesFilter } = await import("../../receiver/filter.js");
  const colors = pc.createColors(io.interactive);
  const { kind: kinds, minSeverity, principal, userAgent } = options;
  return {
    host: options.host,
    port: options.port,
    authorization,
    clock: io.clock,
    keys: options.verify
      ? await verificationKeys(
          { region: options.configure ? [options.configure] : undefined, ...options },
          io,
        )
      : (await import("../../receiver/key-source.js")).noKeys,
    tls: await readCertificate(options, io),
    ...(options.store ? { journal: { path: resolve(io.cwd, options.store) } } : {}),
    onEvents: (events) =>
      write(
        io.stdout,
        events
          .filter((event) => matchesFilter(event, { kinds, minSeverity, principal, userAgent }))
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

/** Lends the receiver a region's webhook while the work lasts, if that was asked for. */
async function withWebhook(
  { configure: region, publicUrl, logFormat, tls = false }: ListenOptions,
  io: CliIo,
  { receiver, authorization }: { receiver: Receiver; authorization: string },
  work: () => Promise<void>,
): Promise<void> {
  if (!region) return work();
  const { connect } = await import("../connect.js");
  const { borrowWebhook } = await import("../../receiver/session.js");
  const connection = await connect(io, "konnect-audit-listen");
  try {
    const session = await borrowWebhook({
      client: connection.client,
      region,
      authorization,
      logFormat,
      endpoint: publicUrl ?? receiver.url,
      skipTlsVerification: tls && publicUrl === undefined,
    });
    io.stderr.write(`The webhook of region "${region}" delivers here until the end.\n`);
    try {
      await work();
    } finally {
      const end = await session.release();
      io.stderr.write(
        end === "released"
          ? `The webhook of region "${region}" was removed again.\n`
          : `Somebody else has configured the webhook of region "${region}"; it was left to them.\n`,
      );
    }
  } finally {
    await connection.close();
  }
}

async function readCertificate(
  { tls, tlsCert, tlsKey, host }: ListenOptions,
  io: CliIo,
): Promise<ReceiverOptions["tls"]> {
  if (tls) {
    const { selfSignedCertificate } = await import("../../receiver/certificate.js");
    return selfSignedCertificate(host, io.clock.now());
  }
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

function parseSeverity(text: string): number {
  const severity = Number(text);
  if (/^\d+$/.test(text) && severity <= 10) return severity;
  throw new InvalidArgumentError("A severity is a number from 0 to 10.");
}
