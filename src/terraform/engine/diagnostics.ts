/**
 * Where a diagnostic points: attribute names, map keys and list indexes, outermost first, as in
 * `["labels", "team"]`. The schema tells which is which.
 */
export type AttributePath = readonly (string | number)[];

/** One finding that Terraform shows to the user. */
export interface Diagnostic {
  readonly severity: "error" | "warning";
  /** One line: what happened. */
  readonly summary: string;
  /** Why, and the remedy. Never a secret, never a raw response. */
  readonly detail: string;
  readonly path?: AttributePath;
}

/** Collects what a handler has to say besides its result. */
export interface DiagnosticSink {
  /** Adds an error: the operation counts as failed, whatever the handler returns. */
  error(summary: string, detail: string, path?: AttributePath): void;
  /** Adds a warning: shown, and nothing else. */
  warn(summary: string, detail: string, path?: AttributePath): void;
}

/** Thrown by a handler to end the operation with one error diagnostic. */
export class DiagnosticError extends Error {
  constructor(
    readonly summary: string,
    readonly detail: string,
    readonly path?: AttributePath,
    options?: ErrorOptions,
  ) {
    super(`${summary}: ${detail}`, options);
    this.name = "DiagnosticError";
  }
}

/** The diagnostics of one call, in the order they were found. */
export class Diagnostics implements DiagnosticSink {
  readonly all: Diagnostic[] = [];

  get hasErrors(): boolean {
    return this.all.some(({ severity }) => severity === "error");
  }

  error(summary: string, detail: string, path?: AttributePath): void {
    this.add({ severity: "error", summary, detail, ...(path && { path }) });
  }

  warn(summary: string, detail: string, path?: AttributePath): void {
    this.add({ severity: "warning", summary, detail, ...(path && { path }) });
  }

  add(diagnostic: Diagnostic): void {
    this.all.push(diagnostic);
  }
}
