import { createHmac, randomBytes, timingSafeEqual } from "node:crypto";

/**
 * Makes a check of the `Authorization` header that takes the same time for every wrong value.
 *
 * Both sides are hashed to one length first, so that not even the length of the expected value shows.
 */
export function authorizationMatcher(expected: string): (given: string | undefined) => boolean {
  const key = randomBytes(32);
  const digest = (value: string) => createHmac("sha256", key).update(value, "utf8").digest();
  const wanted = digest(expected);
  return (given) => timingSafeEqual(digest(given ?? ""), wanted) && given !== undefined;
}
