import { STATUS_CODES } from "node:http";
import type { ApiEffect } from "../faults.js";
import { Problem, problems } from "../problem.js";
import { jsonReply, type Reply } from "./message.js";

const documented: Readonly<Record<number, () => Problem>> = {
  400: problems.bodyInvalid,
  401: problems.unauthorized,
  403: problems.forbidden,
  404: problems.notFound,
  409: problems.replayRunning,
  429: () => new Problem(429, "Rate Limited", "Too many requests", "konnect"),
};

/** The answer of a `status` fault: the problem that Konnect documents for that status. */
export function statusReply(effect: Extract<ApiEffect, { kind: "status" }>, trace: string): Reply {
  const title = STATUS_CODES[effect.status] ?? "Error";
  const problem = documented[effect.status]?.() ?? new Problem(effect.status, title, title, "kong");
  const { detail, ...rest } = problem.toBody(trace);
  return {
    ...jsonReply(effect.status, effect.omitDetail ? rest : { ...rest, detail }),
    contentType: "application/problem+json",
    headers: {
      ...problem.headers,
      ...(effect.retryAfter === undefined ? {} : { "Retry-After": effect.retryAfter }),
    },
  };
}

/** Spoils an answer after the work was done; other effects leave it as it is. */
export function spoilReply(reply: Reply, effect: ApiEffect): Reply {
  if (effect.kind !== "body") return reply;
  switch (effect.body) {
    case "truncated":
      return { ...reply, body: reply.body.slice(0, Math.floor(reply.body.length / 2)) };
    case "non-json":
      return { ...reply, contentType: "application/json", body: "upstream connect error" };
    case "html":
      return {
        ...reply,
        contentType: "text/html",
        body: "<!doctype html><title>Service</title><h1>Please sign in</h1>",
      };
    case "empty":
      return { ...reply, body: "" };
  }
}
