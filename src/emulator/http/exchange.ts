import type { IncomingMessage, ServerResponse } from "node:http";
import type { ApiEffect } from "../faults.js";
import { randomDecimal } from "../random.js";
import { answer } from "./answer.js";
import type { ExchangeContext } from "./context.js";
import { type Reply, readBody, writeReply } from "./message.js";
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
  const isReset = effects.some(({ kind }) => kind === "reset"); // one before the work has returned
  return isReset ? undefined : effects.reduce(spoilReply, reply);
}
