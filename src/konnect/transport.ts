import type { Dispatcher } from "undici";
import type * as z from "zod/mini";
import { readBounded, readUpTo, TooLargeError } from "../core/bounded-reader.js";
import type { Clock } from "../core/clock.js";
import { parseHttpDate } from "../core/date-time.js";
import { startDeadline } from "../core/deadline.js";
import type { Cleaner } from "../core/foreign-text.js";
import { untilAborted } from "../core/until-aborted.js";
import { failureCode } from "./connection-failure.js";
import { createDispatcher } from "./dispatcher.js";
import { KonnectError, konnectErrors, type Operation } from "./errors.js";
import { KnownSecrets } from "./known-secrets.js";
import { readAnswer, readFailure } from "./read-answer.js";
import { isPermanentFailure, isRetriedStatus, type RetryPolicy, retryWait } from "./retry.js";
import { regionBaseUrl } from "./server-url.js";

export interface TransportOptions {
  serverUrl: string;
  token: string;
  /** What else must not be shown of what Konnect says: a proxy's password, the SIEM's credential. */
  secrets: Iterable<string | undefined>;
  userAgent: string;
  /** Milliseconds that one try may take, from the look-up of the host's name to the last byte of the answer. */
  requestTimeout: number;
  retry: RetryPolicy;
  clock: Clock;
  /** A number in [0, 1). */
  random: () => number;
  dispatcher?: Dispatcher;
}

export interface Call<Answer> extends Operation {
  body?: object | undefined;
  query?: Readonly<Record<string, string>>;
  /** Schema of the answer; without one the body is dropped. */
  answer?: z.ZodMiniType<Answer>;
  /** Cleans what of the answer is there to be shown. */
  cleaned?: (answer: Answer, clean: Cleaner) => Answer;
  userAgent?: string | undefined;
  signal?: AbortSignal | undefined;
  /** True for a write that does more when it is done twice: repeated only where Konnect said that it did nothing. */
  once?: boolean | undefined;
}

export interface Answered<Answer> {
  status: number;
  /** The time that Konnect's `Date` header told, in milliseconds since the epoch. */
  date: number | undefined;
  body: Answer;
}

/** An answer as it came. */
export interface RawAnswer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** `undefined`: there is more of it than is read. */
  text: string | undefined;
}

/** A full page of records with long URLs; more is no answer of this API. */
const longestAnswer = 16 * 1024 * 1024;
const longestFailure = 256 * 1024;

/** Sends calls to Konnect: bearer token, time-out, retries, problem+json errors. */
export class Transport {
  readonly #options: TransportOptions;
  readonly #dispatcher: Dispatcher;
  readonly #ownsDispatcher: boolean;
  readonly #secrets: KnownSecrets;

  constructor(options: TransportOptions) {
    this.#options = options;
    this.#ownsDispatcher = options.dispatcher === undefined;
    this.#dispatcher = options.dispatcher ?? createDispatcher({});
    this.#secrets = new KnownSecrets([options.token, ...options.secrets]);
  }

  /** Cleans text that Konnect sent, or that goes into a message: without the token and every credential that was sent. */
  get clean(): Cleaner {
    return this.#secrets.clean;
  }

  /** Has a secret taken out of all that Konnect says from now on. */
  protect(secret: string | null | undefined): void {
    this.#secrets.learn(secret);
  }

  /**
   * Sends one call, repeated by the retry policy.
   *
   * All calls but POST are idempotent here, PATCH included (it sets values, it never adds), so they are repeated after a
   * broken connection too, which may have broken when the work was already done. A POST, and what says `once`, is repeated
   * only where Konnect said that it did nothing.
   *
   * @throws KonnectError
   */
  async send<Answer>(call: Call<Answer>): Promise<Answered<Answer>> {
    const { retry, clock, random } = this.#options;
    if (call.body && "authorization" in call.body) this.#secrets.learn(call.body.authorization);
    const base = regionBaseUrl(this.#options.serverUrl, call.region);
    for (let attempt = 0; ; attempt++) {
      const outcome = await this.#try(base, call);
      const last = attempt >= retry.maxRetries;
      const once = call.once ?? call.method === "POST";
      if (outcome instanceof KonnectError) {
        if (last || once || !isRepeated(outcome)) throw outcome;
      } else if (last || !isRetriedStatus(outcome.status, once ? "POST" : call.method)) {
        return this.#read(call, outcome);
      }
      const answer = outcome instanceof KonnectError ? undefined : outcome;
      const wait = retryWait(retry, attempt, {
        retryAfter: answer && header(answer, "retry-after"),
        now: clock.now(),
        random,
      });
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

  #read<Answer>(call: Call<Answer>, raw: RawAnswer): Answered<Answer> {
    if (raw.status < 200 || raw.status >= 300) {
      throw konnectErrors.answered(call, readFailure(raw, this.clean));
    }
    const date = parseHttpDate(header(raw, "date"));
    if (!call.answer) return { status: raw.status, date, body: undefined as Answer };
    const body = readAnswer(call, call.answer, raw, this.clean);
    return { status: raw.status, date, body: call.cleaned?.(body, this.clean) ?? body };
  }

  async #try<Answer>(base: string, call: Call<Answer>): Promise<RawAnswer | KonnectError> {
    const { requestTimeout } = this.#options;
    const deadline = startDeadline(requestTimeout, call.signal);
    try {
      // undici ends a request that waits for its connection only when that is made or has failed, which may take longer.
      return await untilAborted(deadline.signal, this.#exchange(base, call, deadline.signal));
    } catch (cause) {
      if (call.signal?.aborted) return konnectErrors.cancelled(call);
      if (deadline.passed) return konnectErrors.timedOut(call, requestTimeout);
      if (cause instanceof TooLargeError) {
        const shown = this.clean(`${call.method} ${call.path}`, 200);
        return konnectErrors.endlessAnswer(call, shown, cause.limit);
      }
      return konnectErrors.unreachable(call, this.clean(new URL(base).host), cause);
    } finally {
      deadline.clear();
    }
  }

  async #exchange<Answer>(
    base: string,
    call: Call<Answer>,
    signal: AbortSignal,
  ): Promise<RawAnswer> {
    const { token, userAgent } = this.#options;
    const { origin, pathname, search } = new URL(`${base}${call.path}${queryOf(call)}`);
    const { statusCode, headers, body } = await this.#dispatcher.request({
      origin,
      path: `${pathname}${search}`,
      signal,
      method: call.method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: "application/json, application/problem+json",
        "user-agent": call.userAgent ?? userAgent,
        ...(call.body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(call.body === undefined ? {} : { body: JSON.stringify(call.body) }),
    });
    if (statusCode >= 200 && statusCode < 300) {
      const bytes = await readBounded(body, longestAnswer);
      return { status: statusCode, headers, text: bytes.toString("utf8") };
    }
    const { bytes, complete } = await readUpTo(body, longestFailure);
    return { status: statusCode, headers, text: complete ? bytes.toString("utf8") : undefined };
  }
}

function isRepeated({ code, cause }: KonnectError): boolean {
  if (code === "KONNECT_TIMEOUT") return true;
  return code === "KONNECT_UNREACHABLE" && !isPermanentFailure(failureCode(cause));
}

function queryOf({ query }: { query?: Readonly<Record<string, string>> }): string {
  return query ? `?${new URLSearchParams(query)}` : "";
}

/** A header's first value. */
export function header({ headers }: RawAnswer, name: string): string | undefined {
  const value = headers[name];
  return Array.isArray(value) ? value[0] : value;
}
