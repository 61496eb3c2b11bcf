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

  constructor(readonly tell: ((message: string) => void) | undefined) {}

  /** @param problem what the request did; nothing secret, and inert for a terminal */
  add(subject: string, problem: string, ending: string): void {
    this.#count += 1;
    if (this.#problems.has(problem) || this.#problems.size === remembered) return;
    this.#problems.add(problem);
    if (this.#problems.size <= toldAtOnce) this.tell?.(`${subject} ${problem}${ending}`);
  }

  get count(): number {
    return this.#count;
  }

  /** Each once, the first ones. */
  get problems(): readonly string[] {
    return [...this.#problems];
  }
}
