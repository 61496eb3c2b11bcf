/** A wait that no provider and no machine makes shorter: for time to pass is what was looked at. */
export interface ToldWait {
  /** What it was waited for, behind “until”: `a replaced refresh token is old`. */
  readonly until: string;
  /** Milliseconds in which that was waited for, by one check or by several at once. */
  readonly durationMs: number;
}

interface OneWait {
  waiting: number;
  since: number;
  milliseconds: number;
}

/** The waits of a run, each told once however many waited. */
export class Waits {
  readonly #waits = new Map<string, OneWait>();

  /** Waits, in whatever way, and remembers for how long. */
  async during(until: string, wait: () => Promise<void>): Promise<void> {
    const one = this.#waits.get(until) ?? { waiting: 0, since: 0, milliseconds: 0 };
    this.#waits.set(until, one);
    if (one.waiting === 0) one.since = performance.now();
    one.waiting += 1;
    try {
      await wait();
    } finally {
      one.waiting -= 1;
      if (one.waiting === 0) one.milliseconds += performance.now() - one.since;
    }
  }

  /** Those that took any time, the first to begin first. */
  get told(): ToldWait[] {
    return [...this.#waits]
      .map(([until, { milliseconds }]) => ({ until, durationMs: Math.round(milliseconds) }))
      .filter(({ durationMs }) => durationMs > 0);
  }
}
