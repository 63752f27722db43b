/** Why a webhook's `authorization` can't be used; a sentence without the value. */
export type AuthorizationProblem = { code: string; message: string };

const konnectToken = /\b(kpat|spat)_/;
// RFC 9110 field values: visible characters, blanks and tabs; a line break would end the header.
const fieldValue = /^[\t\x20-\x7e\x80-\xff]*$/;

/**
 * Checks the value that Konnect is to send in the `Authorization` header of each delivery.
 *
 * @returns the first problem found, or `undefined`
 */
export function checkAuthorization(authorization: string): AuthorizationProblem | undefined {
  if (authorization.trim() === "") {
    return { code: "AUTHORIZATION_BLANK", message: "cannot be blank: Konnect refuses it" };
  }
  if (konnectToken.test(authorization)) {
    return {
      code: "AUTHORIZATION_IS_KONNECT_TOKEN",
      message:
        "looks like a Konnect token (kpat_… or spat_…): it would be sent to the SIEM with every delivery. Use the SIEM's own credential",
    };
  }
  if (!fieldValue.test(authorization)) {
    return {
      code: "AUTHORIZATION_NOT_A_HEADER_VALUE",
      message: "holds a character that an HTTP header can't carry (a line break, perhaps?)",
    };
  }
  return undefined;
}
