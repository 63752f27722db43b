import { KonnectError } from "../konnect/errors.js";
import { DiagnosticError } from "../terraform/index.js";

const summaries: Partial<Record<KonnectError["code"], string>> = {
  KONNECT_BAD_REQUEST: "Konnect refused the values",
  KONNECT_UNAUTHORIZED: "Konnect did not accept the token",
  KONNECT_FORBIDDEN: "The Konnect token lacks a permission",
  KONNECT_NOT_FOUND: "Konnect does not know the object",
  KONNECT_CONFLICT: "Konnect reports a conflict",
  KONNECT_RATE_LIMITED: "Konnect's rate limit is exhausted",
  KONNECT_SERVER_ERROR: "Konnect failed to answer",
  KONNECT_UNEXPECTED_STATUS: "Konnect gave an unexpected answer",
  KONNECT_UNREADABLE_ANSWER: "Konnect's answer can't be read",
  KONNECT_UNREACHABLE: "Konnect can't be reached",
  KONNECT_TIMEOUT: "Konnect did not answer in time",
  KONNECT_CANCELLED: "Interrupted",
  KONNECT_SERVER_URL_REGION: "The server URL can't be used",
  KONNECT_SERVER_URL_INVALID: "The server URL can't be used",
  KONNECT_PROXY_INVALID: "The proxy can't be used",
  KONNECT_CA_UNREADABLE: "The additional certificates can't be used",
  KONNECT_TOKEN_MISSING: "No Konnect token",
  KONNECT_TOKEN_AMBIGUOUS: "Two Konnect tokens",
  KONNECT_TOKEN_MALFORMED: "The Konnect token is malformed",
};

/**
 * Runs calls to Konnect and turns their errors into diagnostics.
 *
 * @param attributes those that an error may be put on, when it, or Konnect, names one of them as invalid
 */
export async function reportingKonnect<Result>(
  attributes: readonly string[],
  work: () => Promise<Result>,
): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    throw konnectDiagnostic(error, attributes);
  }
}

/**
 * What Konnect or the way to it said, on the attribute that it is about.
 *
 * @param attributes those that it may be put on, when it names one of them
 * @param otherwise where it is put when it names none
 * @returns any other error as it is
 */
export function konnectDiagnostic(
  error: unknown,
  attributes: readonly string[],
  otherwise?: string,
): unknown {
  if (!KonnectError.is(error)) return error;
  const named = [error.setting, ...error.invalidParameters.map(({ field }) => field)];
  const attribute =
    named.find((name) => name !== undefined && attributes.includes(name)) ?? otherwise;
  const place = error.region === undefined ? "" : ` in region "${error.region}"`;
  return new DiagnosticError(
    `${summaries[error.code] ?? "Konnect could not be called"}${place}`,
    explained(error),
    attribute === undefined ? undefined : [attribute],
    { cause: error },
  );
}

/** The text of a Konnect error with its remedy and code. */
export function explained({ message, remedy, code }: KonnectError): string {
  return `${message}\n\n${remedy} (${code})`;
}
