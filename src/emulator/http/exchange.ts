import type { IncomingMessage, ServerResponse } from "node:http";
import type { Call, Operation } from "../api/operation.js";
import { operations } from "../api/operations.js";
import type { ApiEffect } from "../faults.js";
import { Problem, problems } from "../problem.js";
import { randomDecimal, randomHex } from "../random.js";
import { eventsOfCall } from "../recorder.js";
import { type Authentication, defaultOrganizationId } from "../tokens.js";
import type { World } from "../world.js";
import { jsonReply, parseBody, type Reply, readBody, writeReply } from "./message.js";
import type { RequestLog } from "./requests.js";
import { findRoute, type Target } from "./route.js";
import { spoilReply, statusReply } from "./spoil.js";

/** What one call to the API needs. */
export interface ExchangeContext {
  world: World;
  requests: RequestLog;
  authenticate(authorization: string | undefined): Authentication;
  report(line: string): void;
  /** Aborts when the emulator stops. */
  signal: AbortSignal;
}

/** Answers one call to Konnect's API, with the faults that strike it. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  target: Target,
  context: ExchangeContext,
): Promise<void> {
  const { world, requests } = context;
  const method = request.method ?? "GET";
  const logged = {
    at: world.now(),
    method,
    region: target.region,
    path: target.path,
    userAgent: request.headers["user-agent"] ?? "",
  };
  const effects = world.faults.strikeCall({ ...target, method });
  const reply = await answerWithFaults(request, url, target, effects, context);
  requests.add({ ...logged, status: reply?.status ?? 0 });
  if (reply) writeReply(response, reply, world.now());
  else request.socket.resetAndDestroy();
}

/** @returns `undefined` when the connection is to be reset */
async function answerWithFaults(
  request: IncomingMessage,
  url: URL,
  target: Target,
  effects: readonly ApiEffect[],
  context: ExchangeContext,
): Promise<Reply | undefined> {
  for (const effect of effects) {
    if (effect.kind === "latency") {
      await context.world.clock.sleep(effect.milliseconds, { signal: context.signal });
    }
    if (effect.kind === "reset" && effect.when === "before") return undefined;
    if (effect.kind === "status") {
      await readBody(request);
      return statusReply(effect, randomDecimal(context.world.random, 19));
    }
  }
  const stale = effects.some(({ kind }) => kind === "stale");
  const reply = await answer(request, url, target, stale, context);
  if (effects.some((effect) => effect.kind === "reset" && effect.when === "after"))
    return undefined;
  return effects.reduce(spoilReply, reply);
}

async function answer(
  request: IncomingMessage,
  url: URL,
  target: Target,
  stale: boolean,
  context: ExchangeContext,
): Promise<Reply> {
  try {
    const body = await readBody(request);
    const route = findRoute(operations, request.method ?? "GET", target.path);
    if (route.kind === "no such path") throw problems.notFound();
    if (route.kind === "no such method") throw problems.methodNotAllowed();
    const { version, params } = route;
    const call = { region: target.region, version, params, query: url.searchParams };
    return await answerOperation(route.operation, call, { request, body, stale }, context);
  } catch (error) {
    return problemReply(error, context);
  }
}

type RoutedCall = Omit<Call, "organization" | "body">;
type Received = { request: IncomingMessage; body: Buffer; stale: boolean };

function answerOperation(
  operation: Operation,
  routed: RoutedCall,
  received: Received,
  context: ExchangeContext,
): Reply {
  const { world } = context;
  const { request, body } = received;
  const perform = (organizationId: string): Reply => {
    const organization = world.organization(organizationId);
    const call = { ...routed, organization, body: body.length > 0 ? parseBody(body) : undefined };
    const handle = (received.stale && operation.handleStale) || operation.handle;
    const { status, body: answered } = handle(call, world);
    if (operation.method !== "GET") world.save();
    return jsonReply(status, answered);
  };
  if (!operation.check) return perform(defaultOrganizationId);

  const authentication = context.authenticate(request.headers.authorization);
  if (authentication.outcome === "NONE") throw problems.unauthorized();
  const { principal, outcome } = authentication;
  const isKnown = outcome === "SUCCESS";
  const at = world.now();
  const reply = attempt(context, () => {
    if (!isKnown) throw problems.unauthorized();
    if (!principal.isAdmin) throw problems.forbidden();
    return perform(principal.organizationId);
  });
  const channel = world.organization(principal.organizationId).channel(routed.region);
  world.record(
    channel,
    eventsOfCall(
      {
        at,
        principal,
        outcome,
        query: routed.query,
        status: reply.status,
        method: operation.method,
        path: `/${routed.version}${fillPath(operation.path, routed.params)}`,
        sourceAddress: request.socket.remoteAddress ?? "",
        userAgent: request.headers["user-agent"] ?? "",
        traceId: traceId(world),
        check: isKnown
          ? {
              resource: fillPath(operation.check.resource, routed.params),
              action: operation.check.action,
              granted: principal.isAdmin,
            }
          : undefined,
      },
      world.knobs,
    ),
  );
  return reply;
}

function attempt(context: ExchangeContext, work: () => Reply): Reply {
  try {
    return work();
  } catch (error) {
    return problemReply(error, context);
  }
}

function problemReply(error: unknown, { world, report }: ExchangeContext): Reply {
  const isProblem = error instanceof Problem;
  if (!isProblem) report(`defect: ${error instanceof Error ? error.stack : String(error)}`);
  const problem = isProblem ? error : problems.internal();
  return {
    status: problem.status,
    contentType: "application/problem+json",
    body: JSON.stringify(problem.toBody(randomDecimal(world.random, 19))),
  };
}

function traceId({ knobs, random }: World): string {
  return knobs.traceId === "hex" ? randomHex(random, 32) : randomDecimal(random, 19);
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");
}
