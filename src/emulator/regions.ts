import {
  globalRegion,
  isWellFormedRegion,
  knownRegions,
  suggestRegion,
} from "../konnect/regions.js";
import { emulatorErrors } from "./errors.js";

/** How many undocumented regions are told of: callers choose the names. */
const mostTold = 100;

/** The regions that the emulator serves. A call for any other is a slip: Konnect has no such host. */
export class ServedRegions {
  readonly #served: ReadonlySet<string>;
  readonly #told = new Set<string>();

  /**
   * @param others regions besides those that Konnect documents
   * @throws EmulatorError `EMULATOR_SETTINGS_INVALID`
   */
  constructor(
    others: readonly string[],
    private readonly report: (line: string) => void,
  ) {
    const malformed = others.filter((region) => !isWellFormedRegion(region));
    if (malformed.length > 0) {
      throw emulatorErrors.settingsInvalid(
        "regions",
        malformed.map((region) => `${JSON.stringify(region)} is no region's name`),
      );
    }
    this.#served = new Set([...knownRegions, globalRegion, ...others]);
  }

  has(region: string): boolean {
    return this.#served.has(region);
  }

  /** Why a region is not served; told to the operator too, once. */
  explain(region: string): string {
    if (region === "") return "The path names no region: it starts with one, as in /us/v2/…";
    const near = suggestRegion(region);
    const reason = `Konnect documents no region "${region}"${near ? `: did you mean "${near}"?` : "."}`;
    if (!this.#told.has(region) && this.#told.size < mostTold) {
      this.#told.add(region);
      this.report(`${reason} Calls for it get a 404; \`--region ${region}\` has it served.`);
    }
    return reason;
  }
}
