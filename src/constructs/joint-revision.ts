import { Fn } from "./cdktf.js";

/**
 * Changes with every write of a binding or of the destination behind it: either may end deliveries.
 *
 * What was imported and not written yet has no revision, and null can't stand in a string: it is left out.
 */
export function jointRevision(destination: string, binding: string): string {
  return Fn.join("/", Fn.compact([destination, binding]));
}
