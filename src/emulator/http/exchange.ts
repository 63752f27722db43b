import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiEffect } from "../faults.js";
import { randomDecimal } from "../ids.js";
import type { Problem } from "../problem.js";
import { answer } from "./answer.js";
import type { ExchangeContext } from "./context.js";
import { problemReply, type Reply, readBody, writeReply } from "./message.js";
import type { Target } from "./route.js";
import { spoilReply, statusReply } from "./spoil.js";

/** Answers one call to Konnect's API, with the faults that strike it. */
export async function exchange(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  target: Target,
  context: ExchangeContext,
): Promise<void> {
  const { world, requests } = context;
  const logged = describeRequest(request, target, world.now());
  const { method } = logged;
  const effects = world.faults.strikeCall({ ...target, method });
  const reply = await answerWithFaults(request, url, target, effects, context);
  requests.add({ ...logged, status: reply?.status ?? 0 });
  if (reply) writeReply(response, reply, world.now());
  else request.socket.resetAndDestroy();
}

/** Answers a call with a problem whatever it asks for. */
export function refuse(
  request: IncomingMessage,
  response: ServerResponse,
  target: Target,
  problem: Problem,
  { world, requests }: ExchangeContext,
): void {
  const now = world.now();
  requests.add({ ...describeRequest(request, target, now), status: problem.status });
  writeReply(response, problemReply(problem, randomDecimal(world.random, 19)), now);
}

function describeRequest(request: IncomingMessage, { region, path }: Target, at: number) {
  const { method = "GET", headers } = request;
  return { at, method, region, path, userAgent: headers["user-agent"] ?? "" };
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
  const isReset = effects.some(({ kind }) => kind === "reset"); // one before the work has returned
  return isReset ? undefined : effects.reduce(spoilReply, reply);
}
