import type { CleanText } from "../core/foreign-text.js";
import { maskEndpointChange } from "../konnect/endpoint.js";
import type { Shown } from "./foreign.js";

/** One setting that differs from what was wanted, as messages show it. */
export interface Difference {
  field: string;
  wanted: string;
  found: CleanText;
}

type Settings<Name extends string> = Readonly<Record<Name, unknown>>;

/** The named settings of some values, and nothing else. */
export function settingsOf<Name extends string, Values extends Settings<Name>>(
  names: readonly Name[],
  values: Values,
): Pick<Values, Name> {
  return Object.fromEntries(names.map((name) => [name, values[name]])) as Pick<Values, Name>;
}

/** The settings that are planned to change: the body of a sparse PATCH. */
export function changedSettings<Name extends string, Values extends Settings<Name>>(
  names: readonly Name[],
  prior: Values,
  planned: Values,
): Partial<Pick<Values, Name>> {
  return settingsOf(
    names.filter((name) => planned[name] !== prior[name]),
    planned,
  );
}

/** True if an update changes any of the settings. */
export function changesSettings<Name extends string>(
  names: readonly Name[],
  { prior, planned }: { prior: Settings<Name> | null; planned: Settings<Name> | null },
): boolean {
  return prior !== null && planned !== null && names.some((name) => planned[name] !== prior[name]);
}

/**
 * Compares what Konnect has with what is wanted; endpoints are masked as messages need them.
 *
 * @param show cleans what Konnect has
 */
export function differences<Name extends string>(
  names: readonly Name[],
  wanted: Settings<Name>,
  found: Settings<Name>,
  show: Shown,
): Difference[] {
  return names
    .filter((name) => wanted[name] !== found[name])
    .map((field) => {
      if (field !== "endpoint") {
        return { field, wanted: shown(wanted[field]), found: show(shown(found[field])) };
      }
      const masked = maskEndpointChange(String(wanted[field]), String(found[field]));
      return { field, wanted: masked.before, found: show(masked.after) };
    });
}

function shown(value: unknown): string {
  return value === null || value === undefined ? "(none)" : String(value);
}
