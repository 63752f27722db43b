import { systemCode } from "../core/system-error.js";

/** Stable codes of what can keep the emulator from starting. */
export type EmulatorErrorCode =
  | "EMULATOR_ADDRESS_IN_USE"
  | "EMULATOR_LISTEN_FAILED"
  | "EMULATOR_SETTINGS_INVALID"
  | "EMULATOR_STATE_IN_USE"
  | "EMULATOR_STATE_UNREADABLE"
  | "EMULATOR_STATE_UNWRITABLE"
  | "EMULATOR_TOKENS_UNREADABLE";

/** An error of the emulator itself, not one that it plays to its callers. */
export class EmulatorError extends Error {
  override readonly name = "EmulatorError";

  constructor(
    readonly code: EmulatorErrorCode,
    message: string,
    /** What the user can do. */
    readonly remedy: string,
    options: { cause?: unknown } = {},
  ) {
    super(message, options);
  }
}

/** Every error of this layer. */
export const emulatorErrors = {
  listenFailed(host: string, port: number, cause: NodeJS.ErrnoException): EmulatorError {
    if (cause.code === "EADDRINUSE") {
      return new EmulatorError(
        "EMULATOR_ADDRESS_IN_USE",
        `Another process listens on ${host}:${port}.`,
        "Stop it, or choose another port (0 for any free one).",
        { cause },
      );
    }
    return new EmulatorError(
      "EMULATOR_LISTEN_FAILED",
      `The emulator can't listen on ${host}:${port} (${cause.code ?? cause.name}).`,
      "Choose an address of this machine and a port above 1023.",
      { cause },
    );
  },

  settingsInvalid(what: string, problems: readonly string[]): EmulatorError {
    return new EmulatorError(
      "EMULATOR_SETTINGS_INVALID",
      `The ${what} can't be used: ${problems.join("; ")}.`,
      "Correct what is named; nothing was changed.",
    );
  },

  stateInUse(file: string): EmulatorError {
    return new EmulatorError(
      "EMULATOR_STATE_IN_USE",
      `The state file ${file} was taken by another process: this emulator writes to it no more.`,
      "Give each emulator a file of its own with --state, and start again.",
    );
  },

  stateUnreadable(file: string, reason: string, cause?: unknown): EmulatorError {
    return new EmulatorError(
      "EMULATOR_STATE_UNREADABLE",
      `The state file ${file} can't be read: ${reason}.`,
      "Name another file, or move this one away to start with an empty state.",
      { cause },
    );
  },

  stateUnwritable(file: string, cause: unknown): EmulatorError {
    return new EmulatorError(
      "EMULATOR_STATE_UNWRITABLE",
      `The state file ${file} can't be written (${systemCode(cause)}).`,
      "Check the folder, its permissions and the free space.",
      { cause },
    );
  },

  tokensUnreadable(file: string, reason: string): EmulatorError {
    return new EmulatorError(
      "EMULATOR_TOKENS_UNREADABLE",
      `The token file ${file} can't be used: ${reason}.`,
      "It is a JSON list of {token, organization, principal, state, permissions}.",
    );
  },
};
