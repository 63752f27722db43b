import { createSigningKey, signingKeySeed } from "../../events/jwks.js";
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

/** Puts records back into a world that is still empty. */
export function restore(world: World, records: Iterable<StateRecord>): void {
  let settings: SettingsRecord | undefined;
  for (const record of records) {
    if (record.type === "settings") {
      settings = record;
      continue;
    }
    const { log } = world.organization(record.organization).channel(record.region, record.portal);
    if (record.type === "unqueued") {
      log.queue.remove(record);
      continue;
    }
    log.restore(record.sequence, record.event, world.knobs.maxRetainedEvents);
    if (record.queued) log.queue.push(record.sequence);
  }
  if (settings) restoreSettings(world, settings);
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
