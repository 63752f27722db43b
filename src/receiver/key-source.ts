import { readFile } from "node:fs/promises";
import { type Dispatcher, request } from "undici";
import { type KeySet, readJwks } from "../events/jwks.js";
import { regionBaseUrl } from "../konnect/server-url.js";
import { receiverErrors, systemCode } from "./errors.js";

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

/**
 * Keys of a JWKS file.
 *
 * @throws ReceiverError `RECEIVER_KEYS_UNREADABLE` (from the source)
 */
export function fileKeys(path: string): KeySource {
  return async () => {
    let document: unknown;
    try {
      document = JSON.parse(await readFile(path, "utf8"));
    } catch (cause) {
      const reason = cause instanceof SyntaxError ? "it is not JSON" : systemCode(cause);
      throw receiverErrors.keysUnreadable(path, reason, cause);
    }
    return { keySet: readJwks(document), problems: [] };
  };
}

export interface KonnectKeysOptions {
  /** Regions whose webhooks deliver here. */
  regions: readonly string[];
  /** May hold `{region}`. */
  serverUrl: string;
  /** Milliseconds. @default 10000 */
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
    const sets = await Promise.all(options.regions.map((region) => loadRegion(region, options)));
    return {
      keySet: {
        keys: sets.flatMap(({ keySet }) => keySet.keys),
        rejected: sets.flatMap(({ keySet }) => keySet.rejected),
      },
      problems: sets.flatMap(({ problems }) => problems),
    };
  };
}

async function loadRegion(
  region: string,
  { serverUrl, timeout = 10_000, signal, dispatcher }: KonnectKeysOptions,
): Promise<LoadedKeys> {
  const url = `${regionBaseUrl(serverUrl, region)}/v2/audit-log-webhook/jwks.json`;
  try {
    const answer = await request(url, {
      signal: AbortSignal.any([AbortSignal.timeout(timeout), ...(signal ? [signal] : [])]),
      ...(dispatcher ? { dispatcher } : {}),
    });
    const text = await answer.body.text();
    if (answer.statusCode !== 200) throw new Error(`HTTP ${answer.statusCode}`);
    return { keySet: readJwks(JSON.parse(text)), problems: [] };
  } catch (cause) {
    return { keySet: { keys: [], rejected: [] }, problems: [problemOf(region, cause)] };
  }
}

function problemOf(region: string, cause: unknown): string {
  const code = systemCode(cause);
  const why = code === "Error" && cause instanceof Error ? cause.message : code;
  return `the signing keys of region "${region}" could not be read (${why})`;
}
