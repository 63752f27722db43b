import { randomUUID } from "node:crypto";
import { serve } from "../terraform/index.js";
import { konnectAuditProvider } from "./provider.js";

/** Set by the build to the version of the provider package. */
declare const PROVIDER_VERSION: string;

serve(
  konnectAuditProvider({
    version: PROVIDER_VERSION,
    env: process.env,
    mintRevision: () => randomUUID(),
  }),
);
