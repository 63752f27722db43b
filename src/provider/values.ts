import type * as z from "zod";
import type { providerSchema } from "./schemas/provider.js";
import type { webhookSchema } from "./schemas/webhook.js";
import type { webhookStatusSchema } from "./schemas/webhook-status.js";

/** Terraform's view of a zod object: every attribute is there, null where the user wrote nothing. */
export type TerraformValues<Schema extends z.ZodObject> = {
  [Name in keyof z.output<Schema>]-?: undefined extends z.output<Schema>[Name]
    ? Exclude<z.output<Schema>[Name], undefined> | null
    : z.output<Schema>[Name];
};

export type ProviderValues = TerraformValues<typeof providerSchema>;
export type WebhookValues = TerraformValues<typeof webhookSchema>;
export type WebhookStatusValues = TerraformValues<typeof webhookStatusSchema>;
