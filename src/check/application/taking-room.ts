/** A place among those who work side by side. */
export interface Place {
  /** Nobody else does any work. */
  readonly isAlone?: boolean;
  /** Does work while nobody else does any, and comes back to this place. */
  alone<Result>(work: () => Promise<Result>): Promise<Result>;
  /** Leaves the place to others while it does work that needs none, such as waiting, and comes back to it. */
  outside<Result>(work: () => Promise<Result>): Promise<Result>;
}

/** Work that is done side by side, so many pieces at once, and now and then by one alone. */
export class Room {
  #inside = 0;
  #isTaken = false;
  readonly #waiting: { readonly alone: boolean; readonly enter: () => void }[] = [];

  /** @param most pieces of work at once */
  constructor(private readonly most: number) {}

  /** Does work beside others. */
  async beside<Result>(work: (place: Place) => Promise<Result>): Promise<Result> {
    await this.#enter(false);
    try {
      return await work({ alone: (own) => this.#alone(own), outside: (own) => this.#outside(own) });
    } finally {
      this.#leave(false);
    }
  }

  async #alone<Result>(work: () => Promise<Result>): Promise<Result> {
    // Two that wait for each other to leave would wait for ever.
    this.#leave(false);
    try {
      await this.#enter(true);
      try {
        return await work();
      } finally {
        this.#leave(true);
      }
    } finally {
      await this.#enter(false);
    }
  }

  async #outside<Result>(work: () => Promise<Result>): Promise<Result> {
    this.#leave(false);
    try {
      return await work();
    } finally {
      await this.#enter(false);
    }
  }

  async #enter(alone: boolean): Promise<void> {
    if (this.#waiting.length === 0 && this.#fits(alone)) this.#take(alone);
    else await new Promise<void>((enter) => this.#waiting.push({ alone, enter }));
  }

  #leave(alone: boolean): void {
    if (alone) this.#isTaken = false;
    else this.#inside -= 1;
    for (let [next] = this.#waiting; next !== undefined && this.#fits(next.alone); [next] = this.#waiting) {
      this.#waiting.shift();
      this.#take(next.alone);
      next.enter();
    }
  }

  #fits(alone: boolean): boolean {
    return !this.#isTaken && (alone ? this.#inside === 0 : this.#inside < this.most);
  }

  #take(alone: boolean): void {
    if (alone) this.#isTaken = true;
    else this.#inside += 1;
  }
}
