/** A value that does not fit its type, or bytes that are no value. */
export class CtyError extends Error {
  constructor(
    message: string,
    /** Attribute names, map keys and indexes that lead to the value. */
    readonly path: readonly (string | number)[] = [],
  ) {
    super(path.length > 0 ? `${formatPath(path)}: ${message}` : message);
    this.name = "CtyError";
  }
}

/** A path as Terraform writes it: `retry.codes[0]`. */
export function formatPath(path: readonly (string | number)[]): string {
  return path
    .map((step, index) => {
      if (typeof step === "number") return `[${step}]`;
      if (!/^[A-Za-z_][\w-]*$/.test(step)) return `[${JSON.stringify(step)}]`;
      return index === 0 ? step : `.${step}`;
    })
    .join("");
}
