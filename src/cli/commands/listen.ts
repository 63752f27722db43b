import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { resolve } from "node:path";
import type { Writable } from "node:stream";
import { type Command, Option } from "commander";
import pc from "picocolors";
import { logFormats } from "../../core/log-format.js";
import { untilAborted } from "../../core/until-aborted.js";
import { readWholeText } from "../../core/whole-file.js";
import type { Receiver, ReceiverOptions } from "../../receiver/server.js";
import type { CliIo } from "../io.js";
import { type VerificationKeys, verificationKeys } from "../keys.js";
import { durationOption, portOption, wholeNumber } from "../option-values.js";
import { announce, localEndpoint, publicEndpointOf } from "./listen-endpoint.js";
import { type EventPrinter, printMessage } from "./listen-output.js";

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
  takeOver?: boolean;
  giveBack?: string;
  publicUrl?: string;
  for?: number;
  logFormat: string;
}

const authorizationVariable = "KONNECT_AUDIT_AUTHORIZATION";

/** Adds `konnect-audit listen`: a receiver of audit events for local work and for proof of delivery. */
export function registerListen(program: Command, io: CliIo): void {
  program
    .command("listen")
    .description("Receive audit events: check, decode, verify, print and store them.")
    .option("--host <address>", "address to listen on", "127.0.0.1")
    .option("--port <number>", "port to listen on; 0 takes a free one", portOption, 19_090)
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
    .option("--min-severity <number>", "print events of at least this severity", wholeNumber(0, 10))
    .option("--principal <id|name>", "print one principal's events only")
    .option("--user-agent <text>", "print events whose user agent holds this text only")
    .option("--configure <region>", "point this region's webhook here until the end of the session")
    .option(
      "--take-over",
      "with --configure: use the webhook that a killed session has left behind",
    )
    .option("--give-back <region>", "remove the webhook that a killed session has left behind")
    .option("--public-url <url>", "where Konnect reaches this receiver: a tunnel's address")
    .option("--for <duration>", "end after this time, for example 10m", durationOption("--for"))
    .addOption(
      new Option("--log-format <name>", "with --configure: the format to ask for")
        .choices(logFormats)
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
Keys are read from KONNECT_SERVER_URL or Konnect, without a token; only --configure and --give-back need KONNECT_TOKEN.
With --configure it also ends when the process that has started it ends. Deliveries are taken at any path.
A verifier asks for evidence with: konnect-audit verify --receiver http://127.0.0.1:19090
`,
    )
    .action((options: ListenOptions) => listen(options, io));
}

async function listen(options: ListenOptions, io: CliIo): Promise<void> {
  if (options.giveBack) {
    const { giveBackRegion } = await import("./listen-webhook.js");
    return giveBackRegion(options.giveBack, io);
  }
  const { startReceiver } = await import("../../receiver/server.js");
  const publicEndpoint = await publicEndpointOf(options.publicUrl);
  const authorization = await chooseAuthorization(options, io);
  const printer = await createPrinter(options, io);
  const keys = await keysOf(options, io);
  const starting = startReceiver({
    ...(await receiverOptions(options, io)),
    keys: keys.source,
    authorization,
    published: publicEndpoint !== undefined,
    onEvents: (events) => printer.print(events),
  });
  const receiver = await unlessAborted(starting, io.signal).catch(async (error: unknown) => {
    await keys.close();
    throw error;
  });
  const closing = io.cleanUps.add(async () => {
    await receiver.close();
    await keys.close();
  });
  try {
    await announce(receiver, { publicEndpoint, verify: options.verify }, io);
    const session = { receiver, publicEndpoint, authorization };
    await withWebhook(options, io, session, () => ended(options, io));
  } finally {
    await closing.run();
  }
  summarize(receiver, printer, io);
  // To be stopped is how its work ends.
  io.exitCode(printer.failure === undefined ? 0 : 1);
}

function summarize({ counters }: Receiver, { leftOut, failure }: EventPrinter, io: CliIo): void {
  const { events, duplicates, valid, invalid, unsigned, unverifiable } = counters;
  printMessage(
    io.stderr,
    `Received ${events} events (${valid} signed, ${invalid} with an invalid signature, ${unsigned} unsigned, ${unverifiable} not verifiable) and ${duplicates} duplicates.`,
  );
  if (leftOut > 0) {
    printMessage(
      io.stderr,
      `${leftOut} of them were stored, but not printed: nobody read in time.`,
    );
  }
  if (failure) printMessage(io.stderr, `Standard output could not be written (${failure}).`);
}

async function chooseAuthorization({ configure }: ListenOptions, io: CliIo): Promise<string> {
  const given = io.env[authorizationVariable];
  if (given?.trim()) {
    const { checkExpectedAuthorization } = await import("../../receiver/authorization.js");
    checkExpectedAuthorization(given, authorizationVariable);
    return given;
  }
  if (configure) return `Bearer ${randomBytes(24).toString("hex")}`;
  const { receiverErrors } = await import("../../receiver/errors.js");
  throw receiverErrors.authorizationMissing(authorizationVariable);
}

async function createPrinter(options: ListenOptions, io: CliIo): Promise<EventPrinter> {
  const { EventPrinter } = await import("./listen-output.js");
  const { kind: kinds, minSeverity, principal, userAgent, format, store } = options;
  return new EventPrinter({
    stdout: io.stdout,
    clock: io.clock,
    format,
    filter: { kinds, minSeverity, principal, userAgent },
    colors: pc.createColors(io.interactive),
    stored: store !== undefined,
  });
}

async function keysOf(options: ListenOptions, io: CliIo): Promise<VerificationKeys> {
  if (options.verify) {
    const region = options.configure ? [options.configure] : undefined;
    return verificationKeys({ region, ...options }, io);
  }
  const { noKeys } = await import("../../receiver/key-source.js");
  return { source: noKeys, close: async () => {} };
}

async function receiverOptions(
  options: ListenOptions,
  io: CliIo,
): Promise<Omit<ReceiverOptions, "authorization" | "keys">> {
  return {
    host: options.host,
    port: options.port,
    clock: io.clock,
    tls: await readCertificate(options, io),
    ...(options.store ? { journal: { path: resolve(io.cwd, options.store) } } : {}),
    onRefusal: (status, reason) =>
      printMessage(
        io.stderr,
        status === undefined
          ? `A delivery was not completed: ${reason}`
          : `Refused a delivery with ${status}: ${reason}`,
      ),
  };
}

interface Lending {
  receiver: Receiver;
  publicEndpoint: string | undefined;
  authorization: string;
}

/** Lends the receiver a region's webhook while the work lasts, if that was asked for. */
async function withWebhook(
  options: ListenOptions,
  io: CliIo,
  { receiver, publicEndpoint, authorization }: Lending,
  work: () => Promise<void>,
): Promise<void> {
  const { configure: region, logFormat, tls = false, takeOver = false } = options;
  if (!region) return work();
  const { withBorrowedWebhook } = await import("./listen-webhook.js");
  const endpoint = publicEndpoint ?? (await localEndpoint(receiver, region, io));
  const skipTlsVerification = tls && publicEndpoint === undefined;
  await withBorrowedWebhook(
    { region, endpoint, authorization, logFormat, skipTlsVerification, takeOver },
    io,
    work,
  );
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
  const read = (file: string) => readWholeText(resolve(io.cwd, file), { signal: io.signal });
  try {
    return { cert: await read(tlsCert), key: await read(tlsKey) };
  } catch (cause) {
    throw receiverErrors.certificateUnusable(cause);
  }
}

/** Whoever gives up while Konnect is asked for its keys need not wait for the answer. */
async function unlessAborted(starting: Promise<Receiver>, signal: AbortSignal): Promise<Receiver> {
  try {
    return await untilAborted(signal, starting);
  } catch (error) {
    void starting.then((receiver) => receiver.close()).catch(() => undefined);
    throw error;
  }
}

/** Ends with a signal, after the time that was set, or when whoever read our output (`| head`, say) has gone. */
async function ended(options: ListenOptions, io: CliIo): Promise<void> {
  const { signal, stdout, stderr, clock } = io;
  if (signal.aborted) return;
  const over = new AbortController();
  const gone = (stream: Writable) => new Promise((resolve) => stream.once("error", resolve));
  const parentGone = new Promise<void>((resolve) => {
    if (!options.configure) return;
    const unwatch = io.watchParent(() => {
      io.stderr.write("The process that has started this one has ended.\n");
      resolve();
    });
    over.signal.addEventListener("abort", unwatch);
  });
  const timeOver =
    options.for === undefined ? [] : [clock.sleep(options.for, { signal: over.signal })];
  try {
    await Promise.race([
      once(signal, "abort"),
      gone(stdout),
      gone(stderr),
      parentGone,
      ...timeOver.map((sleeping) => sleeping.catch(() => undefined)),
    ]);
  } finally {
    over.abort();
  }
}
