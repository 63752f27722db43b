import { maskEndpoint } from "../../konnect/endpoint.js";
import { annotate } from "../annotate.js";
import { type Construct, Token } from "../cdktf.js";
import { ConstructError, describe, type Finding, findings } from "../errors.js";
import { problemsOf } from "./problems.js";
import type { AttributeRow } from "./schema-table.js";

/** True if Terraform, not synth, will know the value: a cdktf token, or an expression written out. */
export function isToken(value: unknown): boolean {
  return Token.isUnresolved(value) || (typeof value === "string" && value.includes("${"));
}

/** Answers the token of a secret, which depends on what takes it; everything else as it is. */
export type SecretToken = (value: unknown) => unknown;

/**
 * The values of one element's attributes, by Terraform's names.
 *
 * A secret in plain text is refused at once, because it must not get as far as the files; everything else is checked
 * when the stack is synthesized, after setters, Aspects and other constructs have had their say.
 */
export class AttributeValues {
  readonly #scope: Construct;
  readonly #rows: readonly AttributeRow[];
  readonly #given = new Map<string, unknown>();
  readonly #values = new Map<string, unknown>();
  readonly #secretToken: SecretToken;

  constructor(
    scope: Construct,
    rows: readonly AttributeRow[],
    config: object,
    secretToken: SecretToken,
  ) {
    this.#scope = scope;
    this.#rows = rows;
    this.#secretToken = secretToken;
    const given = new Map(Object.entries(config));
    for (const row of rows) this.set(row, given.get(row.property));
    scope.node.addValidation({ validate: () => this.#findings().map(describe) });
  }

  get(row: AttributeRow): unknown {
    return this.#values.get(row.name);
  }

  /** As it was given: a secret's attribute has a token in its place. @param property the construct's name of it */
  given(property: string): unknown {
    return this.#given.get(property);
  }

  /** @throws ConstructError `SECRET_IN_PLAIN_TEXT` */
  set(row: AttributeRow, value: unknown): void {
    if (row.secret && typeof value === "string" && !isToken(value)) {
      const finding = findings.secretInPlainText(row.name, row.name.toUpperCase());
      throw new ConstructError(finding, this.#scope.node.path);
    }
    const resolved = row.secret ? this.#secretToken(value) : value;
    this.#given.set(row.property, value);
    this.#values.set(row.name, resolved);
  }

  /** The attributes that have a value, as JSON wants them. */
  toTerraform(): Record<string, unknown> {
    return Object.fromEntries([...this.#values].filter(([, value]) => value !== undefined));
  }

  /** The attributes that have a value, as cdktf's HCL writer wants them. */
  toHcl(): Record<string, unknown> {
    const storage = new Map(this.#rows.map((row) => [row.name, row.storage]));
    return Object.fromEntries(
      Object.entries(this.toTerraform()).map(([name, value]) => [
        name,
        { value, isBlock: false, type: "simple", storageClassType: storage.get(name) },
      ]),
    );
  }

  #findings(): Finding[] {
    return this.#rows.flatMap((row) => check(row, this.#values.get(row.name)));
  }
}

/** Warns of names that no attribute has: JavaScript, and a cast in TypeScript, let them through. */
export function refuseUnknownNames(
  scope: Construct,
  config: object,
  known: readonly string[],
): void {
  for (const name of Object.keys(config)) {
    if (known.includes(name)) continue;
    throw new ConstructError(findings.attributeUnknown(name, known), scope.node.path);
  }
}

/** Adds a finding that does not stop synth. */
export function warn(scope: Construct, finding: Finding): void {
  annotate(scope, "warning", finding);
}

function check(row: AttributeRow, value: unknown): Finding[] {
  if (value === undefined && row.required) return [findings.attributeMissing(row.name)];
  if (value === undefined || isToken(value)) return [];
  return problemsOf(row.type, value).map((problem) =>
    findings.attributeInvalid(row.name, problem, show(row, value)),
  );
}

function show({ name, secret }: AttributeRow, value: unknown): string | undefined {
  if (secret) return undefined;
  if (name === "endpoint" && typeof value === "string") return maskEndpoint(value);
  return JSON.stringify(value);
}
