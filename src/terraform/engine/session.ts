import { CtyError } from "../cty/errors.js";
import type { Logger } from "../plugin/logger.js";
import { safeStack } from "../plugin/safe-stack.js";
import type { CallContext } from "./contexts.js";
import type { DataSource, Provider, Resource } from "./definitions.js";
import { DiagnosticError, type Diagnostics } from "./diagnostics.js";
import { engineErrors } from "./errors.js";

/** What the calls of one provider process share. */
export class ProviderSession {
  readonly provider: Provider;
  readonly log: Logger;
  readonly #resources: ReadonlyMap<string, Resource<unknown>>;
  readonly #dataSources: ReadonlyMap<string, DataSource<unknown>>;
  #abort = new AbortController();
  #client: { value: unknown } | undefined;

  constructor(provider: Provider, log: Logger) {
    this.provider = provider;
    this.log = log;
    this.#resources = new Map(provider.resources.map((resource) => [resource.type, resource]));
    this.#dataSources = new Map(
      (provider.dataSources ?? []).map((dataSource) => [dataSource.type, dataSource]),
    );
  }

  /** @throws DiagnosticError when there is no such resource */
  resource(type: string): Resource<unknown> {
    const found = this.#resources.get(type);
    if (!found) throw engineErrors.unknownType("resource", type);
    return found;
  }

  /** @throws DiagnosticError when there is no such data source */
  dataSource(type: string): DataSource<unknown> {
    const found = this.#dataSources.get(type);
    if (!found) throw engineErrors.unknownType("data source", type);
    return found;
  }

  /** The client, or undefined while the provider is not configured. */
  get client(): unknown {
    return this.#client?.value;
  }

  set client(value: unknown) {
    this.#client = { value };
  }

  /**
   * Forgets the client, for a provider block with unknown values, and begins anew after a stop: under
   * a debugger one process serves many commands.
   */
  reset(): void {
    this.#client = undefined;
    if (this.#abort.signal.aborted) this.#abort = new AbortController();
  }

  /** @throws DiagnosticError when the provider is not configured */
  requireClient(type: string): unknown {
    if (!this.#client) throw engineErrors.notConfigured(type);
    return this.#client.value;
  }

  /** Aborts the calls in flight. */
  stop(): void {
    this.#abort.abort(new DOMException("Terraform was interrupted", "AbortError"));
  }

  context(diagnostics: Diagnostics): CallContext {
    return { diagnostics, log: this.log, signal: this.#abort.signal };
  }

  /**
   * Runs something that may fail and turns the failure into one diagnostic.
   *
   * @param operation what was tried, for the diagnostic: "creating null_resource"
   * @returns undefined after a failure
   */
  async attempt<T>(
    operation: string,
    diagnostics: Diagnostics,
    run: () => T | Promise<T>,
  ): Promise<T | undefined> {
    const { signal } = this.#abort;
    try {
      return await run();
    } catch (error) {
      this.log.debug(`failed: ${operation}`, { error: safeStack(error) });
      const { summary, detail, path } = asDiagnostic(error, operation, signal.aborted);
      diagnostics.error(summary, detail, path);
      return undefined;
    }
  }
}

function asDiagnostic(error: unknown, operation: string, aborted: boolean): DiagnosticError {
  if (error instanceof DiagnosticError) return error;
  if (aborted) return engineErrors.interrupted(operation);
  if (error instanceof CtyError) return engineErrors.malformedValue(`value: ${operation}`, error);
  return engineErrors.unexpected(operation, error);
}
