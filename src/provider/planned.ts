import { isUnknown, type Unknown } from "../terraform/index.js";

/** The planned value where there is one, for example because `ignore_changes` keeps it; else what a write has led to. */
export function plannedOr<Value>(planned: Value | Unknown, written: Value): Value {
  return isUnknown(planned) ? written : planned;
}
