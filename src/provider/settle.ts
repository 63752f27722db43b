import type { KonnectClient } from "../konnect/client.js";
import type { Clock } from "../konnect/clock.js";
import { isConfigured } from "../konnect/webhook.js";
import type { Webhook } from "../konnect/wire.js";
import type { DiagnosticSink } from "../terraform/index.js";
import { type Difference, differences, type VisibleSettings } from "./errors.js";

/** Waits between the reads that follow a write, in milliseconds; Konnect's own reads may lag behind its writes. */
const waits = [250, 500, 1000, 2000];

/**
 * Reads a webhook until it shows what was written.
 *
 * What still differs after some seconds is a warning, not an error: the write itself was accepted, so somebody else is
 * writing too, and an error would taint the resource and make the repair cut the audit trail. The next plan shows it.
 *
 * @returns the last answer
 */
export async function settle(
  konnect: KonnectClient,
  wanted: VisibleSettings & { region: string },
  context: { clock: Clock; signal: AbortSignal; diagnostics: DiagnosticSink },
): Promise<Webhook> {
  for (const wait of [...waits, undefined]) {
    const { body } = await konnect.getWebhook(wanted.region, { signal: context.signal });
    const found = differences(wanted, body);
    if (found.length === 0) return body;
    if (wait === undefined) {
      warnOfSecondWriter(wanted.region, found, context.diagnostics);
      return body;
    }
    await context.clock.sleep(wait, { signal: context.signal });
  }
  throw new Error("unreachable: the last read returns");
}

function warnOfSecondWriter(
  region: string,
  found: readonly Difference[],
  diagnostics: DiagnosticSink,
): void {
  const lines = found.map(
    ({ field, wanted, found: there }) => `  ${field}: wrote ${wanted}, reads ${there}`,
  );
  diagnostics.warn(
    `Konnect shows other settings than were written in region "${region}"`,
    `Konnect accepted the write, but reading it back gives:\n\n${lines.join("\n")}\n\nSomebody else may be writing this webhook at the same time. The next plan shows the difference as drift.`,
    found[0] ? [found[0].field] : undefined,
  );
}

/**
 * After a removal: warns when Konnect still holds an endpoint, and with it the credential.
 */
export async function confirmRemoval(
  konnect: KonnectClient,
  region: string,
  context: { signal: AbortSignal; diagnostics: DiagnosticSink },
): Promise<void> {
  const { body } = await konnect.getWebhook(region, { signal: context.signal });
  if (!isConfigured(body)) return;
  context.diagnostics.warn(
    `Endpoint and credential remain at Konnect in region "${region}"`,
    `The webhook is ${body.enabled ? "still enabled" : "disabled"} and Konnect answered the removal, but it keeps the endpoint, and with it the authorization. To overwrite them, PATCH /v2/audit-log-webhook with an endpoint and an authorization that mean nothing, for example https://example.com/ and "Bearer removed", and enabled = false; then revoke the credential at the SIEM.`,
  );
}
