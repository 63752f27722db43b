import { annotate } from "../annotate.js";
import { type IConstruct, TerraformStack } from "../cdktf.js";
import { describe, type Finding } from "../errors.js";

/** A finding, in one webhook or alike in several of a stack. */
class Grouped {
  readonly #text: string;
  /** Regions by the paths of their webhooks; aspects come anew with each synth. */
  readonly #regions = new Map<string, unknown>();

  constructor(finding: Finding) {
    this.#text = describe(finding);
  }

  add(region: unknown, path: string): void {
    this.#regions.set(path, region);
  }

  /** As cdktf shows it, when all of the stack was looked at. */
  toString(): string {
    if (this.#regions.size === 1) return this.#text;
    const regions = [...this.#regions.values()];
    const areClear = new Set(regions).size === regions.length && !regions.includes(undefined);
    const subjects = areClear ? regions : [...this.#regions.keys()];
    return `${subjects.join(", ")}: ${this.#text}`;
  }

  toJSON(): string {
    return this.toString();
  }
}

/** What one policy finds in the stacks of an app: told once a stack for all that are alike, at the first of them. */
export class GroupedFindings {
  readonly #told = new WeakMap<TerraformStack, Map<string, Grouped>>();

  /** @param region of the construct, where it has one */
  add(construct: IConstruct, region: unknown, level: "warning" | "error", finding: Finding): void {
    const stack = TerraformStack.of(construct);
    const told = this.#told.get(stack) ?? new Map<string, Grouped>();
    this.#told.set(stack, told);
    const known = told.get(finding.problem);
    const grouped = known ?? new Grouped(finding);
    grouped.add(region, construct.node.path);
    if (known) return;
    told.set(finding.problem, grouped);
    annotate(construct, level, grouped);
  }
}
