import type * as z from "zod";
import type { ValuesOf } from "../terraform/schema/from-zod.js";
import type { destinationSchema } from "./schemas/destination.js";
import type { destinationsSchema } from "./schemas/destinations.js";
import type { jwksSchema } from "./schemas/jwks.js";
import type { portalWebhookSchema } from "./schemas/portal-webhook.js";
import type { portalWebhookStatusSchema } from "./schemas/portal-webhook-status.js";
import type { providerSchema } from "./schemas/provider.js";
import type { replayJobSchema } from "./schemas/replay-job.js";
import type { webhookSchema } from "./schemas/webhook.js";
import type { webhookBindingSchema } from "./schemas/webhook-binding.js";
import type { webhookDataSourceSchema } from "./schemas/webhook-data-source.js";
import type { webhookStatusSchema } from "./schemas/webhook-status.js";

type Values<Schema extends z.ZodType> = ValuesOf<z.output<Schema>>;

// Types only: at run time the provider knows the generated tables, and never loads zod for them.
export type ProviderValues = Values<typeof providerSchema>;
export type WebhookValues = Values<typeof webhookSchema>;
export type DestinationValues = Values<typeof destinationSchema>;
export type WebhookBindingValues = Values<typeof webhookBindingSchema>;
export type PortalWebhookValues = Values<typeof portalWebhookSchema>;
export type ReplayJobValues = Values<typeof replayJobSchema>;
export type WebhookDataSourceValues = Values<typeof webhookDataSourceSchema>;
export type WebhookStatusValues = Values<typeof webhookStatusSchema>;
export type PortalWebhookStatusValues = Values<typeof portalWebhookStatusSchema>;
export type DestinationsValues = Values<typeof destinationsSchema>;
export type JwksValues = Values<typeof jwksSchema>;
