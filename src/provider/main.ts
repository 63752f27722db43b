import { randomUUID } from "node:crypto";
import { serve } from "../terraform/index.js";
import { konnectAuditProvider } from "./provider.js";

/** Set by the build: the version of the provider package. */
declare const PROVIDER_VERSION: string;
/** Set by the build: the provider's source address, which `--debug` prints for TF_REATTACH_PROVIDERS. */
declare const PROVIDER_SOURCE: string;
/** Set by the build: the encoded answer to GetProviderSchema, in base64. */
declare const PROVIDER_SCHEMA_ANSWER: string;

const provider = konnectAuditProvider({
  version: PROVIDER_VERSION,
  env: process.env,
  mintRevision: () => randomUUID(),
});
void serve(provider, {
  source: PROVIDER_SOURCE,
  schemaAnswer: Buffer.from(PROVIDER_SCHEMA_ANSWER, "base64"),
});
