import type { IncomingMessage, ServerResponse } from "node:http";
import type { Duplex } from "node:stream";
import { type Cleaner, type CleanText, cleanText, ownText } from "../core/foreign-text.js";
import type { BodyLimits } from "../events/batch.js";
import { EventError, type EventErrorCode } from "../events/errors.js";
import type { AuthorizationMatcher } from "./authorization.js";
import type { Intake } from "./intake.js";
import { refuseRequest } from "./refusal.js";
import { readBody, SenderGoneError } from "./request-body.js";

/**
 * Told why a delivery was not taken in; its sender sees the status alone.
 *
 * @param status `undefined` when there was nobody to answer
 */
export type OnRefusal = (status: number | undefined, reason: CleanText) => void;

export interface DeliveryRoute {
  authorized: AuthorizationMatcher;
  intake: Intake;
  limits: BodyLimits;
  onRefusal: OnRefusal;
  clean: Cleaner;
  /** Connections of which was told already. */
  broken: WeakSet<Duplex>;
}

const statusOf: Partial<Record<EventErrorCode, number>> = {
  EVENT_BODY_TOO_LARGE: 413,
  EVENT_BODY_UNDECODABLE: 400,
  EVENT_ENCODING_UNSUPPORTED: 415,
};

/** Bytes of bodies that are being received at the same time. */
const bytesUnderWay = 64 * 1024 * 1024;

/**
 * Takes deliveries in, and refuses what is none.
 *
 * What can't be stored now is answered with 500, and what is too much at once with 429: these two Konnect repeats.
 */
export class Deliveries {
  readonly #route: DeliveryRoute;
  #underWay = 0;

  constructor(route: DeliveryRoute) {
    this.#route = route;
  }

  /** @param awaitsContinue true if the sender waits with its body until it is asked for it */
  async receive(
    request: IncomingMessage,
    response: ServerResponse,
    awaitsContinue = false,
  ): Promise<void> {
    const { limits, onRefusal, clean } = this.#route;
    const refuse = (status: number, reason: CleanText, headers: Record<string, string> = {}) => {
      onRefusal(status, reason);
      return refuseRequest(request, response, status, { headers, awaitsContinue });
    };
    const problem = this.#problemOf(request);
    if (problem) return refuse(problem.status, problem.reason, problem.headers);
    const announced = Number(request.headers["content-length"] ?? limits.compressed);
    const bytes = Math.min(announced, limits.compressed);
    if (this.#underWay + bytes > bytesUnderWay) {
      return refuse(429, ownText("too many deliveries at the same time"), { "retry-after": "1" });
    }
    if (awaitsContinue) response.writeContinue();
    this.#underWay += bytes;
    try {
      await this.#takeIn(request);
      response.writeHead(202).end();
    } catch (error) {
      if (error instanceof SenderGoneError) {
        if (!this.#route.broken.has(request.socket)) onRefusal(undefined, cleanText(error.message));
        return;
      }
      const status = error instanceof EventError ? (statusOf[error.code] ?? 500) : 500;
      onRefusal(status, clean(error instanceof Error ? error.message : String(error)));
      return refuseRequest(request, response, status);
    } finally {
      this.#underWay -= bytes;
    }
  }

  async #takeIn(request: IncomingMessage): Promise<void> {
    const { intake, limits } = this.#route;
    const body = await readBody(request, limits.compressed);
    await intake.accept(body, request.headers["content-encoding"]);
  }

  /** What is wrong with a request before its body is looked at. */
  #problemOf({ method, headers }: IncomingMessage) {
    if (method !== "POST") {
      return {
        status: 405,
        reason: cleanText(`${method} instead of POST`),
        headers: { allow: "POST" },
      };
    }
    if (this.#route.authorized(headers.authorization)) return undefined;
    const what = headers.authorization === undefined ? "no" : "a wrong";
    return { status: 401, reason: cleanText(`${what} Authorization header`), headers: {} };
  }
}
