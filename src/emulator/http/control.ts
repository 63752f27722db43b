import type { IncomingMessage, ServerResponse } from "node:http";
import { isLoopbackHost } from "../../konnect/server-url.js";
import { EmulatorError } from "../errors.js";
import { Problem } from "../problem.js";
import type { ExchangeContext } from "./context.js";
import { type ControlCall, controlOperations } from "./control-operations.js";
import { isJson, jsonReply, parseBody, type Reply, readBody, writeReply } from "./message.js";
import { allowedMethods } from "./route.js";

/** Where the control API lives; no region can be called so. */
export const controlPrefix = "/_emulator/";

/**
 * Answers a call to the control API.
 *
 * It serves loopback callers only, and of them none that a web page could be made to send: a foreign `Host` is a
 * rebound name, and a write without a JSON content type is what a form sends.
 */
export async function answerControl(
  request: IncomingMessage,
  response: ServerResponse,
  url: URL,
  context: ExchangeContext,
): Promise<void> {
  const reply = await controlReply(request, url, context);
  writeReply(response, reply, context.world.now());
}

async function controlReply(
  request: IncomingMessage,
  url: URL,
  context: ExchangeContext,
): Promise<Reply> {
  const refusal = refuse(request);
  if (refusal) return jsonReply(403, { error: refusal });
  const [, , collection = "", id, action] = url.pathname.split("/");
  const method = request.method === "HEAD" ? "GET" : (request.method ?? "GET");
  const operation = Object.hasOwn(controlOperations, `${method} ${collection}`)
    ? controlOperations[`${method} ${collection}`]
    : undefined;
  const allowed = methodsOf(collection);
  if (!operation && allowed.length > 0) {
    const error = `there is no ${method} ${url.pathname}`;
    return { ...jsonReply(405, { error }), headers: { Allow: allowed.join(", ") } };
  }
  if (!operation) {
    return jsonReply(404, {
      error: `there is no ${method} ${url.pathname}`,
      operations: Object.keys(controlOperations),
    });
  }
  try {
    const body = await readBody(request);
    const call: ControlCall = {
      id,
      action,
      query: url.searchParams,
      body: body.length > 0 ? parseBody(body, request) : undefined,
    };
    const { status, body: answered } = await operation(call, context);
    if (method !== "GET") context.world.save();
    return jsonReply(status, answered);
  } catch (error) {
    if (error instanceof EmulatorError) {
      return jsonReply(400, { error: error.message, remedy: error.remedy });
    }
    if (error instanceof Problem) return jsonReply(error.status, { error: error.detail });
    throw error;
  }
}

function refuse(request: IncomingMessage): string | undefined {
  const address = (request.socket.remoteAddress ?? "").replace(/^::ffff:/, "");
  if (!isLoopbackHost(address)) return "the control API serves loopback callers only";
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (!isLoopbackHost(host)) return `the control API is not served under the host name "${host}"`;
  const isWrite = request.method === "POST" || request.method === "PATCH";
  return isWrite && !isJson(request.headers["content-type"]) ? "send application/json" : undefined;
}

function methodsOf(collection: string): string[] {
  const methods = Object.keys(controlOperations)
    .map((name) => name.split(" "))
    .filter(([, name]) => name === collection)
    .map(([method = ""]) => method);
  return allowedMethods(methods);
}
