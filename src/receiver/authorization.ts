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
}

/** True if a request's `Authorization` header is the expected one. */
export type AuthorizationMatcher = (given: string | undefined) => boolean;

/**
 * Makes a check of the `Authorization` header that takes the same time for every wrong value.
 *
 * Both sides are hashed to one length first, so that not even the length of the expected value shows.
 */
export function authorizationMatcher(expected: string): AuthorizationMatcher {
  const key = randomBytes(32);
  const digest = (text: string) => createHmac("sha256", key).update(text).digest();
  const wanted = digest(expected);
  return (given) => timingSafeEqual(digest(given ?? ""), wanted) && given !== undefined;
}
