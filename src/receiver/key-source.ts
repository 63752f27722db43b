import { once } from "node:events";
import { createReadStream } from "node:fs";
import { type Dispatcher, request } from "undici";
import { readBounded, readUpTo, TooLargeError } from "../core/bounded-reader.js";
import { startDeadline } from "../core/deadline.js";
import { parseJson } from "../core/json.js";
import { systemCode } from "../core/system-error.js";
import { decodeText } from "../core/text-encoding.js";
import { EventError } from "../events/errors.js";
import { type KeySet, readJwks } from "../events/jwks.js";
import { regionBaseUrl } from "../konnect/server-url.js";
import { receiverErrors } from "./errors.js";

/** Signing keys as far as they could be had. */
export interface LoadedKeys {
  keySet: KeySet;
  /** Why keys may be missing; empty when all of them are there. */
  problems: readonly string[];
}

/** Where signing keys come from; asked again when a signature matches none of them. */
export type KeySource = () => Promise<LoadedKeys>;

/** No keys: every signed line is `unverifiable`. */
export const noKeys: KeySource = async () => ({
  keySet: { keys: [], rejected: [] },
  problems: ["no signing keys were configured"],
});

/** Bytes of a JWKS; Konnect's has a few hundred. */
const largestJwks = 1024 * 1024;

/** How long a source may take, in milliseconds. */
const defaultTimeout = 10_000;

/**
 * Keys of a JWKS file.
 *
 * @param timeout milliseconds: the file may be a pipe that nobody writes to @default 10000
 * @throws ReceiverError `RECEIVER_KEYS_UNREADABLE` (from the source)
 */
export function fileKeys(path: string, timeout = defaultTimeout): KeySource {
  return async () => {
    const text = await readFile(path, timeout);
    const document = parseJson(text);
    if (document === undefined) throw receiverErrors.keysUnreadable(path, "it is not JSON");
    return { keySet: readJwks(document), problems: [] };
  };
}

async function readFile(path: string, timeout: number): Promise<string> {
  const deadline = startDeadline(timeout, undefined);
  const late = once(deadline.signal, "abort").then(() => {
    throw deadline.signal.reason;
  });
  try {
    const file = createReadStream(path, { signal: deadline.signal });
    return decodeText(await Promise.race([readBounded(file, largestJwks), late]));
  } catch (cause) {
    const reason = deadline.passed ? `nothing came within ${timeout / 1_000} s` : reasonOf(cause);
    throw receiverErrors.keysUnreadable(path, reason, cause);
  } finally {
    deadline.clear();
  }
}

/** Where and how Konnect's keys are read. */
export interface KonnectKeysOptions {
  /** Regions whose webhooks deliver here. */
  regions: readonly string[];
  /** May hold `{region}`. */
  serverUrl: string;
  /** Milliseconds, for all of an answer. @default 10000 */
  timeout?: number | undefined;
  /** Gives up the loading. */
  signal?: AbortSignal | undefined;
  dispatcher?: Dispatcher | undefined;
}

/**
 * Keys of the regions' `jwks.json`, which Konnect publishes without asking for a token.
 *
 * A region that can't be read leaves a problem; the other regions' keys are still used.
 */
export function konnectKeys(options: KonnectKeysOptions): KeySource {
  return async () => {
    const read = await Promise.all(options.regions.map((region) => loadRegion(region, options)));
    const sets = read.filter((result) => typeof result !== "string");
    const failures = new Map<string, string[]>();
    for (const [index, result] of read.entries()) {
      if (typeof result !== "string") continue;
      failures.set(result, [...(failures.get(result) ?? []), options.regions[index] ?? ""]);
    }
    return {
      keySet: {
        keys: sets.flatMap(({ keys }) => keys),
        rejected: sets.flatMap(({ rejected }) => rejected),
      },
      problems: [...failures].map(([reason, regions]) => problemOf(regions, reason)),
    };
  };
}

/** The keys, or why they can't be read. */
async function loadRegion(
  region: string,
  { serverUrl, timeout = defaultTimeout, signal, dispatcher }: KonnectKeysOptions,
): Promise<KeySet | string> {
  const url = `${regionBaseUrl(serverUrl, region)}/v2/audit-log-webhook/jwks.json`;
  const deadline = startDeadline(timeout, signal);
  try {
    const answer = await request(url, {
      signal: deadline.signal,
      ...(dispatcher ? { dispatcher } : {}),
    });
    // Read whatever the status is: a body that is left alone holds its connection.
    const { bytes, complete } = await readUpTo(answer.body, largestJwks);
    if (answer.statusCode !== 200) return `HTTP ${answer.statusCode}`;
    if (!complete) return `more than ${largestJwks} bytes`;
    const document = parseJson(decodeText(bytes));
    return document === undefined ? "not JSON" : readJwks(document);
  } catch (cause) {
    return deadline.passed ? `no complete answer within ${timeout / 1_000} s` : reasonOf(cause);
  } finally {
    deadline.clear();
  }
}

/** What the codes mean that a first start meets. */
const meanings: Readonly<Record<string, string>> = {
  EAI_AGAIN: "no name server answers",
  ENOTFOUND: "there is no such host",
  ECONNREFUSED: "nothing listens there",
};

function reasonOf(cause: unknown): string {
  if (cause instanceof TooLargeError) return `it has ${cause.message}`;
  if (cause instanceof EventError)
    return cause.message.replace(/^The JWKS can't be read: |\.$/g, "");
  const code = systemCode(cause);
  const meaning = meanings[code];
  return meaning ? `${meaning}: ${code}` : code;
}

function problemOf(regions: readonly string[], reason: string): string {
  const [region, ...others] = regions.map((name) => `"${name}"`);
  return others.length === 0
    ? `the signing keys of region ${region} could not be read (${reason})`
    : `the signing keys of the regions ${[region, ...others].join(", ")} could not be read (${reason})`;
}
