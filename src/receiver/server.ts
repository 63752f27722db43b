import {
  createServer as createHttpServer,
  type IncomingMessage,
  type Server,
  type ServerResponse,
} from "node:http";
import { createServer as createHttpsServer } from "node:https";
import type { AddressInfo } from "node:net";
import { type Clock, systemClock } from "../core/clock.js";
import { type BodyLimits, defaultBodyLimits } from "../events/batch.js";
import { EventError, type EventErrorCode } from "../events/errors.js";
import { checkAuthorization } from "../konnect/authorization.js";
import { authorizationMatcher } from "./authorization.js";
import { receiverErrors } from "./errors.js";
import { EvidenceIndex } from "./evidence-index.js";
import { answerEvidence, evidencePath } from "./evidence-route.js";
import { Intake, type IntakeCounters } from "./intake.js";
import { Journal, type JournalOptions } from "./journal.js";
import { KeyRing } from "./key-ring.js";
import type { KeySource } from "./key-source.js";
import type { ReceivedEvent } from "./received-event.js";
import { readBody } from "./request-body.js";

/** How long a sender may take, in milliseconds. */
export interface Timeouts {
  /** For its headers. */
  headers: number;
  /** For all of a request. */
  request: number;
}

export const defaultTimeouts: Timeouts = { headers: 10_000, request: 30_000 };

/** The path that deliveries are posted to. */
const deliveryPath = "/audit-logs";

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
  /** Called with what the sender was not told: why a delivery was answered with 4xx or 500. */
  onRefusal?: ((status: number, reason: string) => void) | undefined;
  clock?: Clock | undefined;
}

/** A running receiver of audit events. */
export interface Receiver {
  /** The webhook's `endpoint`, for example `http://127.0.0.1:19090/audit-logs`. */
  readonly url: string;
  readonly counters: Readonly<IntakeCounters>;
  /** Why signatures may be unverifiable; empty when all keys could be read. */
  readonly keyProblems: readonly string[];
  /** Events that bear a probe's marker. */
  evidence(probeId: string): readonly ReceivedEvent[];
  /** Finishes deliveries that are under way and frees the port. */
  close(): Promise<void>;
}

const statusOf: Partial<Record<EventErrorCode, number>> = {
  EVENT_BODY_TOO_LARGE: 413,
  EVENT_BODY_UNDECODABLE: 400,
  EVENT_ENCODING_UNSUPPORTED: 415,
};

/**
 * Starts a receiver of Konnect's audit-log deliveries.
 *
 * @throws ReceiverError when the address, the authorization, the certificate, the keys or the journal can't be used
 */
export async function startReceiver(options: ReceiverOptions): Promise<Receiver> {
  const problem = checkAuthorization(options.authorization);
  if (problem) throw receiverErrors.authorizationUnusable(problem.message);
  const clock = options.clock ?? systemClock;
  const keys = new KeyRing({ source: options.keys, clock });
  await keys.verify([]); // A file of keys that can't be read is found out now, not at the first delivery.
  const evidence = new EvidenceIndex();
  const server = createServer(options);
  const { host, port } = await listen(server, options);
  const journal = await openJournal(options, server);
  const intake = new Intake({
    keys,
    clock,
    limits: options.limits ?? defaultBodyLimits,
    async store(events) {
      await journal?.append(events.map((event) => JSON.stringify(event)));
      for (const event of events) evidence.add(event);
      await options.onEvents?.(events);
    },
  });
  const authorized = authorizationMatcher(options.authorization);
  server.on("request", (request: IncomingMessage, response: ServerResponse) => {
    if (request.url?.startsWith(evidencePath)) {
      answerEvidence(request, response, {
        authorized,
        evidence,
        keyProblems: keys.problems,
        counters: intake.counters,
      });
    } else {
      void receive(request, response, { ...options, authorized, intake });
    }
  });
  return {
    url: `${options.tls ? "https" : "http"}://${host}:${port}${deliveryPath}`,
    counters: intake.counters,
    get keyProblems() {
      return keys.problems;
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
    server.once("error", (cause) => reject(receiverErrors.addressUnusable(host, port, cause)));
    server.listen(port, host, resolve);
  });
  const bound = server.address() as AddressInfo;
  return { host: host.includes(":") ? `[${host}]` : host, port: bound.port };
}

async function openJournal(
  { journal }: ReceiverOptions,
  server: Server,
): Promise<Journal | undefined> {
  if (!journal) return undefined;
  try {
    return await Journal.open(journal);
  } catch (error) {
    await stop(server);
    throw error;
  }
}

async function stop(server: Server): Promise<void> {
  const closed = new Promise<void>((resolve) => server.close(() => resolve()));
  // Kept-alive connections and slow senders must not hold the process for longer than this.
  const impatience = setTimeout(() => server.closeAllConnections(), 2_000);
  server.closeIdleConnections();
  await closed;
  clearTimeout(impatience);
}

interface Reception {
  authorized: (given: string | undefined) => boolean;
  intake: Intake;
  limits?: BodyLimits | undefined;
  onRefusal?: ReceiverOptions["onRefusal"];
}

async function receive(
  request: IncomingMessage,
  response: ServerResponse,
  { authorized, intake, limits = defaultBodyLimits, onRefusal }: Reception,
): Promise<void> {
  const refuse = (status: number, reason: string, headers: Record<string, string> = {}) => {
    onRefusal?.(status, reason);
    // What is left of the body is not waited for.
    response.writeHead(status, { ...headers, connection: "close" }).end();
    request.resume();
  };
  const path = request.url?.split("?")[0] ?? "";
  if (path !== deliveryPath) return refuse(404, `nothing is served at ${path}`);
  if (request.method !== "POST") {
    return refuse(405, `${request.method} instead of POST`, { allow: "POST" });
  }
  if (!authorized(request.headers.authorization)) {
    const what = request.headers.authorization === undefined ? "no" : "a wrong";
    return refuse(401, `${what} Authorization header`);
  }
  try {
    const body = await readBody(request, limits.compressed);
    await intake.accept(body, request.headers["content-encoding"]);
    response.writeHead(202).end();
  } catch (error) {
    const status = error instanceof EventError ? (statusOf[error.code] ?? 500) : 500;
    refuse(status, error instanceof Error ? error.message : String(error));
  }
}
