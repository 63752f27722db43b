import type { Clock } from "../core/clock.js";
import type { AuditEvent } from "../events/event.js";
import { createSigningKey, type SigningKey } from "../events/jwks.js";
import type { DeliveryAttempt, DeliveryContext } from "./delivery/context.js";
import { Courier } from "./delivery/courier.js";
import { runReplay } from "./delivery/replay.js";
import type { FaultRegister } from "./faults.js";
import type { Random } from "./ids.js";
import type { Knobs } from "./knobs.js";
import {
  type Channel,
  currentStatus,
  noteStatus,
  Organization,
  type ReplayJob,
  type Webhook,
} from "./organization.js";
import type { StateFile } from "./state/file.js";

/** Names a channel: the region's webhook, or a Dev Portal's. */
export interface ChannelAddress {
  organization: Organization;
  region: string;
  params?: Readonly<Record<string, string>>;
}

/** Everything that the emulator knows: organisations with their webhooks, keys, knobs, time and chance. */
export class World {
  readonly organizations = new Map<string, Organization>();
  readonly #couriers = new Map<Channel, Courier>();
  /** By region. */
  readonly signingKeys = new Map<string, SigningKey>();
  readonly #attempts: DeliveryAttempt[] = [];
  #stateFile: StateFile | undefined;
  readonly #replays = new Set<Promise<void>>();
  readonly #stopped = new AbortController();
  readonly #strangerKey = createSigningKey();

  constructor(
    readonly clock: Clock,
    readonly random: Random,
    readonly knobs: Knobs,
    readonly faults: FaultRegister,
    private readonly log: (line: string) => void,
  ) {}

  /** Konnect's time, in milliseconds since the Unix epoch. */
  now(): number {
    return this.clock.now() + this.knobs.clockSkewMs;
  }

  organization(id: string): Organization {
    const existing = this.organizations.get(id);
    if (existing) return existing;
    const organization = new Organization(id);
    this.organizations.set(id, organization);
    return organization;
  }

  /** A webhook with everything that belongs to it; looking at one that was never used leaves nothing behind. */
  channel({ organization, region, params }: ChannelAddress): Channel {
    return organization.channel(region, params?.portalId);
  }

  channels(): Channel[] {
    return [...this.organizations.values()].flatMap((organization) => organization.channels());
  }

  /** Replaces a webhook's settings. */
  configure(address: ChannelAddress, webhook: Webhook): void {
    const channel = this.channel(address);
    channel.previousWebhook = channel.webhook;
    channel.webhook = { ...webhook, updatedAt: this.now() };
    const status = currentStatus(channel);
    if (webhook.enabled && status.state === "inactive") {
      noteStatus(channel, this.now(), { ...status, state: "active" }, this.knobs.statusLagMs);
    }
    this.courier(channel).reconfigured();
  }

  /**
   * Makes what has changed durable, before a call is answered.
   *
   * @throws EmulatorError if the state file can't be written
   */
  save(): void {
    this.#stateFile?.save();
  }

  /** Tells every webhook that sends to a destination that it was changed. */
  destinationChanged(organization: Organization, destinationId: string): void {
    for (const channel of organization.channels()) {
      if (channel.webhook.destinationId === destinationId) this.courier(channel).reconfigured();
    }
  }

  /** Starts a replay job in the place of the one before. */
  replay(channel: Channel, job: ReplayJob): void {
    channel.replayJob = job;
    const context = this.#deliveryContext();
    const run = runReplay(channel, job, this.courier(channel), context, this.#stopped.signal)
      .catch((error: unknown) => {
        if (!this.#stopped.signal.aborted) context.failed(channel, error);
      })
      .finally(() => this.#replays.delete(run));
    this.#replays.add(run);
  }

  /** Records events and sends them on their way. */
  record(channel: Channel, events: readonly AuditEvent[]): void {
    this.courier(channel).accept(events);
  }

  courier(channel: Channel): Courier {
    const existing = this.#couriers.get(channel);
    if (existing) return existing;
    this.organization(channel.organizationId).keep(channel);
    const courier = new Courier(channel, this.#deliveryContext());
    this.#couriers.set(channel, courier);
    return courier;
  }

  /** Takes up what an earlier run left: waiting events, and replay jobs that had not ended. */
  resume(stateFile: StateFile): void {
    this.#stateFile = stateFile;
    for (const channel of this.channels()) {
      this.courier(channel).accept([]);
      const { replayJob } = channel;
      if (["accepted", "pending", "running"].includes(replayJob.status)) {
        this.replay(channel, { ...replayJob, status: "accepted" });
      }
    }
  }

  /** The key that signs a region's events; each region has its own. */
  signingKey(region: string): SigningKey {
    const existing = this.signingKeys.get(region);
    if (existing) return existing;
    const key = createSigningKey();
    this.signingKeys.set(region, key);
    this.save();
    return key;
  }

  /** The last delivery attempts, oldest first. */
  attempts(): readonly DeliveryAttempt[] {
    return this.#attempts;
  }

  /** Resolves when no event waits for delivery. */
  async idle(): Promise<void> {
    await Promise.all(this.#replays);
    await Promise.all([...this.#couriers.values()].map((courier) => courier.idle()));
  }

  /** @throws EmulatorError if the state can't be written a last time */
  async close(): Promise<void> {
    this.#stopped.abort();
    await Promise.all([...this.#couriers.values()].map((courier) => courier.close()));
    await Promise.all(this.#replays);
    this.#stateFile?.close();
  }

  #deliveryContext(): DeliveryContext {
    return {
      clock: this.clock,
      knobs: this.knobs,
      now: () => this.now(),
      connectionOf: (channel) =>
        this.organization(channel.organizationId).connectionOf(channel.webhook),
      signingKey: (region) => this.signingKey(region),
      changed: () => this.#stateFile?.changed(),
      strangerKey: this.#strangerKey,
      strikeBatch: (region) => this.faults.strikeBatch(region),
      strikeAttempt: (region) => this.faults.strikeAttempt(region),
      attempted: (attempt) => {
        this.#attempts.push(attempt);
        if (this.#attempts.length > maxAttempts) this.#attempts.shift();
        this.#stateFile?.changed();
      },
      bounded: (channel, count) => this.log(describeBound(channel, count)),
      failed: (channel, error) =>
        this.log(`delivery for region ${channel.region} stopped by a defect: ${String(error)}`),
    };
  }
}

const maxAttempts = 1000;

function describeBound({ region, portalId, counts }: Channel, count: "overflow" | "evicted") {
  const webhook = portalId ? `Dev Portal ${portalId} in region ${region}` : `region ${region}`;
  return count === "overflow"
    ? `${webhook}: too many events wait for delivery; overflow: ${counts.overflow} were never sent (knob maxRetainedEvents)`
    : `${webhook}: too many events are kept; evicted: ${counts.evicted} can't be replayed any more (knob maxRetainedEvents)`;
}
