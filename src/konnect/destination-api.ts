import type { CallOptions } from "./call-options.js";
import { followPages } from "./pages.js";
import { globalRegion } from "./regions.js";
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
const pageSize = "100";

export function createDestinationApi(transport: Transport): DestinationApi {
  return {
    async listDestinations({ name } = {}, options) {
      const filter = name === undefined ? {} : { "filter[name][eq]": name };
      const found: Destination[] = [];
      const destinations = followPages(async (cursor) => {
        const { body } = await transport.send({
          ...options,
          ...{ region, method: "GET", path: collection, answer: destinationsAnswer },
          query: {
            ...filter,
            "page[size]": pageSize,
            ...(cursor === undefined ? {} : { "page[after]": cursor }),
          },
          action: "list the audit-log destinations",
        });
        return { items: body.data, next: body.meta?.next };
      });
      for await (const destination of destinations) found.push(destination);
      return found;
    },
    createDestination: (body, options) =>
      transport.send({
        ...options,
        ...{ region, method: "POST", path: collection, body, answer: destinationAnswer },
        action: `create the audit-log destination "${body.name}"`,
      }),
    getDestination: (id, options) =>
      transport.find({
        ...options,
        ...{ region, method: "GET", path: single(id), answer: destinationAnswer },
        action: `read the audit-log destination ${id}`,
      }),
    updateDestination: (id, body, options) =>
      transport.send({
        ...options,
        ...{ region, method: "PATCH", path: single(id), body, answer: destinationAnswer },
        action: `write the audit-log destination ${id}`,
      }),
    deleteDestination: (id, options) =>
      transport.remove({
        ...options,
        ...{ region, method: "DELETE", path: single(id) },
        action: `delete the audit-log destination ${id}`,
      }),
  };
}
