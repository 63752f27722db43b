import type * as z from "zod";
import { destinationSchema } from "../../src/provider/schemas/destination.js";
import { destinationsSchema } from "../../src/provider/schemas/destinations.js";
import { jwksSchema } from "../../src/provider/schemas/jwks.js";
import { portalWebhookSchema } from "../../src/provider/schemas/portal-webhook.js";
import { portalWebhookStatusSchema } from "../../src/provider/schemas/portal-webhook-status.js";
import { providerSchema } from "../../src/provider/schemas/provider.js";
import { replayJobSchema } from "../../src/provider/schemas/replay-job.js";
import { webhookSchema } from "../../src/provider/schemas/webhook.js";
import { webhookBindingSchema } from "../../src/provider/schemas/webhook-binding.js";
import { webhookDataSourceSchema } from "../../src/provider/schemas/webhook-data-source.js";
import { webhookStatusSchema } from "../../src/provider/schemas/webhook-status.js";

/** One schema of the provider, and where what is generated from it goes. */
export interface CatalogueEntry {
  kind: "provider" | "resource" | "data source";
  /** The Terraform type, or the provider's name. */
  type: string;
  /** Name of the generated constant, and of its source in `src/provider/schemas/`. */
  constant: string;
  /** Name of the TypeScript type of its values in `src/provider/values.ts`. */
  values: string;
  object: z.ZodObject;
  /** Path of the reference page below `docs/`, and of the example below `examples/`, without extension. */
  page: string;
}

/** Everything that the provider serves. */
export const catalogue: readonly CatalogueEntry[] = [
  {
    ...{ kind: "provider", type: "konnectaudit", page: "index" },
    ...{ constant: "providerSchema", values: "ProviderValues", object: providerSchema },
  },
  resource("webhook", "webhookSchema", webhookSchema),
  resource("destination", "destinationSchema", destinationSchema),
  resource("webhook_binding", "webhookBindingSchema", webhookBindingSchema),
  resource("portal_webhook", "portalWebhookSchema", portalWebhookSchema),
  resource("replay_job", "replayJobSchema", replayJobSchema),
  dataSource("webhook", "webhookDataSourceSchema", webhookDataSourceSchema),
  dataSource("webhook_status", "webhookStatusSchema", webhookStatusSchema),
  dataSource("portal_webhook_status", "portalWebhookStatusSchema", portalWebhookStatusSchema),
  dataSource("destinations", "destinationsSchema", destinationsSchema),
  dataSource("jwks", "jwksSchema", jwksSchema),
];

function resource(name: string, constant: string, object: z.ZodObject): CatalogueEntry {
  return {
    ...{ kind: "resource", type: `konnectaudit_${name}`, page: `resources/${name}` },
    ...{ constant, values: valuesOf(constant), object },
  };
}

function dataSource(name: string, constant: string, object: z.ZodObject): CatalogueEntry {
  return {
    ...{ kind: "data source", type: `konnectaudit_${name}`, page: `data-sources/${name}` },
    ...{ constant, values: valuesOf(constant), object },
  };
}

/** `webhookSchema` → `WebhookValues` */
function valuesOf(constant: string): string {
  return constant.replace(/Schema$/, "Values").replace(/^./, (first) => first.toUpperCase());
}
