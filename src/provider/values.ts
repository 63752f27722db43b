import type * as z from "zod";
import type { ValuesOf } from "../terraform/schema/from-zod.js";
import type { providerSchema } from "./schemas/provider.js";
import type { webhookSchema } from "./schemas/webhook.js";
import type { webhookStatusSchema } from "./schemas/webhook-status.js";

// Types only: at run time the provider knows the generated tables, and never loads zod for them.
export type ProviderValues = ValuesOf<z.output<typeof providerSchema>>;
export type WebhookValues = ValuesOf<z.output<typeof webhookSchema>>;
export type WebhookStatusValues = ValuesOf<z.output<typeof webhookStatusSchema>>;
