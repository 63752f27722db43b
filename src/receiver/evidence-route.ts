import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackHost } from "../konnect/server-url.js";
import type { EvidenceIndex } from "./evidence-index.js";
import type { IntakeCounters } from "./intake.js";
import type { ReceivedEvent } from "./received-event.js";

/** Where a running receiver answers what it knows of a probe: `GET /evidence/{probe id}`. */
export const evidencePath = "/evidence/";

/** The answer of `GET /evidence/{probe id}`. */
export interface EvidenceAnswer {
  probe_id: string;
  /** Empty when no event of the probe has arrived yet. */
  events: readonly ReceivedEvent[];
  /** Why signatures may be unverifiable. */
  key_problems: readonly string[];
  /** What the receiver has seen since it was started. */
  counters: Readonly<IntakeCounters>;
}

export interface EvidenceRoute {
  authorized: (given: string | undefined) => boolean;
  evidence: EvidenceIndex;
  keyProblems: readonly string[];
  counters: Readonly<IntakeCounters>;
}

/**
 * Answers a question for evidence.
 *
 * Callers on this machine need no credential; all others show the one that deliveries carry. Events name people, and
 * only those of one probe are answered, whose id is random and known to nobody but who sent it.
 */
export function answerEvidence(
  request: IncomingMessage,
  response: ServerResponse,
  { authorized, evidence, keyProblems, counters }: EvidenceRoute,
): void {
  request.resume();
  if (request.method !== "GET") {
    response.writeHead(405, { allow: "GET" }).end();
    return;
  }
  if (!isLocal(request) && !authorized(request.headers.authorization)) {
    response.writeHead(401).end();
    return;
  }
  const probeId = (request.url ?? "").slice(evidencePath.length).split("?")[0] ?? "";
  const answer: EvidenceAnswer = {
    probe_id: probeId,
    events: evidence.find(probeId),
    key_problems: keyProblems,
    counters,
  };
  response
    .writeHead(200, { "content-type": "application/json", "cache-control": "no-store" })
    .end(JSON.stringify(answer));
}

/** A tunnel and a web page that a name was rebound for come from loopback too, but their Host says otherwise. */
function isLocal(request: IncomingMessage): boolean {
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  const host = `http://${request.headers.host ?? ""}`;
  return (
    isLoopbackHost(address) &&
    URL.canParse(host) &&
    isLoopbackHost(new URL(host).hostname) &&
    request.headers["x-forwarded-for"] === undefined
  );
}
