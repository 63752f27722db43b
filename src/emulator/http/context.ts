import type { ServedRegions } from "../regions.js";
import type { Authentication } from "../tokens.js";
import type { World } from "../world.js";
import type { RequestLog } from "./requests.js";

/** What one call to the API needs. */
export interface ExchangeContext {
  world: World;
  requests: RequestLog;
  regions: ServedRegions;
  authenticate(authorization: string | undefined): Authentication;
  report(line: string): void;
  /** Aborts when the emulator stops. */
  signal: AbortSignal;
}
