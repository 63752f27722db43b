import type { IncomingMessage } from "node:http";
import type { Call, Operation } from "../api/operation.js";
import { operations } from "../api/operations.js";
import { EmulatorError } from "../errors.js";
import { randomDecimal } from "../ids.js";
import { Problem, problems } from "../problem.js";
import { type AuditedCall, eventsOfCall, newTraceId } from "../recorder.js";
import { type Authentication, defaultOrganizationId, type Principal } from "../tokens.js";
import type { World } from "../world.js";
import type { ExchangeContext } from "./context.js";
import { jsonReply, parseBody, problemReply, type Reply, readBody } from "./message.js";
import { findRoute, type Target } from "./route.js";

/** A call whose operation is known. */
interface RoutedCall extends Omit<Call, "organization" | "body"> {
  operation: Operation;
  request: IncomingMessage;
  rawBody: Buffer;
  /** Whether to show what was there before the last write. */
  stale: boolean;
}

/** Does what a call asks for, records its audit events, and says what to answer. */
export async function answer(
  request: IncomingMessage,
  url: URL,
  target: Target,
  stale: boolean,
  context: ExchangeContext,
): Promise<Reply> {
  return orProblem(context, async () => {
    const rawBody = await readBody(request);
    if (!context.regions.has(target.region)) {
      throw problems.notFound(context.regions.explain(target.region));
    }
    if (expectsMore(request)) throw problems.expectationFailed();
    const route = findRoute(operations, request.method ?? "GET", target.path);
    if (route.kind === "no such path") throw problems.notFound();
    if (route.kind === "no such method") throw problems.methodNotAllowed(route.allowed);
    const { operation, version, params } = route;
    const query = url.searchParams;
    const { region } = target;
    return answerOperation(
      { operation, version, params, query, region, request, rawBody, stale },
      context,
    );
  });
}

async function answerOperation(call: RoutedCall, context: ExchangeContext): Promise<Reply> {
  const { world } = context;
  if (!call.operation.check) return perform(call, defaultOrganizationId, world);
  const authentication = context.authenticate(call.request.headers.authorization);
  // Without a token nobody is there to whose organisation an event could belong.
  if (authentication.outcome === "NONE") throw problems.unauthorized();
  const { principal } = authentication;
  const at = world.now();
  const reply = await orProblem(context, async () => {
    if (authentication.outcome !== "SUCCESS") throw problems.unauthorized();
    if (!principal.isAdmin) throw problems.forbidden();
    return perform(call, principal.organizationId, world);
  });
  const audited = describeCall(call, authentication, at, reply.status, world);
  const channel = world.organization(principal.organizationId).channel(call.region);
  world.record(channel, eventsOfCall(audited, world.knobs));
  return reply;
}

function expectsMore({ headers: { expect } }: IncomingMessage): boolean {
  return expect !== undefined && expect.toLowerCase() !== "100-continue";
}

function perform(call: RoutedCall, organizationId: string, world: World): Reply {
  const { operation, rawBody } = call;
  const handle = (call.stale && operation.handleStale) || operation.handle;
  const { status, body } = handle(
    {
      organization: world.organization(organizationId),
      region: call.region,
      version: call.version,
      params: call.params,
      query: call.query,
      body: rawBody.length > 0 ? parseBody(rawBody, call.request) : undefined,
    },
    world,
  );
  if (operation.method !== "GET") world.save();
  return jsonReply(status, body);
}

function describeCall(
  { operation, version, params, query, request }: RoutedCall,
  { principal, outcome }: Exclude<Authentication, { outcome: "NONE" }>,
  at: number,
  status: number,
  world: World,
): AuditedCall {
  return {
    at,
    principal,
    outcome,
    query,
    status,
    method: operation.method,
    path: `/${version}${fillPath(operation.path, params)}`,
    sourceAddress: request.socket.remoteAddress ?? "",
    userAgent: request.headers["user-agent"] ?? "",
    traceId: newTraceId(world),
    check: outcome === "SUCCESS" ? describeCheck(operation, params, principal) : undefined,
  };
}

function describeCheck(
  { check }: Operation,
  params: Readonly<Record<string, string>>,
  { isAdmin }: Principal,
): AuditedCall["check"] {
  return (
    check && { resource: fillPath(check.resource, params), action: check.action, granted: isAdmin }
  );
}

function fillPath(path: string, params: Readonly<Record<string, string>>): string {
  return path.replace(/\{(\w+)\}/g, (_, name: string) => params[name] ?? "");
}

function describeDefect(error: unknown): string {
  if (error instanceof EmulatorError) return `${error.message} ${error.remedy}`; // its state file
  return `defect: ${error instanceof Error ? error.stack : String(error)}`;
}

async function orProblem(
  { world, report }: ExchangeContext,
  work: () => Promise<Reply>,
): Promise<Reply> {
  try {
    return await work();
  } catch (error) {
    const isProblem = error instanceof Problem;
    if (!isProblem) report(describeDefect(error));
    const problem = isProblem ? error : problems.internal();
    return problemReply(problem, randomDecimal(world.random, 19));
  }
}
