/** An object at Konnect of which there can be only one. */
export type Claim =
  | `webhook of region ${string}`
  | `webhook of portal ${string}`
  | `destination ${string}`
  | `replay job of region ${string}`;

/**
 * Keeps two resources of one run from writing one object.
 *
 * Terraform calls a provider for many resources at once, and can't tell it that two of them mean the same webhook.
 */
export class Claims {
  readonly #claimed = new Set<Claim>();
  readonly #released = new Set<Claim>();
  readonly #turns = new Map<Claim, Promise<unknown>>();

  /** True if this run has created the object. */
  has(claim: Claim): boolean {
    return this.#claimed.has(claim);
  }

  /** Notes that this run creates the object. */
  add(claim: Claim): void {
    this.#claimed.add(claim);
  }

  /** True if this run has let go of the object: what Konnect still has of it is nobody else's. */
  isReleased(claim: Claim): boolean {
    return this.#released.has(claim);
  }

  /** Notes that this run lets go of the object. */
  release(claim: Claim): void {
    this.#released.add(claim);
  }

  /** Runs `work` when everything that was given before for the same object has ended, well or not. */
  inTurn<Result>(claim: Claim, work: () => Promise<Result>): Promise<Result> {
    const before = this.#turns.get(claim) ?? Promise.resolve();
    const turn = before.then(work, work);
    this.#turns.set(claim, turn);
    return turn;
  }
}

/**
 * Notices in a plan that a new resource wants what another one has in state.
 *
 * To apply, the object of the one in state looks like what an interrupted run has left.
 */
export class PlannedClaims {
  readonly #wanted = new Set<Claim>();
  readonly #held = new Set<Claim>();

  /** Notes that a new resource is planned for the object. */
  want(claim: Claim): void {
    this.#wanted.add(claim);
  }

  /** Notes that a resource has the object in state. */
  hold(claim: Claim): void {
    this.#held.add(claim);
  }

  /** True if a resource whose plan was made before has the object in state. */
  isHeld(claim: Claim): boolean {
    return this.#held.has(claim);
  }

  /**
   * True if a new resource was planned for the object before. Asked for the one that has it in state, that can't be
   * the second half of its replacement, which Terraform plans after the first.
   */
  isWanted(claim: Claim): boolean {
    return this.#wanted.has(claim);
  }
}
