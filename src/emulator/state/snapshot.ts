import { createSigningKey, signingKeySeed } from "../../events/jwks.js";
import { type Channel, currentStatus, type Organization } from "../organization.js";
import type { World } from "../world.js";
import type { ChannelState, State } from "./schema.js";

/** Everything that a restart must not forget. */
export function takeSnapshot(world: World): State {
  return {
    version: 2,
    keys: Object.fromEntries(
      [...world.signingKeys].map(([region, key]) => [region, signingKeySeed(key).toString("hex")]),
    ),
    organizations: [...world.organizations.values()].map((organization) => ({
      id: organization.id,
      destinations: [...organization.destinations.values()],
      channels: organization.channels().map(saveChannel),
    })),
  };
}

function saveChannel(channel: Channel): ChannelState {
  const { region, portalId, webhook, previousWebhook, replayJob, counts, log } = channel;
  const portal = portalId === undefined ? {} : { portalId };
  const status = currentStatus(channel);
  return {
    region,
    ...portal,
    webhook,
    previousWebhook,
    status,
    replayJob,
    counts: { ...counts },
    log: log.save(),
  };
}

/** Puts a snapshot into a world that is still empty. */
export function restoreSnapshot(world: World, { keys, organizations }: State): void {
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

function restoreChannel(organization: Organization, saved: ChannelState): void {
  const channel = organization.channel(saved.region, saved.portalId);
  Object.assign(channel.counts, saved.counts);
  channel.webhook = saved.webhook;
  channel.previousWebhook = saved.previousWebhook;
  channel.replayJob = saved.replayJob;
  channel.statusHistory = [{ at: Number.NEGATIVE_INFINITY, status: saved.status }];
  channel.log.restore(saved.log);
  organization.keep(channel);
}
