import { verifierPath } from "../package/index.js";
import { type IConstruct, resolveTokens } from "./cdktf.js";

/** What a provisioner of Terraform's runs. */
export interface Command {
  /** For `sh`. */
  readonly command: string;
  /** Values that only Terraform knows, under the names that the command reads them by. */
  readonly environment: Readonly<Record<string, string>>;
}

/**
 * The verifier in the stack's folder, wherever that is: Terraform's own function quotes it, since the folder may be another
 * configuration's module, and its name may hold blanks and quotes, or begin with a hyphen, as no absolute path does.
 */
const verifier = `node '\${replace(abspath(path.module), "'", "'\\\\''")}/${verifierPath}'`;

/**
 * Puts together how a gate calls the verifier.
 *
 * A value that is known at synth is quoted. One that Terraform puts in later would end the quotes with one of its own: it
 * goes through the environment, whatever it holds.
 */
export class CommandLine {
  readonly #scope: IConstruct;
  readonly #subcommand: string;
  readonly #assignments: string[] = [];
  readonly #flags: string[] = [];
  readonly #environment: Record<string, string> = {};

  /** @param scope where tokens are resolved */
  constructor(scope: IConstruct, subcommand: "verify" | "preflight") {
    this.#scope = scope;
    this.#subcommand = subcommand;
  }

  /** Sets a variable of the verifier's environment. */
  setVariable(name: string, value: string): this {
    const resolved = this.#resolve(value);
    if (isTemplate(resolved)) this.#environment[name] = value;
    else this.#assignments.push(`${name}=${quote(resolved)}`);
    return this;
  }

  /** Has the shell hand on a variable under another name. */
  renameVariable(name: string, source: string): this {
    this.#assignments.push(`${name}="$${source}"`);
    return this;
  }

  /** Adds an option, unless its value is left out. @param value `true` for an option without one */
  addFlag(name: string, value: string | true | undefined): this {
    if (value === undefined) return this;
    if (value === true) {
      this.#flags.push(`--${name}`);
      return this;
    }
    const resolved = this.#resolve(value);
    if (isTemplate(resolved)) {
      const variable = `KONNECT_AUDIT_GATE_${name.toUpperCase().replaceAll("-", "_")}`;
      this.#environment[variable] = value;
      this.#flags.push(`--${name} "$${variable}"`);
    } else {
      this.#flags.push(`--${name} ${quote(resolved)}`);
    }
    return this;
  }

  /** The command, with the environment that it reads. */
  finish(): Command {
    const words = [...this.#assignments, verifier, this.#subcommand, ...this.#flags, "--brief"];
    return { command: words.join(" "), environment: this.#environment };
  }

  #resolve(value: string): string {
    return String(resolveTokens(this.#scope, value));
  }
}

/** True if Terraform is going to change the text: it holds an expression, a directive or an escape of one. */
function isTemplate(text: string): boolean {
  return text.includes("${") || text.includes("%{");
}

/** In single quotes: cdktf's HCL output doesn't escape double ones. */
function quote(value: string): string {
  return /^[\w.:/@-]+$/.test(value) ? value : `'${value.replaceAll("'", "'\\''")}'`;
}
