import type { CleanText } from "../core/foreign-text.js";

/** Stable codes of what keeps code from being written. */
export type ScaffoldErrorCode =
  | "SCAFFOLD_REGION_INVALID"
  | "SCAFFOLD_REGIONS_UNREAD"
  | "SCAFFOLD_NOTHING_CONFIGURED"
  | "SCAFFOLD_FILE_EXISTS"
  | "SCAFFOLD_FOLDER_NOT_EMPTY"
  | "SCAFFOLD_UNWRITABLE";

/** Something that kept code from being written; nothing was overwritten. */
export class ScaffoldError extends Error {
  override readonly name = "ScaffoldError";

  constructor(
    readonly code: ScaffoldErrorCode,
    message: string,
    /** What the user can do. */
    readonly remedy: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Why one region can't be written as code. */
export interface RegionProblem {
  region: string;
  /** With what Konnect said in it. */
  reason: CleanText;
}

/** Every error of this layer. */
export const scaffoldErrors = {
  regionInvalid: (region: string, suggestion: string | undefined) =>
    new ScaffoldError(
      "SCAFFOLD_REGION_INVALID",
      `${JSON.stringify(region)} is no single Konnect region.`,
      suggestion
        ? `Did you mean "${suggestion}"?`
        : "Name regions such as us, eu, au, me, in or sg, or leave --region out.",
    ),

  regionsUnread: (problems: readonly RegionProblem[], usable: readonly string[]) =>
    new ScaffoldError(
      "SCAFFOLD_REGIONS_UNREAD",
      `No stack was written, because it would lack ${problems.length === 1 ? "a region" : "regions"}:\n${problems.map(({ region, reason }) => `  ${region}: ${reason}`).join("\n")}`,
      usable.length > 0
        ? `Correct that, or adopt the others alone: --region ${usable.join(" ")}`
        : "Correct that and run again.",
    ),

  nothingConfigured: (regions: readonly string[]) =>
    new ScaffoldError(
      "SCAFFOLD_NOTHING_CONFIGURED",
      `There is nothing to adopt: no audit-log webhook is configured in ${regions.join(", ")}.`,
      "Check that the token is of the right organisation, or start a project with konnect-audit init.",
    ),

  fileExists: (file: string, cause: unknown) =>
    new ScaffoldError(
      "SCAFFOLD_FILE_EXISTS",
      `${file} is there already.`,
      "Name another file with --out, or let it be replaced with --force.",
      { cause },
    ),

  folderNotEmpty: (folder: string, found: readonly string[]) =>
    new ScaffoldError(
      "SCAFFOLD_FOLDER_NOT_EMPTY",
      `${folder} is not empty: it holds ${found.slice(0, 3).join(", ")}${found.length > 3 ? " and more" : ""}.`,
      "Name a new or empty folder; into an existing project copy what you need of a fresh one.",
    ),

  unwritable: (path: string, cause: unknown) =>
    new ScaffoldError(
      "SCAFFOLD_UNWRITABLE",
      `${path} can't be written.`,
      "Check that its folder is there and may be written to.",
      { cause },
    ),
} as const;
