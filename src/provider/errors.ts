import { maskEndpointChange } from "../konnect/endpoint.js";
import { KonnectError } from "../konnect/errors.js";
import { DiagnosticError } from "../terraform/index.js";

/** The settings of a webhook that Konnect returns. */
export interface VisibleSettings {
  endpoint: string;
  enabled: boolean;
  log_format: string;
  skip_ssl_verification: boolean;
}

/** One setting that differs from what was wanted. */
export interface Difference {
  field: keyof VisibleSettings;
  wanted: string;
  found: string;
}

/** Compares what Konnect has with what is wanted; endpoints are masked as messages need them. */
export function differences(wanted: VisibleSettings, found: VisibleSettings): Difference[] {
  const fields = ["endpoint", "enabled", "log_format", "skip_ssl_verification"] as const;
  return fields
    .filter((field) => wanted[field] !== found[field])
    .map((field) => {
      if (field !== "endpoint") {
        return { field, wanted: String(wanted[field]), found: String(found[field]) };
      }
      const masked = maskEndpointChange(wanted.endpoint, found.endpoint);
      return { field, wanted: masked.before, found: masked.after };
    });
}

const listed = (found: readonly Difference[]): string =>
  found
    .map(({ field, found: there, wanted }) => `  ${field}: ${there} (configured: ${wanted})`)
    .join("\n");

/** Errors that end one operation of the provider. */
export const providerErrors = {
  /** Puts what Konnect or the way to it said on the attribute that it is about. */
  fromKonnect(error: unknown, attributes: readonly string[] = []): unknown {
    if (!KonnectError.is(error)) return error;
    const field = error.invalidParameters.find((parameter) => attributes.includes(parameter.field));
    const path = field ? [field.field] : undefined;
    const place = error.region === undefined ? "" : ` in region "${error.region}"`;
    return new DiagnosticError(
      `${summaries[error.code] ?? "Konnect could not be called"}${place}`,
      `${error.message}\n\n${error.remedy} (${error.code})`,
      path,
      { cause: error },
    );
  },

  authorizationMissing(region: string): DiagnosticError {
    return new DiagnosticError(
      `authorization is missing for the new webhook in region "${region}"`,
      `Konnect needs the SIEM's credential to create the webhook, and the value is null: the variable that it comes from has not been set. Set it in the environment as TF_VAR_<variable> for plan and apply, for example TF_VAR_SPLUNK_HEC_TOKEN for Secret.fromEnvironment("SPLUNK_HEC_TOKEN"). Nothing was changed at Konnect.`,
      ["authorization"],
    );
  },

  alreadyConfigured(region: string, found: readonly Difference[]): DiagnosticError {
    return new DiagnosticError(
      `Region "${region}" already has an audit-log webhook`,
      `Somebody configured it outside of this Terraform state, and it differs:\n\n${listed(found)}\n\nNothing was changed. Either import it (terraform import <address> ${region}) and review the plan, or set adopt_existing = true to overwrite it.`,
      ["region"],
    );
  },

  createdTwice(region: string): DiagnosticError {
    return new DiagnosticError(
      `Two resources manage the audit-log webhook of region "${region}"`,
      "A region has exactly one webhook, and this run already wrote it for another resource. Remove one of the two from the configuration.",
      ["region"],
    );
  },

  malformedImportId(id: string, problem: string): DiagnosticError {
    return new DiagnosticError(
      "Invalid import id",
      `The import id of a konnectaudit_webhook is its region, for example eu. ${JSON.stringify(id)} ${problem}.`,
    );
  },
};

const summaries: Partial<Record<KonnectError["code"], string>> = {
  KONNECT_BAD_REQUEST: "Konnect refused the values",
  KONNECT_UNAUTHORIZED: "Konnect did not accept the token",
  KONNECT_FORBIDDEN: "The Konnect token lacks a permission",
  KONNECT_NOT_FOUND: "Konnect does not know the object",
  KONNECT_CONFLICT: "Konnect reports a conflict",
  KONNECT_RATE_LIMITED: "Konnect's rate limit is exhausted",
  KONNECT_SERVER_ERROR: "Konnect failed to answer",
  KONNECT_UNREACHABLE: "Konnect can't be reached",
  KONNECT_TIMEOUT: "Konnect did not answer in time",
  KONNECT_CANCELLED: "Interrupted",
  KONNECT_SERVER_URL_REGION: "The server URL belongs to another region",
  KONNECT_SERVER_URL_INVALID: "The server URL can't be used",
  KONNECT_TOKEN_MISSING: "No Konnect token",
  KONNECT_TOKEN_AMBIGUOUS: "Two Konnect tokens",
  KONNECT_TOKEN_MALFORMED: "The Konnect token is malformed",
};

/** Runs calls to Konnect and turns their errors into diagnostics. */
export async function reportingKonnect<Result>(
  attributes: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw providerErrors.fromKonnect(error, attributes);
  }
}
