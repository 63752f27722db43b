import type { DiagnosticSink } from "../terraform/index.js";
import { providerErrors } from "./errors.js";
import type { Difference } from "./settings.js";

/** A webhook that Konnect has already, as messages name it. */
export interface ExistingWebhook {
  /** Whose it is: `region "eu"`. */
  owner: string;
  /** The attribute that names the webhook. */
  attribute: string;
  importId: string;
  /** The resource that can take it over as it is, where that is another one. */
  importAs?: string | undefined;
}

/**
 * Stops a create from overwriting what somebody else configured, unless that is wanted.
 *
 * A webhook that has the planned settings is taken over: a create that was killed after its write left it, or it is
 * harmless to take.
 *
 * @param different settings that the create would overwrite
 * @param credential whether the create writes a credential, too
 * @throws DiagnosticError that shows what is there
 */
export function adopt(
  existing: ExistingWebhook,
  different: readonly Difference[],
  {
    planned,
    diagnostics,
    credential,
  }: { planned: { adopt_existing: boolean }; diagnostics: DiagnosticSink; credential: boolean },
): void {
  const { owner, attribute } = existing;
  if (different.length > 0 && !planned.adopt_existing) {
    throw providerErrors.alreadyConfigured(existing, different);
  }
  const overwritten = different.map(({ field, found }) => `${field} (was ${found})`);
  if (credential) overwritten.push("the authorization");
  diagnostics.warn(
    `Adopted the existing audit-log webhook of ${owner}`,
    different.length > 0
      ? `It was configured outside of this resource. Overwritten: ${overwritten.join(", ")}.`
      : `It was configured already, with the same settings: by an interrupted run, or by somebody else.${credential ? " The authorization was written again." : ""}`,
    [attribute],
  );
}
