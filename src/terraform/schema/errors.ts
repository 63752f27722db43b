import { formatPath } from "../cty/errors.js";

/** A schema or a definition that contradicts itself: a mistake of the provider's author. */
export class DefinitionError extends Error {
  constructor(where: string, message: string) {
    super(`${where}: ${message}`);
    this.name = "DefinitionError";
  }
}

/** Fails with the attribute's path. */
export function schemaError(owner: string, path: readonly string[], message: string): never {
  throw new DefinitionError(`${owner}, attribute ${formatPath(path)}`, message);
}
