/**
 * What the resources of one run do to destinations.
 *
 * Terraform calls the provider for many resources at once and tells none of them of the others. Names of destinations
 * are unique, so one resource may be given the name that another is just letting go of.
 */
export class DestinationRun {
  readonly #managed = new Set<string>();
  readonly #underWay = new Set<string>();
  readonly #adopted = new Set<string>();
  readonly #waitsFor = new Map<string, string>();
  readonly #plannedNames = new Set<string>();

  /** Runs a change or a removal of a destination that a resource has in state. */
  async change<Result>(id: string, work: () => Promise<Result>): Promise<Result> {
    this.#managed.add(id);
    this.#underWay.add(id);
    try {
      return await work();
    } finally {
      this.#underWay.delete(id);
      this.#waitsFor.delete(id);
    }
  }

  /** True if the destination may just be getting another name, or be going. */
  isUnderWay(id: string): boolean {
    return this.#underWay.has(id);
  }

  /** Gives a destination to a new resource. @returns `false` when another resource of this run has it in state */
  adopt(id: string): boolean {
    if (this.#managed.has(id)) return false;
    this.#adopted.add(id);
    return true;
  }

  /** Takes an adoption back that came to nothing. */
  abandon(id: string): void {
    this.#adopted.delete(id);
  }

  /** True if this run gave the destination to a new resource. */
  isAdopted(id: string): boolean {
    return this.#adopted.has(id);
  }

  /**
   * Notes that one destination waits for the name of another.
   *
   * @returns whether that one waits for this one in turn, over others perhaps, so that all would wait for ever
   */
  waitFor(id: string, other: string): boolean {
    this.#waitsFor.set(id, other);
    const seen = new Set<string>();
    let next: string | undefined = other;
    while (next !== undefined && next !== id && !seen.has(next)) {
      seen.add(next);
      next = this.#waitsFor.get(next);
    }
    return next === id;
  }

  /** Notes that a destination is to be created. */
  planNew(name: string): void {
    this.#plannedNames.add(name);
  }

  /**
   * True if a new destination of that name was planned before. Asked for the one that has the name in state, that
   * can't be the second half of its replacement, which Terraform plans after the first.
   */
  isPlanned(name: string): boolean {
    return this.#plannedNames.has(name);
  }
}
