import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";
import { checkAuthorization } from "../konnect/authorization.js";
import { receiverErrors } from "./errors.js";

/**
 * Checks the value that deliveries must carry.
 *
 * @param source what a message calls it, for example the variable that it comes from
 * @throws ReceiverError `RECEIVER_AUTHORIZATION_UNUSABLE`
 */
export function checkExpectedAuthorization(authorization: string, source?: string): void {
  const problem = checkAuthorization(authorization);
  if (problem) throw receiverErrors.authorizationUnusable(problem.message, source);
  // HTTP cuts them off, so that no delivery would ever match.
  if (authorization.trim() !== authorization) {
    throw receiverErrors.authorizationUnusable("has a blank or a line break at an end", source);
  }
}

/** True if a request's `Authorization` header is the expected one. */
export type AuthorizationMatcher = (given: string | undefined) => boolean;

/**
 * Makes a check of the `Authorization` header that takes the same time for every wrong value.
 *
 * Both sides are hashed to one length first, so that not even the length of the expected value shows. Letters beyond ASCII
 * come as UTF-8 from some senders (Go, curl) and as Latin-1 from others: both are the expected value.
 */
export function authorizationMatcher(expected: string): AuthorizationMatcher {
  const key = randomBytes(32);
  const digest = (bytes: Buffer) => createHmac("sha256", key).update(bytes).digest();
  const utf8 = digest(Buffer.from(expected, "utf8"));
  const latin1 = digest(Buffer.from(expected, "latin1"));
  const holdsLatin1Only = /^[\0-\xff]*$/.test(expected);
  return (given) => {
    // Node hands header values over as Latin-1: one character for each byte.
    const sent = digest(Buffer.from(given ?? "", "latin1"));
    const isUtf8 = timingSafeEqual(sent, utf8);
    const isLatin1 = timingSafeEqual(sent, latin1) && holdsLatin1Only;
    return (isUtf8 || isLatin1) && given !== undefined;
  };
}
