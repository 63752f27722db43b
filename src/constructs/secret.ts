import {
  type Construct,
  conditional,
  Fn,
  Op,
  ref,
  TerraformElement,
  TerraformStack,
  TerraformVariable,
  Token,
} from "./cdktf.js";
import { ConstructError, findings } from "./errors.js";
import { isToken, warn } from "./from-schema/attribute-values.js";
import { isSecretName } from "./secret-name.js";

const secretKey: unique symbol = Symbol.for("konnect-audit/Secret");
const terraformPrefix = "TF_VAR_";

/** What an argument that takes a secret asks of it. */
type Use =
  /** A write-only argument: the value may be null, and is in no plan and no state. */
  | "write-only"
  /** A provider's argument: as above, but null would mean something else. */
  | "provider"
  /** Any other argument: the value is in plan and state, and compared with them. */
  | "stored";

/** Finds the value's token for a construct. */
type Resolve = (scope: Construct, use: Use) => string;

/**
 * A credential whose value synth never sees: only Terraform does, when it runs.
 *
 * It is null while the environment does not hold it, or holds nothing but blanks, as CI systems hand on a secret that they
 * lack: plans, drift checks and destroy need no credential; only a deploy that creates a webhook, or changes its credential,
 * does.
 */
export class Secret {
  readonly [secretKey] = true;
  /** Names the environment variable that Terraform reads the value from, where there is one. */
  readonly environmentVariable: string | undefined;
  readonly #resolve: Resolve;

  private constructor(resolve: Resolve, environmentVariable?: string) {
    this.#resolve = resolve;
    this.environmentVariable = environmentVariable;
  }

  /**
   * A secret from the environment of `terraform`: an ephemeral, sensitive variable `NAME`, whose value Terraform reads from
   * `TF_VAR_NAME`.
   *
   * @param name such as `SPLUNK_HEC_TOKEN`, never the value; several constructs may use the same
   * @throws ConstructError `SECRET_NAME_INVALID`: it is `undefined`, can't name a variable, or looks like the secret itself
   */
  static fromEnvironment(name: string): Secret {
    if (!isSecretName(name)) throw new ConstructError(findings.secretNameInvalid(), "Secret");
    const plain = name.startsWith(terraformPrefix) ? name.slice(terraformPrefix.length) : name;
    if (!isSecretName(plain)) throw new ConstructError(findings.secretNameInvalid(), "Secret");
    return new Secret(
      (scope, use) => environmentSecret(scope, plain, use).stringValue,
      `${terraformPrefix}${plain}`,
    );
  }

  /**
   * A secret from a variable of the stack, which should be ephemeral.
   *
   * @throws ConstructError `SECRET_NAME_INVALID`: it is no variable
   */
  static fromVariable(variable: TerraformVariable): Secret {
    if (!TerraformElement.isTerraformElement(variable)) {
      throw new ConstructError(findings.secretVariableInvalid(), "Secret");
    }
    return new Secret((scope, use) => {
      if (use !== "stored" && !isEphemeral(variable)) {
        warn(scope, findings.secretVariableKept(variable.friendlyUniqueId));
      }
      return variable.stringValue;
    });
  }

  /**
   * A secret from an attribute of another resource, which should be an ephemeral one: Terraform stores all others.
   *
   * @param token a cdktf token or an expression, for example `${ephemeral.vault_kv_secret_v2.siem.data["token"]}` or
   *   `${ephemeral.aws_secretsmanager_secret_version.siem.secret_string}`
   * @throws ConstructError where it is used: `SECRET_IN_PLAIN_TEXT`, `SECRET_IN_A_STRING`
   */
  static fromToken(token: string): Secret {
    return new Secret((scope) => {
      if (isToken(token)) return expressionToken(scope, token);
      throw new ConstructError(findings.secretExpressionPlain(), scope.node.path);
    });
  }

  /** Works across copies of this module (the library exists as ES module and as CommonJS). */
  static isSecret(value: unknown): value is Secret {
    return typeof value === "object" && value !== null && secretKey in value;
  }

  /**
   * The secret with text before it, as most `Authorization` headers want it. Null stays null, and what is empty or blank
   * becomes null: text alone is no credential.
   *
   * @param prefix for example `"Bearer "`
   * @throws ConstructError `SECRET_PREFIX_INVALID`: no HTTP header can carry it
   */
  withPrefix(prefix: string): Secret {
    if (!/^(?! )[\x20-\x7e]*$/.test(prefix)) {
      throw new ConstructError(findings.secretPrefixInvalid(), "Secret");
    }
    return new Secret((scope, use) => {
      const value = this.#resolve(scope, use);
      // cdktf writes quotes of a plain text as they are, and backslashes of any: they would end the text, or escape what follows.
      const text = Fn.rawString(prefix.replaceAll("\\", "\\\\"));
      const prefixed = Fn.join("", [text, value]);
      return Token.asString(conditional(isNotSet(value), Token.nullValue(), prefixed));
    }, this.environmentVariable);
  }

  /** The token for a write-only argument, which Terraform neither plans nor stores. */
  forWriteOnly(scope: Construct): string {
    return this.#resolve(scope, "write-only");
  }

  /** The token for a provider's argument; unset, it is an error instead of another organisation's token. */
  forProvider(scope: Construct): string {
    return this.#resolve(scope, "provider");
  }

  /**
   * The token for an argument that has to be in plan and state, such as an endpoint that is itself a credential. Its variable
   * is hidden in Terraform's output and must be set for every command.
   */
  forStored(scope: Construct): string {
    return this.#resolve(scope, "stored");
  }

  /** @throws ConstructError `SECRET_IN_A_STRING`: in a string the secret's place would be lost */
  [Symbol.toPrimitive](): never {
    throw new ConstructError(findings.secretInAString(), "Secret");
  }
}

/** True in Terraform if a value is null, empty or blank. */
function isNotSet(value: string) {
  // A plain empty string is left out by cdktf. Not can(…), which would hide an expression that can't be read.
  return Op.eq(Fn.trimspace(Fn.coalesce([value, " "])), Fn.rawString(""));
}

const tokensOfCdktf = /\$\{TfToken\[[^\]]*\]\}/g;

/**
 * An expression that was written out, as a token: cdktf takes it for plain text as soon as it becomes part of another one,
 * and would write it escaped.
 */
function expressionToken(scope: Construct, text: string): string {
  if (!text.replace(tokensOfCdktf, "").includes("${")) return text;
  const expression = /^\$\{((?:(?!\$\{).)*)\}$/s.exec(text)?.[1];
  if (expression !== undefined) return Token.asString(ref(expression.trim()));
  throw new ConstructError(findings.secretExpressionMixed(), scope.node.path);
}

/** One variable a stack and name, shared by its constructs. */
function environmentSecret(scope: Construct, name: string, use: Use): TerraformVariable {
  const stack = TerraformStack.of(scope);
  const existing = stack.node.tryFindChild(name);
  if (isSecretVariable(existing, use)) return existing;
  if (existing) throw new ConstructError(findings.secretNameTaken(name), scope.node.path);

  const environmentVariable = `${terraformPrefix}${name}`;
  const variable = new TerraformVariable(stack, name, {
    type: "string",
    sensitive: true,
    description: descriptions[use](environmentVariable),
  });
  variable.overrideLogicalId(name);
  variable.addOverride("default", null); // without a default Terraform, run by cdktf, would ask for ever
  if (use !== "stored") variable.addOverride("ephemeral", true);
  if (use !== "write-only") {
    variable.addValidation({
      condition: Token.asString(Op.not(isNotSet(variable.stringValue))),
      errorMessage: `Set ${environmentVariable} in the environment of terraform.`,
    });
  }
  variable.addValidation({
    condition: Token.asString(
      Op.or(isNotSet(variable.stringValue), isTransmissible(variable.stringValue)),
    ),
    errorMessage: `${environmentVariable} begins or ends with a blank or a line break, or holds a character other than visible ASCII. Set it to the value alone.`,
  });
  Object.defineProperty(variable, secretKey, { value: use });
  if (process.env[name] && !process.env[environmentVariable]) {
    warn(variable, findings.secretVariableUnset(name));
  }
  return variable;
}

/** True in Terraform if a value is visible ASCII without a blank at an end, which HTTP would cut off. */
function isTransmissible(value: string) {
  // Null is not looked at, which a regular expression would refuse.
  return Fn.can(Fn.regex("^[!-~]([ -~]*[!-~])?$", Fn.coalesce([value, " "])));
}

const descriptions: Readonly<Record<Use, (environmentVariable: string) => string>> = {
  "write-only": (name) => `Set ${name} for a deploy. Without it Konnect keeps the value it has.`,
  provider: (name) => `Set ${name}: Konnect's token.`,
  stored: (name) => `Set ${name} for every command: it is part of plan and state.`,
};

function isSecretVariable(value: unknown, use: Use): value is TerraformVariable {
  return (
    typeof value === "object" && value !== null && secretKey in value && value[secretKey] === use
  );
}

function isEphemeral(variable: TerraformVariable): boolean {
  const block = variable.toTerraform().variable[variable.friendlyUniqueId];
  return block.ephemeral === true;
}
