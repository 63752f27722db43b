import * as z from "zod";
import type { AuditEvent } from "../events/event.js";
import { isWellFormedRegion } from "../konnect/regions.js";
import { emulatorErrors } from "./errors.js";
import { randomUuid } from "./ids.js";
import type { Channel } from "./organization.js";
import {
  type EventOrigin,
  newTraceId,
  permissionCheckEvent,
  portalLoginEvent,
} from "./recorder.js";
import type { ServedRegions } from "./regions.js";
import { defaultOrganizationId } from "./tokens.js";
import type { World } from "./world.js";

const common = {
  region: z.string().refine(isWellFormedRegion, "is no region"),
  /** The organisation's id. */
  organization: z.uuid().toLowerCase().default(defaultOrganizationId),
  /** One line, as HTTP headers are. */
  userAgent: z
    .string()
    .regex(/^[^\r\n]*$/, "must be one line")
    .default("konnect-audit-emulator"),
  /** How many. */
  count: z.int().min(1).max(100_000).default(1),
};

/** Events that calls to other parts of Konnect would yield. */
export const eventsSchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("portal-login").describe("A developer's login to a Dev Portal."),
    ...common,
    portalId: z.uuid().toLowerCase(),
    outcome: z
      .enum(["SUCCESS", "NOT_FOUND", "INVALID_PASSWORD", "LOCKED", "DISABLED", "INVALID"])
      .default("SUCCESS"),
  }),
  z.strictObject({
    kind: z.literal("permission-check").describe("A check as other APIs of Konnect make them."),
    ...common,
    /** What is checked. */
    resource: z
      .string()
      .regex(/^[^\s|]+$/)
      .default("control-planes"),
    action: z.string().regex(/^\S+$/).default("list"),
    granted: z.boolean().default(true),
  }),
]);

export type EventsToMake = z.input<typeof eventsSchema>;

/**
 * Records events that no call to the audit-log API caused.
 *
 * @returns the channel that they went to
 * @throws EmulatorError `EMULATOR_SETTINGS_INVALID`
 */
export function makeEvents(wanted: unknown, world: World, regions: ServedRegions): Channel {
  const read = eventsSchema.safeParse(wanted);
  if (!read.success) {
    throw emulatorErrors.settingsInvalid(
      "events",
      read.error.issues.map(({ path, message }) => `${path.join(".") || "events"}: ${message}`),
    );
  }
  const { organization, region, count } = read.data;
  if (!regions.has(region)) {
    throw emulatorErrors.settingsInvalid("events", [`region: ${regions.explain(region)}`]);
  }
  const portalId = read.data.kind === "portal-login" ? read.data.portalId : undefined;
  const channel = world.organization(organization).channel(region, portalId);
  for (let made = 0; made < count; made += chunk) {
    const length = Math.min(chunk, count - made);
    world.record(
      channel,
      Array.from({ length }, () => makeEvent(read.data, channel, world)),
    );
  }
  return channel;
}

/** How many are held as objects at a time. */
const chunk = 1000;

function makeEvent(
  wanted: z.output<typeof eventsSchema>,
  { webhook }: Channel,
  world: World,
): AuditEvent {
  const { knobs, random } = world;
  const isNamed = knobs.principalName || webhook.includePrincipalName === true;
  const origin: EventOrigin = {
    at: world.now(),
    organizationId: wanted.organization,
    principalId: randomUuid(random),
    principalName: isNamed ? "Emulated Developer (developer@example.com)" : undefined,
    sourceAddress: "127.0.0.1",
    userAgent: wanted.userAgent,
    traceId: newTraceId(world),
  };
  return wanted.kind === "portal-login"
    ? portalLoginEvent(origin, wanted)
    : permissionCheckEvent(origin, { ...wanted, kongInitiated: knobs.kongInitiated });
}
