import type { CtyError } from "../cty/errors.js";
import { safeHeadline } from "../plugin/safe-stack.js";
import { DiagnosticError } from "./diagnostics.js";

const bug = "This is a bug in the provider; please report it.";

/** Every error that the engine itself tells the user. */
export const engineErrors = {
  unknownType(kind: "resource" | "data source", type: string): DiagnosticError {
    return new DiagnosticError(
      `Unknown ${kind} ${type}`,
      `This version of the provider has no ${kind} of that type. Check the provider's version in the dependency lock file.`,
    );
  },

  notConfigured(type: string): DiagnosticError {
    return new DiagnosticError(
      `${type} needs the provider's configuration`,
      "The provider block holds values that are known only after apply, so that nothing can be read yet. Apply what they come from first (-target), or write the values out.",
    );
  },

  interrupted(operation: string): DiagnosticError {
    return new DiagnosticError(
      `Interrupted: ${operation}`,
      "Terraform was stopped while the request was under way. It may or may not have taken effect; the next plan shows which.",
    );
  },

  unexpected(operation: string, error: unknown): DiagnosticError {
    return new DiagnosticError(
      `Unexpected failure: ${operation}`,
      `The provider threw ${safeHeadline(error)}. ${bug} TF_LOG=DEBUG shows where it happened.`,
    );
  },

  malformedValue(what: string, { message, path }: CtyError): DiagnosticError {
    // A message that has a path begins with it.
    const sentence = path.length > 0 ? message : capitalised(message);
    return new DiagnosticError(`Malformed ${what}`, `${sentence}. ${bug}`, path);
  },

  violation(what: string, name: string, message: string): DiagnosticError {
    return new DiagnosticError(`Invalid ${what}`, `${capitalised(message)}. ${bug}`, [name]);
  },

  writeOnlyUnsupported(name: string): DiagnosticError {
    return new DiagnosticError(
      `${name} needs write-only arguments`,
      `This version of Terraform has no write-only arguments and would store ${name} in its state. Use Terraform or OpenTofu 1.11 or later.`,
      [name],
    );
  },

  importUnsupported(type: string): DiagnosticError {
    return new DiagnosticError(
      `${type} can't be imported`,
      "Nothing that could be given as an import id identifies such an object. Create it instead.",
    );
  },

  malformedImportId(type: string, names: readonly string[]): DiagnosticError {
    return new DiagnosticError(
      `Malformed import id for ${type}`,
      `The id must be ${names.join("/")}, with no part empty.`,
    );
  },

  moveUnsupported(type: string, source: string): DiagnosticError {
    return new DiagnosticError(
      `${source} can't be moved to ${type}`,
      `The provider does not know that type. Use a removed block with destroy = false for the one and an import block for the other.`,
    );
  },

  stateTooOld(type: string, from: number, to: number): DiagnosticError {
    return new DiagnosticError(
      `No upgrade for the state of ${type}`,
      `The state has schema version ${from}, this provider ${to}, and there is no step from ${from}. Apply once with a version of the provider in between.`,
    );
  },

  stateUnreadable(type: string): DiagnosticError {
    return new DiagnosticError(
      `Unreadable state of ${type}`,
      "The state is no JSON object. Terraform before 0.12 wrote such states: apply once with Terraform 0.12 or later.",
    );
  },
} as const;

function capitalised(text: string): string {
  return text.charAt(0).toUpperCase() + text.slice(1);
}
