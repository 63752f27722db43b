import type { CleanText } from "../core/foreign-text.js";
import { maskEndpoint } from "../konnect/endpoint.js";
import { DiagnosticError } from "../terraform/index.js";
import type { ExistingWebhook } from "./adoption.js";
import type { Shown } from "./foreign.js";
import type { Takeover } from "./kong-moves.js";
import type { Difference } from "./settings.js";

const listed = (found: readonly Difference[]): string =>
  found
    .map(
      ({ field, found: there, wanted }) => `  ${field}: at Konnect ${there}, in the code ${wanted}`,
    )
    .join("\n");

const isPaused = (found: readonly Difference[]): boolean =>
  found.some(({ field, found: there }) => field === "enabled" && there === "false");

const pausedLeftover =
  'It is disabled, as the destroy of Kong\'s own provider (konnect_audit_log) and on_destroy = "disable" leave it: nothing is delivered by it, and adopt_existing = true interrupts nothing.';

const notSet = "is not set, or is empty";
const setIt =
  'Set it in the environment: TF_VAR_SIEM_TOKEN where authorization comes from var.SIEM_TOKEN, or from Secret.fromEnvironment("SIEM_TOKEN")';

/** Errors that end one operation of the provider. */
export const providerErrors = {
  /** @param owner for example `webhook in region "eu"` */
  authorizationMissing(owner: string): DiagnosticError {
    return new DiagnosticError(
      `authorization is missing for the new ${owner}`,
      `Konnect needs the SIEM's credential to create it, and there is none: the variable that it comes from ${notSet}. ${setIt} for plan and apply. Nothing was changed at Konnect.`,
      ["authorization"],
    );
  },

  /** @param owner for example `webhook in region "eu"` */
  notReplaceable(owner: string): DiagnosticError {
    return new DiagnosticError(
      `authorization is missing for the replacement of the ${owner}`,
      `Konnect needs the SIEM's credential to create it, and there was none in the plan: the variable that it comes from was not set, or was empty. ${setIt}, then plan and apply again. Nothing was removed.`,
      ["authorization"],
    );
  },

  rotationWithoutValue(): DiagnosticError {
    return new DiagnosticError(
      "authorization_version asks for a rotation, but there is no authorization",
      `The variable that the credential comes from ${notSet}, so that there is nothing to write. ${setIt} for plan and apply, or leave authorization_version as it was. Nothing was changed at Konnect.`,
      ["authorization_version"],
    );
  },

  /** @param owner names the object: `webhook in region "eu"` */
  credentialNotWritten(owner: string): DiagnosticError {
    return new DiagnosticError(
      "No credential is written",
      `The variable that the credential of the ${owner} comes from ${notSet}. Konnect keeps the credential that it has, although a saved plan that is applied may have been to write another one. ${setIt}, for plan and apply, and plan again.`,
      ["authorization"],
    );
  },

  alreadyConfigured(
    { owner, attribute, importId, importAs }: ExistingWebhook,
    found: readonly Difference[],
  ): DiagnosticError {
    const asWhat = importAs === undefined ? "" : ` as a ${importAs}`;
    return new DiagnosticError(
      `${capitalised(owner)} already has an audit-log webhook`,
      `Somebody configured it outside of this resource, and it differs:\n\n${listed(found)}\n\n${isPaused(found) ? `${pausedLeftover} ` : ""}Nothing was changed. Either import it${asWhat} (terraform import <address> ${importId}) and review the plan, or set adopt_existing = true to overwrite it. In a replacement, leave create_before_destroy out: there is only one webhook, and it can't be created before the old one is destroyed.`,
      [attribute],
    );
  },

  /**
   * @param owned for example `the audit-log webhook of region "eu"`
   * @param rule why there can't be two
   */
  createdTwice(owned: string, rule: string, attribute: string): DiagnosticError {
    return new DiagnosticError(
      `Two resources manage ${owned}`,
      `${rule}, and this run already wrote it for another resource. Remove one of the two from the configuration.`,
      [attribute],
    );
  },

  /** @param owned and rule as for {@link providerErrors.createdTwice} */
  plannedTwice({ owned, rule, attribute }: Record<"owned" | "rule" | "attribute", string>) {
    return new DiagnosticError(
      `Two resources manage ${owned}`,
      `${rule}. This resource has it in state, and a new one for it is planned as well. Remove one of the two from the configuration, or use a moved block if the new one is to take this one's place.`,
      [attribute],
    );
  },

  malformedImportId(
    type: string,
    { id, expected, problem }: { id: string; expected: string; problem: string },
  ): DiagnosticError {
    return new DiagnosticError(
      "Invalid import id",
      `The import id of a ${type} is ${expected}. ${JSON.stringify(id)} ${problem}${/[.?]$/.test(problem) ? "" : "."}`,
    );
  },

  destinationNameTaken(
    name: string,
    owner: { id: string; endpoint: string },
    show: Shown,
  ): DiagnosticError {
    const id = show(owner.id);
    return new DiagnosticError(
      `The destination name "${name}" is taken`,
      `Names are unique in the organisation. It belongs to the destination ${id}, which delivers to ${show(maskEndpoint(owner.endpoint))}.\n\nNothing was changed. Either import that one (terraform import <address> ${id}) and review the plan, or choose another name. If another resource has it in state, use a moved block, or remove one of the two; if this run is to give that one another name, run again: not all that Terraform had to change fitted into what it does at once (-parallelism).`,
      ["name"],
    );
  },

  destinationPlannedTwice(name: string): DiagnosticError {
    return new DiagnosticError(
      `Two resources manage the audit-log destination "${name}"`,
      "Names of destinations are unique in an organisation. This resource has one of that name in state, and a new one with the same name is planned. Remove one of the two from the configuration, or use a moved block if the new one is to take this one's place.",
      ["name"],
    );
  },

  destinationAdopted({ id, name }: { id: string; name: string }): DiagnosticError {
    return new DiagnosticError(
      `Two resources manage the audit-log destination "${name}"`,
      `A new resource of this run has the name and the settings that ${id} had, and was given it as what an interrupted run had left. Nothing was changed for this resource. Remove the new one from the state (terraform state rm <address>), apply this change on its own (-target=<address>), then run again.`,
    );
  },

  /**
   * @param held regions whose webhook is bound to the destination
   * @param unasked regions that could not be asked
   */
  destinationInUse(
    { id, name }: { id: string; name: string },
    { seconds, held, unasked }: { seconds: number; held: string[]; unasked: string[] },
  ): DiagnosticError {
    const holders =
      held.length > 0
        ? `The webhook of ${regions(held)} is bound to it.`
        : "No webhook of the regions that could be asked is bound to it: a Dev Portal's webhook may be, or a region that this version does not know.";
    const gaps = unasked.length > 0 ? ` Not to be asked: ${regions(unasked)}.` : "";
    return new DiagnosticError(
      `The destination "${name}" is in use`,
      `Konnect refused for ${seconds} s to delete the destination ${id}, because a webhook is bound to it. ${holders}${gaps}\n\nBind what holds it to another destination, or destroy it, then run again; a replacement needs lifecycle { create_before_destroy = true }. The destination is unchanged.`,
    );
  },

  replayRange(attribute: "start_at" | "end_at", problem: string): DiagnosticError {
    return new DiagnosticError(
      "The range of the replay job can't be replayed",
      `${attribute} ${problem}. Nothing was changed at Konnect.`,
      [attribute],
    );
  },

  replayBusy(region: string, job: Record<"range" | "status", CleanText>): DiagnosticError {
    return new DiagnosticError(
      `Another replay job has not ended in region "${region}"`,
      `A region has one replay job at a time, and that of ${job.range} is ${job.status}. Nothing was changed. Run again when it has ended, or set wait = true to wait for it.`,
      ["region"],
    );
  },

  replayFailed(region: string, range: string): DiagnosticError {
    return new DiagnosticError(
      `The replay job failed in region "${region}"`,
      `Konnect could not deliver the events of ${range} again. Check that the region's webhook is enabled and that its endpoint accepts events (data source konnectaudit_webhook_status), then apply again: that starts the job anew.`,
    );
  },

  replayReplaced(region: string, range: string): DiagnosticError {
    return new DiagnosticError(
      `Another replay job took the place of this one in region "${region}"`,
      `Konnect no longer shows the job of ${range}, so its end can't be seen: somebody else has started a job in this region. Apply again to start it anew.`,
    );
  },

  replayTimedOut(region: string, job: Record<"range" | "status", CleanText>, seconds: number) {
    return new DiagnosticError(
      `A replay job has not ended within ${seconds} s in region "${region}"`,
      `The job of ${job.range} is still ${job.status}, and goes on at Konnect. As long as it does, apply again to wait on, with a higher wait_timeout or with wait = false. When it has ended, import it first (terraform import <address> ${region}): an apply would start it anew, and everything would be delivered twice.`,
      ["wait_timeout"],
    );
  },

  /** For a `moved` block from a resource of Kong's whose state does not say which region it belongs to. */
  regionUnknownToMove(takeover: Takeover): DiagnosticError {
    const { source, target } = takeover;
    return new DiagnosticError(
      `${source} can't be moved to ${target}`,
      `The state of ${source} does not say which region it belongs to. Use these two blocks in place of the moved block; what Konnect has stays as it is:\n\n${removedAndImport(takeover)}\n\nThe old state may hold the credential in clear: rotate it afterwards.`,
    );
  },

  moveUnsupported(given: string, { source, target }: Takeover): DiagnosticError {
    return new DiagnosticError(
      `${given} can't be moved to ${target}`,
      `Only ${source} of Kong's own provider is known here. Use a removed block with destroy = false for the one and an import block for the other.`,
    );
  },
};

function removedAndImport({ source, target, importId }: Takeover): string {
  return `removed {
  from = ${source}.<name>
  lifecycle {
    destroy = false
  }
}

import {
  to = ${target}.<name>
  id = "${importId}"
}`;
}

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}

function regions(names: readonly string[]): string {
  return `region${names.length > 1 ? "s" : ""} ${names.map((name) => `"${name}"`).join(", ")}`;
}
