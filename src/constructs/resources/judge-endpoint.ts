import { isSecretEndpoint, secretEndpointHosts } from "../../konnect/secret-endpoint.js";
import { serviceBehindRelay } from "../../siem/index.js";
import type { Construct } from "../cdktf.js";
import { describe, findings } from "../errors.js";
import { isToken, warn } from "../from-schema/attribute-values.js";

/**
 * Refuses an endpoint that is written out and itself the credential, and warns of a service that can't take what Konnect
 * sends; not more than that, because a relay may have the same path.
 */
export function judgeEndpoint(
  resource: Construct & { readonly endpointInput: string | undefined },
): void {
  const { endpointInput } = resource;
  const unfit = isWrittenOut(endpointInput) ? serviceBehindRelay(endpointInput) : undefined;
  if (unfit && !wasWarned(resource, unfit.reason)) {
    warn(resource, findings.endpointNeedsRelay(unfit));
  }
  // When the stack is validated, because a setter may still change it.
  resource.node.addValidation({
    validate: () =>
      isWrittenOut(resource.endpointInput) && holdsCredential(resource.endpointInput)
        ? [describe(findings.endpointInPlainText())]
        : [],
  });
}

/** True if a preset has said it already, at the construct that the resource belongs to. */
function wasWarned(resource: Construct, reason: string): boolean {
  return resource.node.scopes.some(({ node }) =>
    node.metadata.some(({ data }) => String(data).includes(reason)),
  );
}

function isWrittenOut(endpoint: unknown): endpoint is string {
  return typeof endpoint === "string" && !isToken(endpoint) && URL.canParse(endpoint);
}

/** Datadog's URL is no secret without the key. */
function holdsCredential(endpoint: string): boolean {
  if (!isSecretEndpoint(endpoint)) return false;
  const { hostname, searchParams } = new URL(endpoint);
  return !secretEndpointHosts.datadog.test(hostname) || searchParams.has("dd-api-key");
}
