import { type Clock, systemClock } from "../core/clock.js";
import { FaultRegister, type Faults } from "./faults.js";
import { setKnobs } from "./http/control-operations.js";
import { type LoggedRequest, RequestLog } from "./http/requests.js";
import { type Listener, listen } from "./http/server.js";
import type { Random } from "./ids.js";
import { type Knobs, knobsSchema } from "./knobs.js";
import { type EventsToMake, makeEvents } from "./made-events.js";
import { ServedRegions } from "./regions.js";
import { StateFile } from "./state/file.js";
import { createAuthenticator, type KnownToken } from "./tokens.js";
import { World } from "./world.js";

export interface EmulatorOptions {
  /** @default 0, any free port */
  port?: number;
  /** Address to listen on. @default "127.0.0.1" */
  host?: string;
  /** @default the machine's */
  clock?: Clock;
  /** Numbers in [0, 1): ids and fault rates. @default Math.random */
  random?: Random;
  /** @default documented behaviour, see `knobsSchema` */
  knobs?: Partial<Knobs>;
  /** Tokens that are accepted. @default every well-formed one */
  tokens?: readonly KnownToken[];
  /** Regions that are served besides those that Konnect documents; calls for any other get a 404. @default none */
  regions?: readonly string[];
  /** File that the state is kept in, with the webhooks' credentials. @default none: the state ends with the emulator */
  stateFile?: string;
  /** Told what the operator should know; never secrets. @default nothing is told */
  log?: (line: string) => void;
}

/** A running emulator of Konnect's audit-log API and of its delivery engine. */
export interface Emulator {
  /** `http://HOST:PORT`, without a slash at the end. */
  readonly url: string;
  /** The same with `{region}` in it, as the provider and the verifier take it. */
  readonly serverUrl: string;
  readonly faults: Faults;
  readonly knobs: Readonly<Knobs>;
  /** The last calls, oldest first. */
  readonly requests: readonly LoggedRequest[];
  /**
   * Changes knobs.
   *
   * @throws EmulatorError `EMULATOR_SETTINGS_INVALID`
   */
  set(knobs: Partial<Knobs>): void;
  /**
   * Makes audit events that no call to this API causes: Dev Portal logins, checks of other APIs.
   *
   * @throws EmulatorError `EMULATOR_SETTINGS_INVALID`
   */
  makeEvents(events: EventsToMake): void;
  /** Resolves when every event that is to be delivered was delivered or lost. */
  idle(): Promise<void>;
  /**
   * Stops listening, and every timer and connection with it.
   *
   * @throws EmulatorError if the state can't be written a last time
   */
  close(): Promise<void>;
}

/**
 * Starts an emulator of Konnect's audit logging.
 *
 * @throws EmulatorError when it can't listen or its options can't be used
 */
export async function startEmulator(options: EmulatorOptions = {}): Promise<Emulator> {
  const { port = 0, host = "127.0.0.1", clock = systemClock, random = Math.random } = options;
  const { log = () => undefined } = options;
  const knobs = knobsSchema.parse({});
  setKnobs(knobs, options.knobs ?? {});
  const regions = new ServedRegions(options.regions ?? [], log);
  const faults = new FaultRegister(random, regions);
  const world = new World(clock, random, knobs, faults, log);
  const requests = new RequestLog();
  const stopped = new AbortController();
  const listener = await listen(host, port, {
    world,
    requests,
    regions,
    signal: stopped.signal,
    report: log,
    authenticate: createAuthenticator(options.tokens),
  });
  // Not before it listens: a second emulator on the same port must not touch the first one's file.
  if (options.stateFile) await resume(world, options.stateFile, listener, log);
  const url = `http://${host.includes(":") ? `[${host}]` : host}:${listener.port}`;
  return {
    url,
    serverUrl: `${url}/{region}`,
    faults,
    knobs,
    get requests() {
      return requests.list();
    },
    set: (changes) => setKnobs(knobs, changes),
    makeEvents: (events) => {
      makeEvents(events, world, regions);
      world.save();
    },
    idle: () => world.idle(),
    async close() {
      stopped.abort();
      await listener.close();
      await world.close();
    },
  };
}

async function resume(
  world: World,
  file: string,
  listener: Listener,
  log: (line: string) => void,
): Promise<void> {
  try {
    world.resume(StateFile.open(file, world, log)); // in one go, so that no call comes in between
  } catch (error) {
    await listener.close();
    throw error;
  }
}
