import type { IncomingMessage, ServerResponse } from "node:http";
import { printableJson } from "../core/json.js";
import type { AuthorizationMatcher } from "./authorization.js";
import { isFromThisMachine } from "./evidence-access.js";
import type { EvidenceIndex } from "./evidence-index.js";
import type { IntakeCounters } from "./intake.js";
import type { ReceivedEvent } from "./received-event.js";
import { refuseRequest } from "./refusal.js";
import { pathOfTarget } from "./request-target.js";

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

/** What a question for evidence is answered from. */
export interface EvidenceRoute {
  authorized: AuthorizationMatcher;
  /** True if the receiver is reached from outside, through a tunnel: then every caller shows the credential. */
  published: boolean;
  evidence: EvidenceIndex;
  keyProblems: readonly string[];
  counters: Readonly<IntakeCounters>;
}

/**
 * Answers a question for evidence.
 *
 * Callers on this machine need no credential, unless the receiver is published; all others show the one that deliveries
 * carry. Events name people, and only those of one probe are answered, whose id is random and known to its sender only.
 */
export function answerEvidence(
  request: IncomingMessage,
  response: ServerResponse,
  { authorized, published, evidence, keyProblems, counters }: EvidenceRoute,
): void {
  const isLocal = !published && isFromThisMachine(request);
  if (!isLocal && !authorized(request.headers.authorization)) {
    void refuseRequest(request, response, 401);
    return;
  }
  request.resume();
  const probeId = pathOfTarget(request.url).slice(evidencePath.length);
  const answer: EvidenceAnswer = {
    probe_id: probeId,
    events: evidence.find(probeId),
    key_problems: keyProblems,
    counters,
  };
  response
    .writeHead(200, { "content-type": "application/json", "cache-control": "no-store" })
    .end(printableJson(answer));
}
