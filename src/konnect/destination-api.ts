import { cleanly, ownText } from "../core/foreign-text.js";
import type { CallOptions } from "./call-options.js";
import { followPages } from "./pages.js";
import { globalRegion } from "./regions.js";
import { withCleanSettings } from "./shown-words.js";
import type { Answered, Transport } from "./transport.js";
import { type Destination, destinationAnswer, destinationsAnswer } from "./wire.js";

/** What a destination is created with. */
export interface DestinationInput {
  name: string;
  endpoint: string;
  authorization: string;
  log_format: string;
  skip_ssl_verification: boolean;
}

/** The organisation's destinations, which are global: named connections for webhooks in all regions. */
export interface DestinationApi {
  /** All of them, or those with exactly this name. */
  listDestinations(filter?: { name?: string }, options?: CallOptions): Promise<Destination[]>;
  createDestination(input: DestinationInput, options?: CallOptions): Promise<Answered<Destination>>;
  /** `undefined`: there is none with this id. */
  getDestination(id: string, options?: CallOptions): Promise<Answered<Destination> | undefined>;
  updateDestination(
    id: string,
    patch: Partial<DestinationInput>,
    options?: CallOptions,
  ): Promise<Answered<Destination>>;
  /** `false`: there was none. */
  deleteDestination(id: string, options?: CallOptions): Promise<boolean>;
}

const region = globalRegion;
const collection = "/v3/audit-log-destinations";
const single = (id: string) => `${collection}/${encodeURIComponent(id)}`;

export function createDestinationApi(transport: Transport): DestinationApi {
  return {
    async listDestinations({ name } = {}, options) {
      const destinations = followPages(
        transport,
        {
          ...options,
          region,
          method: "GET",
          path: collection,
          query: name === undefined ? {} : { "filter[name][eq]": name },
          answer: destinationsAnswer,
          action: ownText("list the audit-log destinations"),
        },
        { pageSize: 100, mostPages: 1_000 },
      );
      const found: Destination[] = [];
      for await (const destination of destinations) {
        found.push(withCleanSettings(destination, transport.clean));
      }
      return found;
    },
    createDestination: (body, options) =>
      transport.send({
        ...options,
        region,
        method: "POST",
        path: collection,
        body,
        answer: destinationAnswer,
        cleaned: withCleanSettings,
        action: cleanly`create the audit-log destination "${transport.clean(body.name, 80)}"`,
      }),
    getDestination: (id, options) =>
      transport.find({
        ...options,
        region,
        method: "GET",
        path: single(id),
        answer: destinationAnswer,
        cleaned: withCleanSettings,
        action: cleanly`read the audit-log destination ${transport.clean(id, 80)}`,
      }),
    updateDestination: (id, body, options) =>
      transport.send({
        ...options,
        region,
        method: "PATCH",
        path: single(id),
        body,
        answer: destinationAnswer,
        cleaned: withCleanSettings,
        action: cleanly`write the audit-log destination ${transport.clean(id, 80)}`,
      }),
    deleteDestination: (id, options) =>
      transport.remove({
        ...options,
        region,
        method: "DELETE",
        path: single(id),
        action: cleanly`delete the audit-log destination ${transport.clean(id, 80)}`,
      }),
  };
}
