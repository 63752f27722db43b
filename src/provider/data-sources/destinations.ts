import { defineDataSource } from "../../terraform/index.js";
import { destinationsSchema } from "../generated/destinations.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import type { ProviderRun } from "../run.js";
import type { DestinationsValues } from "../values.js";

/** The organisation's destinations, or the one of a name. */
export const destinations = defineDataSource<DestinationsValues, ProviderRun>({
  type: "konnectaudit_destinations",
  schema: destinationsSchema,

  read: ({ config: { name }, client, signal }) =>
    reportingKonnect(["name"], async () => {
      const konnect = await client.konnect();
      const found = await konnect.listDestinations(name === null ? {} : { name }, { signal });
      return {
        name,
        id: name ?? "all",
        destinations: found
          .filter((destination) => name === null || destination.name === name)
          .map((destination) => ({
            id: destination.id,
            name: destination.name,
            endpoint: destination.endpoint,
            log_format: destination.log_format,
            skip_ssl_verification: destination.skip_ssl_verification,
            created_at: destination.created_at,
            updated_at: destination.updated_at,
          })),
      };
    }),
});
