import * as z from "zod";
import { attribute } from "./attribute.js";

export const jwksArguments = z.object({
  region: attribute(z.string(), {
    description: "Konnect region whose signing keys are read.",
    rules: ["region"],
  }),
});

const key = z.object({
  kty: attribute(z.string(), { description: "Key type: `OKP`.", computed: true }),
  crv: attribute(z.string().optional(), { description: "Curve: `Ed25519`.", computed: true }),
  alg: attribute(z.string().optional(), { description: "Algorithm: `EdDSA`.", computed: true }),
  kid: attribute(z.string().optional(), { description: "Key id.", computed: true }),
  x: attribute(z.string().optional(), {
    description: "The public key (base64url).",
    computed: true,
  }),
});

export const jwksAttributes = z.object({
  id: attribute(z.string(), { description: "Equal to `region`.", computed: true }),
  keys: attribute(z.array(key), {
    description: "The public keys, as a JSON Web Key Set holds them.",
    computed: true,
  }),
});

export const jwksSchema = z.object({ ...jwksArguments.shape, ...jwksAttributes.shape }).meta({
  description: "The public keys that Konnect signs delivered audit events with, in one region.",
});
