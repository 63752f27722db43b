/** Stable codes of what can go wrong with the provider package and the lock file. */
export type PackageErrorCode =
  | "PACKAGE_NOT_BUILT"
  | "PACKAGE_DESCRIPTION_UNREADABLE"
  | "PACKAGE_FILE_MISSING"
  | "PACKAGE_NOT_WRITABLE"
  | "PACKAGE_PLATFORM"
  | "LOCK_FILE_UNREADABLE";

/** An error with a stable code and what to do about it. */
export class PackageError extends Error {
  override readonly name = "PackageError";

  constructor(
    readonly code: PackageErrorCode,
    message: string,
    /** What the user can do. */
    readonly remedy: string,
    cause?: unknown,
  ) {
    super(message, cause === undefined ? {} : { cause });
  }

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static is(value: unknown): value is PackageError {
    return value instanceof Error && value.name === "PackageError" && "remedy" in value;
  }
}

const reinstall = "Install konnect-audit again; in its own repository, run `npm run build`.";

/** Every error of this layer. */
export const packageErrors = {
  notBuilt: (path: string, cause: unknown) =>
    new PackageError(
      "PACKAGE_NOT_BUILT",
      `A part of konnect-audit is not where it should be: ${path} can't be read.`,
      reinstall,
      cause,
    ),

  descriptionUnreadable: (path: string, reason: string) =>
    new PackageError(
      "PACKAGE_DESCRIPTION_UNREADABLE",
      `The description of the Terraform provider in ${path} makes no sense: ${reason}.`,
      reinstall,
    ),

  fileMissing: (path: string, cause: unknown) =>
    new PackageError(
      "PACKAGE_FILE_MISSING",
      `The Terraform provider is incomplete: ${path} can't be read.`,
      reinstall,
      cause,
    ),

  notWritable: (path: string, cause: unknown) =>
    new PackageError(
      "PACKAGE_NOT_WRITABLE",
      `${path} can't be written: ${reasonOf(cause)}.`,
      "Make it writable for who runs this, or name another folder where the command takes one.",
      cause,
    ),

  platformUnsupported: (platform: string) =>
    new PackageError(
      "PACKAGE_PLATFORM",
      `Terraform can't start the konnectaudit provider on ${platform}: its executable is a shell script.`,
      "Run cdktf and Terraform in WSL (https://learn.microsoft.com/windows/wsl/install), or on Linux or macOS.",
    ),

  lockFileUnreadable: (line: number, reason: string) =>
    new PackageError(
      "LOCK_FILE_UNREADABLE",
      `The dependency lock file can't be read: line ${line} ${reason}.`,
      "Repair .terraform.lock.hcl or restore it from version control; nothing was changed in it. Without it, `terraform init` writes a new one.",
    ),
} as const;

function reasonOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}
