import * as z from "zod";
import { emulatorErrors } from "./errors.js";
import type { Random } from "./ids.js";
import type { ServedRegions } from "./regions.js";

const apiEffects = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("status").describe("Answers with a status and does nothing."),
    status: z.int().min(400).max(599),
    retryAfter: z.string().optional().describe("Retry-After: seconds, or an HTTP date."),
    omitDetail: z
      .boolean()
      .default(false)
      .describe("Leaves `detail` out of the problem body, as live answers were seen to."),
  }),
  z.strictObject({
    kind: z.literal("latency").describe("Waits before anything else is done."),
    milliseconds: z.int().min(0),
  }),
  z.strictObject({
    kind: z.literal("reset").describe("Resets the connection before or after the work was done."),
    when: z.enum(["before", "after"]),
  }),
  z.strictObject({
    kind: z.literal("body").describe("Does the work, then spoils the answer's body."),
    body: z.enum(["truncated", "non-json", "html", "empty"]),
  }),
  z.strictObject({
    kind: z.literal("stale").describe("Answers a GET with what it answered before the last write."),
  }),
]);

const deliveryEffects = z.discriminatedUnion("kind", [
  z.strictObject({ kind: z.literal("unsigned").describe("Delivers lines without `sig`.") }),
  z.strictObject({ kind: z.literal("wrong-key").describe("Signs with a key not in the JWKS.") }),
  z.strictObject({ kind: z.literal("drop").describe("Loses the batch without an attempt.") }),
  z.strictObject({
    kind: z.literal("divert").describe("Delivers to another endpoint than the webhook's."),
    endpoint: z.url(),
  }),
  z.strictObject({
    kind: z
      .literal("receiver")
      .describe("Acts as if the receiver had answered so, without asking it; each attempt counts."),
    status: z.int().min(100).max(599),
    retryAfter: z.string().optional().describe("Retry-After: seconds, or an HTTP date."),
  }),
  z.strictObject({ kind: z.literal("duplicate").describe("Delivers an accepted batch twice.") }),
]);

const scope = {
  region: z.string().optional().describe("Region it is limited to; without one, every region."),
  count: z
    .int()
    .min(1)
    .optional()
    .describe("How many times it strikes before it is gone; without one, for ever."),
  rate: z.number().gt(0).max(1).optional().describe("Probability that it strikes; without one, 1."),
};

/** A fault of the API, or of the delivery of events. */
export const faultSchema = z.union([
  z.strictObject({
    ...scope,
    method: z
      .string()
      .toUpperCase()
      .optional()
      .describe("Method of the calls; without one, every."),
    path: z
      .string()
      .startsWith("/")
      .optional()
      .describe(
        "Path of the calls without the region, for example `/v2/audit-log-webhook`; a `*` at its end stands for anything.",
      ),
    effect: apiEffects,
  }),
  z.strictObject({ ...scope, delivery: deliveryEffects }),
]);

export type Fault = z.input<typeof faultSchema>;
export type ApiEffect = z.output<typeof apiEffects>;
export type DeliveryEffect = z.output<typeof deliveryEffects>;
/** Plays the receiver for one attempt. */
export type ReceiverEffect = Extract<DeliveryEffect, { kind: "receiver" }>;
/** Strikes a whole batch, with all of its attempts. */
export type BatchEffect = Exclude<DeliveryEffect, ReceiverEffect>;

/** A fault that was added, and how often it struck. */
export type ActiveFault = z.output<typeof faultSchema> & { id: string; hits: number };

/** The faults that are in force, to be changed while the emulator runs. */
export interface Faults {
  /**
   * Puts a fault in force.
   *
   * @returns its id
   * @throws EmulatorError `EMULATOR_SETTINGS_INVALID`
   */
  add(fault: Fault): string;
  /** @returns whether there was one with that id */
  remove(id: string): boolean;
  clear(): void;
  list(): readonly ActiveFault[];
}

export interface ApiCall {
  region: string;
  method: string;
  /** Without the region. */
  path: string;
}

/** Keeps faults and strikes with them. */
export class FaultRegister implements Faults {
  readonly #active = new Map<string, ActiveFault>();
  #added = 0;

  constructor(
    private readonly random: Random,
    private readonly regions: ServedRegions,
  ) {}

  add(fault: Fault): string {
    const read = faultSchema.safeParse(fault);
    if (!read.success) {
      throw emulatorErrors.settingsInvalid("fault", [
        z.prettifyError(read.error).replace(/\s+/g, " "),
      ]);
    }
    const { region } = read.data;
    if (region !== undefined && !this.regions.has(region)) {
      throw emulatorErrors.settingsInvalid("fault", [`region: ${this.regions.explain(region)}`]);
    }
    this.#added += 1;
    const id = String(this.#added);
    this.#active.set(id, { ...read.data, id, hits: 0 });
    return id;
  }

  remove(id: string): boolean {
    return this.#active.delete(id);
  }

  clear(): void {
    this.#active.clear();
  }

  list(): readonly ActiveFault[] {
    return [...this.#active.values()].map((fault) => ({ ...fault }));
  }

  /** The effects that strike this call, in the order in which they were added; each is used up by one. */
  strikeCall(call: ApiCall): ApiEffect[] {
    return this.#strike((fault) => {
      if (!("effect" in fault)) return undefined;
      const hit =
        (fault.region ?? call.region) === call.region &&
        (fault.method ?? call.method) === call.method &&
        matchesPath(fault.path, call.path);
      return hit ? fault.effect : undefined;
    });
  }

  /** The effects that strike this region's next batch. */
  strikeBatch(region: string): BatchEffect[] {
    return this.#strike((fault) => {
      const effect = deliveryEffectOf(fault, region);
      return effect?.kind === "receiver" ? undefined : effect;
    });
  }

  /** The effects that strike this region's next attempt to deliver. */
  strikeAttempt(region: string): ReceiverEffect[] {
    return this.#strike((fault) => {
      const effect = deliveryEffectOf(fault, region);
      return effect?.kind === "receiver" ? effect : undefined;
    });
  }

  #strike<Effect>(effectOf: (fault: ActiveFault) => Effect | undefined): Effect[] {
    const effects: Effect[] = [];
    for (const fault of this.#active.values()) {
      const effect = effectOf(fault);
      if (effect === undefined || this.random() >= (fault.rate ?? 1)) continue;
      effects.push(effect);
      fault.hits += 1;
      if (fault.hits === fault.count) this.#active.delete(fault.id);
    }
    return effects;
  }
}

function deliveryEffectOf(fault: ActiveFault, region: string): DeliveryEffect | undefined {
  return "delivery" in fault && (fault.region ?? region) === region ? fault.delivery : undefined;
}

function matchesPath(pattern: string | undefined, path: string): boolean {
  if (pattern === undefined) return true;
  return pattern.endsWith("*") ? path.startsWith(pattern.slice(0, -1)) : path === pattern;
}
