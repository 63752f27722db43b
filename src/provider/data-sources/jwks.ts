import { defineDataSource } from "../../terraform/index.js";
import { jwksSchema } from "../generated/jwks.js";
import { reportingKonnect } from "../konnect-diagnostics.js";
import type { ProviderRun } from "../run.js";
import type { JwksValues } from "../values.js";

/** The public keys that Konnect signs events with, in one region. */
export const jwks = defineDataSource<JwksValues, ProviderRun>({
  type: "konnectaudit_jwks",
  schema: jwksSchema,

  read: ({ config, client, signal }) =>
    reportingKonnect(["region"], async () => {
      const region = config.region ?? "";
      const konnect = await client.konnect();
      const { body } = await konnect.getJwks(region, { signal });
      const keys = body.keys.map(({ kty, crv, alg, kid, x }) => ({
        kty,
        crv: crv ?? null,
        alg: alg ?? null,
        kid: kid ?? null,
        x: x ?? null,
      }));
      return { region, id: region, keys };
    }),
});
