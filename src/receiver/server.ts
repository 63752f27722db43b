import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "../core/clock.js";
import { createCleaner } from "../core/foreign-text.js";
import { printableJson } from "../core/json.js";
import { type BodyLimits, defaultBodyLimits } from "../events/batch.js";
import { authorizationMatcher, checkExpectedAuthorization } from "./authorization.js";
import { watchBrokenConnections } from "./broken-connections.js";
import { Deliveries, type OnRefusal } from "./delivery-route.js";
import { receiverErrors } from "./errors.js";
import { EvidenceIndex } from "./evidence-index.js";
import { answerEvidence, evidencePath } from "./evidence-route.js";
import { Intake, type IntakeCounters } from "./intake.js";
import { Journal, type JournalOptions } from "./journal.js";
import { KeyRing } from "./key-ring.js";
import type { KeySource } from "./key-source.js";
import type { ReceivedEvent } from "./received-event.js";
import { pathOfTarget } from "./request-target.js";

/** How long a sender may take, in milliseconds. */
export interface Timeouts {
  /** For its headers, and before them for its TLS handshake. */
  headers: number;
  /** For all of a request. */
  request: number;
}

export const defaultTimeouts: Timeouts = { headers: 10_000, request: 30_000 };

/** The path that deliveries are posted to; any other does as well. */
export const deliveryPath = "/audit-logs";

export interface ReceiverOptions {
  /** @default "127.0.0.1" */
  host?: string | undefined;
  /** 0 takes a free one. @default 0 */
  port?: number | undefined;
  /** What deliveries must carry in `Authorization`, verbatim. */
  authorization: string;
  /** Where the keys that events are signed with come from. */
  keys: KeySource;
  /** PEM certificate chain and private key; without them the receiver speaks plain HTTP. */
  tls?: { cert: string; key: string } | undefined;
  /** @default defaultBodyLimits */
  limits?: BodyLimits | undefined;
  /** What a sender gets, slow on purpose or not. @default defaultTimeouts */
  timeouts?: Timeouts | undefined;
  /** File that events are stored in before a delivery is acknowledged. @default none */
  journal?: JournalOptions | undefined;
  /** Called with the new events of each delivery, in order; the delivery is acknowledged after it. */
  onEvents?: ((events: readonly ReceivedEvent[]) => void | Promise<void>) | undefined;
  /** Called with the reason for a 4xx or 500, of which the sender sees the status alone. */
  onRefusal?: OnRefusal | undefined;
  /** True if it is reached from outside, through a tunnel: then evidence needs the credential. @default false */
  published?: boolean | undefined;
  clock?: Clock | undefined;
}

/** A running receiver of audit events. */
export interface Receiver {
  /** The webhook's `endpoint`, for example `http://127.0.0.1:19090/audit-logs`. */
  readonly url: string;
  readonly counters: Readonly<IntakeCounters>;
  /** Why signatures may be unverifiable; empty when all keys could be read. */
  readonly keyProblems: readonly string[];
  /** True if there is a key to verify signatures with. */
  readonly canVerify: boolean;
  /** Events that bear a probe's marker. */
  evidence(probeId: string): readonly ReceivedEvent[];
  /** Finishes deliveries that are under way and frees the port. */
  close(): Promise<void>;
}

/**
 * Starts a receiver of Konnect's audit-log deliveries.
 *
 * @throws ReceiverError when the address, the authorization, the certificate, the keys or the journal can't be used
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  checkExpectedAuthorization(options.authorization);
  const clock = options.clock ?? systemClock;
  const keys = new KeyRing({ source: options.keys, clock });
  await keys.verify([]); // A file of keys that can't be read is found out now, not at the first delivery.
  const evidence = new EvidenceIndex();
  const server = createServer(options);
  const journal = options.journal && (await Journal.open(options.journal));
  /** Events as they are stored. */
  const records = new WeakMap<ReceivedEvent, string>();
  const intake = new Intake({
    keys,
    clock,
    limits: options.limits ?? defaultBodyLimits,
    prepare(event) {
      if (journal) records.set(event, printableJson(event));
    },
    async store(events) {
      await journal?.append(events.map((event) => records.get(event) ?? printableJson(event)));
      for (const event of events) evidence.add(event);
      await options.onEvents?.(events);
    },
  });
  const clean = createCleaner([options.authorization]);
  const onRefusal: OnRefusal = options.onRefusal ?? (() => undefined);
  const broken = watchBrokenConnections(server, onRefusal);
  const authorized = authorizationMatcher(options.authorization);
  const limits = options.limits ?? defaultBodyLimits;
  const deliveries = new Deliveries({ authorized, intake, limits, onRefusal, clean, broken });
  const route = (request: IncomingMessage, response: ServerResponse, awaitsContinue: boolean) => {
    const asksForEvidence =
      request.method === "GET" && pathOfTarget(request.url).startsWith(evidencePath);
    if (!asksForEvidence) return void deliveries.receive(request, response, awaitsContinue);
    answerEvidence(request, response, {
      authorized,
      published: options.published ?? false,
      evidence,
      keyProblems: keys.problems,
      counters: intake.counters,
    });
  };
  server.on("request", (request, response) => route(request, response, false));
  server.on("checkContinue", (request, response) => route(request, response, true));
  const { host, port } = await listenOrClose(server, options, journal);
  return {
    url: `${options.tls ? "https" : "http"}://${host}:${port}${deliveryPath}`,
    counters: intake.counters,
    get keyProblems() {
      return keys.problems;
    },
    get canVerify() {
      return keys.hasKeys;
    },
    evidence: (probeId) => evidence.find(probeId),
    async close() {
      await stop(server);
      await journal?.close();
    },
  };
}

function createServer({ tls, timeouts = defaultTimeouts }: ReceiverOptions): Server {
  const limits = {
    handshakeTimeout: timeouts.headers,
    headersTimeout: timeouts.headers,
    requestTimeout: timeouts.request,
    // Node looks only every 30 s otherwise: a sender would get up to four times what it may have.
    connectionsCheckingInterval: Math.ceil(timeouts.headers / 4),
  };
  try {
    return tls ? createHttpsServer({ ...limits, ...tls }) : createHttpServer(limits);
  } catch (cause) {
    throw receiverErrors.certificateUnusable(cause);
  }
}

async function listen(
  server: Server,
  { host = "127.0.0.1", port = 0 }: ReceiverOptions,
): Promise<{ host: string; port: number }> {
  await new Promise<void>((resolve, reject) => {
    const failed = (cause: unknown) => reject(receiverErrors.addressUnusable(host, port, cause));
    server.once("error", failed);
    server.listen(port, host, () => {
      server.off("error", failed);
      resolve();
    });
  });
  const bound = server.address() as AddressInfo;
  return { host: host.includes(":") ? `[${host}]` : host, port: bound.port };
}

/** Nothing is taken in before everything is in place. */
async function listenOrClose(
  server: Server,
  options: ReceiverOptions,
  journal: Journal | undefined,
): Promise<{ host: string; port: number }> {
  try {
    return await listen(server, options);
  } catch (error) {
    await journal?.close();
    throw error;
  }
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Kept-alive connections and slow senders must not hold the process for longer than this.
  const impatience = setTimeout(() => server.closeAllConnections(), 1_000);
  server.closeIdleConnections();
  await closed;
  clearTimeout(impatience);
}
