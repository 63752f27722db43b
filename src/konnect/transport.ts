import type { Dispatcher } from "undici";
import type * as z from "zod/mini";
import type { Clock } from "../core/clock.js";
import { startDeadline } from "../core/deadline.js";
import { createDispatcher } from "./dispatcher.js";
import { KonnectError, konnectErrors, type Operation, type Problem } from "./errors.js";
import { isRetriedStatus, type RetryPolicy, retryWait } from "./retry.js";
import { regionBaseUrl } from "./server-url.js";
import { problemAnswer } from "./wire.js";

export interface TransportOptions {
  serverUrl: string;
  token: string;
  userAgent: string;
  /** Milliseconds that one try may take. */
  requestTimeout: number;
  retry: RetryPolicy;
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  dispatcher?: Dispatcher;
}

export interface Call<Answer> extends Operation {
  body?: unknown;
  query?: Readonly<Record<string, string>>;
  /** Schema of the answer; without one the body is dropped. */
  answer?: z.ZodMiniType<Answer>;
  userAgent?: string | undefined;
  signal?: AbortSignal | undefined;
}

export interface Answered<Answer> {
  status: number;
  /** The time that Konnect's `Date` header told, in milliseconds since the epoch. */
  date: number | undefined;
  body: Answer;
}

interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  text: string;
}

/** Sends calls to Konnect: bearer token, time-out, retries, problem+json errors. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #dispatcher: Dispatcher;
  readonly #ownsDispatcher: boolean;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#ownsDispatcher = options.dispatcher === undefined;
    this.#dispatcher = options.dispatcher ?? createDispatcher({});
  }

  /**
   * Sends one call, repeated by the retry policy.
   *
   * All calls but POST are idempotent here, PATCH included (it sets values, it never adds), so they are repeated after a
   * broken connection too, which may have broken when the work was already done. A POST is repeated only where Konnect said
   * that it did nothing.
   *
   * @throws KonnectError
   */
  async send<Answer>(call: Call<Answer>): Promise<Answered<Answer>> {
    const { retry, clock, random } = this.#options;
    const base = regionBaseUrl(this.#options.serverUrl, call.region);
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#try(base, call);
      const last = attempt >= retry.maxRetries;
      if (outcome instanceof KonnectError) {
        if (last || call.method === "POST" || outcome.code === "KONNECT_CANCELLED") throw outcome;
      } else if (last || !isRetriedStatus(outcome.status, call.method)) {
        return readAnswer(call, outcome);
      }
      const retryAfter =
        outcome instanceof KonnectError ? undefined : header(outcome, "retry-after");
      const wait = retryWait(retry, attempt, { retryAfter, now: clock.now(), random });
      await clock.sleep(wait, { signal: call.signal }).catch(() => {
        throw konnectErrors.cancelled(call);
      });
    }
  }

  /**
   * The same for an object that may not be there.
   *
   * @returns `undefined` for 404
   * @throws KonnectError
   */
  async find<Answer>(call: Call<Answer>): Promise<Answered<Answer> | undefined> {
    try {
      return await this.send(call);
    } catch (error) {
      if (KonnectError.is(error) && error.status === 404) return undefined;
      throw error;
    }
  }

  /**
   * Removes an object.
   *
   * @returns `false` for 404: there was none
   * @throws KonnectError
   */
  async remove(call: Call<undefined>): Promise<boolean> {
    return (await this.find(call)) !== undefined;
  }

  async close(): Promise<void> {
    if (this.#ownsDispatcher) await this.#dispatcher.destroy();
  }

  async #try<Answer>(base: string, call: Call<Answer>): Promise<RawAnswer | KonnectError> {
    const { requestTimeout, token, userAgent } = this.#options;
    const deadline = startDeadline(requestTimeout, call.signal);
    try {
      const { origin, pathname, search } = new URL(`${base}${call.path}${queryOf(call)}`);
      const response = await this.#dispatcher.request({
        ...{ origin, path: `${pathname}${search}`, signal: deadline.signal },
        method: call.method as Dispatcher.HttpMethod,
        headers: {
          authorization: `Bearer ${token}`,
          accept: "application/json, application/problem+json",
          "user-agent": call.userAgent ?? userAgent,
          ...(call.body === undefined ? {} : { "content-type": "application/json" }),
        },
        ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
      });
      const text = await response.body.text();
      return { status: response.statusCode, headers: response.headers, text };
    } catch (cause) {
      if (call.signal?.aborted) return konnectErrors.cancelled(call);
      if (deadline.passed) return konnectErrors.timedOut(call, requestTimeout);
      return konnectErrors.unreachable(call, new URL(base).host, cause);
    } finally {
      deadline.clear();
    }
  }
}

function queryOf({ query }: { query?: Readonly<Record<string, string>> }): string {
  return query && Object.keys(query).length > 0 ? `?${new URLSearchParams(query)}` : "";
}

function header(answer: RawAnswer, name: string): string | undefined {
  const value = answer.headers[name];
  return Array.isArray(value) ? value[0] : value;
}

function readAnswer<Answer>(call: Call<Answer>, raw: RawAnswer): Answered<Answer> {
  if (raw.status < 200 || raw.status >= 300) {
    throw konnectErrors.answered(call, readProblem(raw));
  }
  const parsedDate = Date.parse(header(raw, "date") ?? "");
  const date = Number.isNaN(parsedDate) ? undefined : parsedDate;
  if (!call.answer) return { status: raw.status, date, body: undefined as Answer };
  const read = call.answer.safeParse(parseJson(call, raw));
  if (read.success) return { status: raw.status, date, body: read.data };
  const where = read.error.issues.map((issue) => issue.path.join(".") || "body").join(", ");
  throw konnectErrors.unreadableAnswer(
    call,
    raw.status,
    `does not have the documented shape (${where})`,
  );
}

function parseJson(operation: Operation, raw: RawAnswer): unknown {
  try {
    return JSON.parse(raw.text);
  } catch {
    const type = header(raw, "content-type")?.split(";")[0] ?? "no content type";
    throw konnectErrors.unreadableAnswer(operation, raw.status, `is not JSON (${type})`);
  }
}

function readProblem(raw: RawAnswer): Problem {
  let body: unknown;
  try {
    body = JSON.parse(raw.text);
  } catch {
    // A gateway's HTML page, say: the status alone has to do.
    return { status: raw.status, invalidParameters: [] };
  }
  const { title, detail, instance, invalid_parameters } = problemAnswer.parse(body);
  const invalidParameters = (invalid_parameters ?? []).map(({ field, reason }) => ({
    field,
    reason,
  }));
  return { status: raw.status, title, detail, instance, invalidParameters };
}
