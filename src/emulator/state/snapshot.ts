import { createSigningKey, signingKeySeed } from "../../events/jwks.js";
import type { SequenceRange } from "../log/queue.js";
import { type Channel, currentStatus, type Organization } from "../organization.js";
import type { World } from "../world.js";
import type { SettingsRecord, StateRecord } from "./schema.js";

/** Everything but the events. */
export function snapshotSettings(world: World): SettingsRecord {
  return {
    type: "settings",
    version: 1,
    keys: Object.fromEntries(
      [...world.signingKeys].map(([region, key]) => [region, signingKeySeed(key).toString("hex")]),
    ),
    organizations: [...world.organizations.values()].map((organization) => ({
      id: organization.id,
      destinations: [...organization.destinations.values()],
      channels: organization.channels().map(snapshotChannel),
    })),
  };
}

function snapshotChannel(channel: Channel): SettingsRecord["organizations"][0]["channels"][0] {
  const { region, portalId, webhook, previousWebhook, replayJob, counts } = channel;
  return {
    region,
    webhook,
    previousWebhook,
    replayJob,
    ...(portalId === undefined ? {} : { portalId }),
    counts: { ...counts },
    status: currentStatus(channel),
  };
}

/** A channel's events one by one, with those that still wait marked. */
export function* snapshotEvents(channel: Channel): Generator<StateRecord> {
  const { organizationId: organization, region, portalId, log } = channel;
  const portal = portalId === undefined ? {} : { portal: portalId };
  for (const [sequence, event] of log.entries()) {
    const queued = log.queue.hasAny({ first: sequence, last: sequence });
    yield { type: "event", organization, region, ...portal, sequence, queued, event };
  }
}

/**
 * Puts records back into a world that is still empty.
 *
 * @param read reads all records, oldest first; called twice, so that events which had to go are never all in memory
 */
export function restore(world: World, read: () => Iterable<StateRecord>): void {
  const latest = readLatest(world, read());
  if (latest.settings) restoreSettings(world, latest.settings);
  for (const [channel, counts] of latest.counts) Object.assign(channel.counts, counts);
  for (const record of read()) {
    if (record.type !== "event" && record.type !== "unqueued") continue;
    const channel = channelOf(world, record);
    const { log } = channel;
    if (record.type === "unqueued") {
      log.queue.remove(record);
      continue;
    }
    const { sequence, event } = record;
    const isIn = ({ first, last }: SequenceRange) => sequence >= first && sequence <= last;
    if (latest.evicted.get(channel)?.some(isIn)) continue;
    log.restore(sequence, event, world.knobs.maxRetainedEvents);
    if (record.queued) log.queue.push(sequence);
  }
}

/** What the last record of a kind says, and which events had to go. */
function readLatest(world: World, records: Iterable<StateRecord>) {
  let settings: SettingsRecord | undefined;
  const counts = new Map<Channel, Readonly<Record<string, number>>>();
  const evicted = new Map<Channel, SequenceRange[]>();
  for (const record of records) {
    if (record.type === "settings") {
      settings = record;
      counts.clear(); // they are in it
    } else if (record.type === "counts") {
      counts.set(channelOf(world, record), record.counts);
    } else if (record.type === "evicted") {
      const channel = channelOf(world, record);
      evicted.set(channel, addRange(evicted.get(channel) ?? [], record));
    }
  }
  return { settings, counts, evicted };
}

/** Adds a range to those before it; the oldest events go first, so that it mostly continues the last one. */
function addRange(ranges: SequenceRange[], { first, last }: SequenceRange): SequenceRange[] {
  const before = ranges.at(-1);
  if (before?.last === first - 1) before.last = last;
  else ranges.push({ first, last });
  return ranges;
}

function channelOf(
  world: World,
  { organization, region, portal }: Exclude<StateRecord, SettingsRecord>,
): Channel {
  return world.organization(organization).channel(region, portal);
}

function restoreSettings(world: World, { keys, organizations }: SettingsRecord): void {
  for (const [region, seed] of Object.entries(keys)) {
    world.signingKeys.set(region, createSigningKey(Buffer.from(seed, "hex")));
  }
  for (const { id, destinations, channels } of organizations) {
    const organization = world.organization(id);
    for (const destination of destinations) {
      organization.destinations.set(destination.id, destination);
    }
    for (const channel of channels) restoreChannel(organization, channel);
  }
}

function restoreChannel(
  organization: Organization,
  saved: SettingsRecord["organizations"][0]["channels"][0],
): void {
  const channel = organization.channel(saved.region, saved.portalId);
  Object.assign(channel.counts, saved.counts);
  channel.webhook = saved.webhook;
  channel.previousWebhook = saved.previousWebhook;
  channel.replayJob = saved.replayJob;
  channel.statusHistory = [{ at: Number.NEGATIVE_INFINITY, status: saved.status }];
}
