import { formatJwks } from "../../events/jwks.js";
import type { Operation } from "./operation.js";

/** The keys that a region's events are signed with: v2 only, and public. */
export const jwksOperations: readonly Operation[] = [
  {
    method: "GET",
    versions: ["v2"],
    path: "/audit-log-webhook/jwks.json",
    check: undefined,
    handle: ({ region }, world) => ({ status: 200, body: formatJwks([world.signingKey(region)]) }),
  },
];
