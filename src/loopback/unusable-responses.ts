/** How many different ones are told at once, and how many are remembered. */
const toldAtOnce = 2;
const remembered = 5;

/**
 * What was meant as the response, or looked like it, and could not be taken: told at once, and remembered for whoever
 * waits in vain. However many come, they stay a few lines.
 */
export class UnusableResponses {
  readonly #problems = new Set<string>();
  #count = 0;
  #told = 0;

  constructor(readonly tell: ((message: string) => void) | undefined) {}

  /**
   * @param problem what the request did; nothing secret, and inert for a terminal
   * @param sentence with the problem in it, for whoever is told at once; `null` for what is only remembered
   */
  add(problem: string, sentence: ((problem: string) => string) | null): void {
    this.#count += 1;
    if (this.#problems.has(problem) || this.#problems.size === remembered) return;
    this.#problems.add(problem);
    if (sentence === null || this.#told === toldAtOnce) return;
    this.#told += 1;
    this.tell?.(sentence(problem));
  }

  get count(): number {
    return this.#count;
  }

  /** Each once, the first ones. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }
}
