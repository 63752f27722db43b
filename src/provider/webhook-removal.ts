import type { KonnectClient } from "../konnect/client.js";
import { KonnectError } from "../konnect/errors.js";
import { isConfigured } from "../konnect/webhook.js";
import type { DeleteContext } from "../terraform/index.js";
import { boundDestination } from "./binding.js";
import { explained } from "./konnect-diagnostics.js";
import type { ProviderRun } from "./run.js";
import { removeUnlessRewritten, webhookOfRegion } from "./single.js";
import type { WebhookValues } from "./values.js";

type Removal = DeleteContext<WebhookValues, ProviderRun>;

/** Ends a region's webhook as far as `on_destroy` says. */
export async function deleteWebhook(context: Removal): Promise<void> {
  const { region, on_destroy } = context.state;
  const { signal, client } = context;
  const single = webhookOfRegion(region);
  if (on_destroy === "retain") {
    client.claims.release(single.claim);
    return;
  }
  await removeUnlessRewritten(single, context, {
    // A move to a binding may have ended in an earlier run than this removal.
    async findOtherOwner(konnect) {
      const destination = await boundDestination(konnect, region, signal);
      return (
        destination &&
        `By now it is bound to the destination ${client.foreign.shown(destination)} (API v3).`
      );
    },
    async remove(konnect) {
      await konnect.updateWebhook(region, { enabled: false }, { signal });
      if (on_destroy === "disable") return;
      await removeSettings(konnect, context);
      await confirmRemoval(konnect, context);
    },
  });
}

/** Removes what is disabled by now; when that fails, says that it is. */
async function removeSettings(
  konnect: KonnectClient,
  { state: { region }, signal, diagnostics }: Removal,
): Promise<void> {
  try {
    await konnect.deleteWebhook(region, { signal });
  } catch (error) {
    diagnostics.warn(
      `The audit-log webhook of region "${region}" is disabled by now`,
      "It was paused before its removal, which failed: Konnect delivers nothing until the removal is repeated, or the resource applied again.",
    );
    throw error;
  }
}

/** After a removal: warns when Konnect still holds an endpoint, and with it the credential, or does not tell. */
async function confirmRemoval(
  konnect: KonnectClient,
  { state: { region }, signal, diagnostics }: Removal,
): Promise<void> {
  let enabled: boolean;
  try {
    const { body } = await konnect.getWebhook(region, { signal });
    if (!isConfigured(body)) return;
    enabled = body.enabled;
  } catch (error) {
    if (!KonnectError.is(error)) throw error;
    diagnostics.warn(
      `Whether Konnect still holds endpoint and credential in region "${region}" could not be read`,
      `Konnect answered the removal of the webhook.\n\n${explained(error)}`,
    );
    return;
  }
  diagnostics.warn(
    `Endpoint and credential remain at Konnect in region "${region}"`,
    `The webhook is ${enabled ? "still enabled" : "disabled"} and Konnect answered the removal, but it keeps the endpoint, and with it the authorization. To overwrite them, PATCH /v2/audit-log-webhook with an endpoint and an authorization that mean nothing, for example https://example.com/ and "Bearer removed", and enabled = false; then revoke the credential at the SIEM.`,
  );
}
