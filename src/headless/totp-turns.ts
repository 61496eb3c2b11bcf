import { stepMilliseconds, timeStepOf } from './totp.js';

/** How to wait for the next code of an authenticator. */
export interface TotpWaiting {
  /** Milliseconds since 1970. */
  readonly now: () => number;
  /** Absent: nobody waits, and a code that only comes later is none. */
  readonly sleep?: (milliseconds: number, signal?: AbortSignal) => Promise<void>;
  /** Is told of a wait before it begins. */
  readonly onWait?: (seconds: number) => void;
}

/**
 * The time steps whose codes were used here, so that several sign-ins of one user never send a code twice: providers
 * take each once (RFC 6238, section 5.2).
 */
export class TotpTurns {
  readonly #lastSteps = new Map<string, number>();
  readonly #proved = new Set<string>();

  constructor(private readonly waiting: TotpWaiting) {}

  /** Whether a code of this secret was taken here, so that neither it nor the clock can be wrong. */
  isProved(secret: string): boolean {
    return this.#proved.has(secret);
  }

  /** A code of this secret was taken. */
  prove(secret: string): void {
    this.#proved.add(secret);
  }

  /**
   * The next step whose code was not used here. That after the present one is taken at once, as clocks differ; later ones
   * are waited for.
   *
   * @returns `null` where that takes waiting, and nobody waits
   */
  async next(secret: string, signal?: AbortSignal): Promise<number | null> {
    const { now, sleep, onWait } = this.waiting;
    const step = Math.max(timeStepOf(now()), (this.#lastSteps.get(secret) ?? 0) + 1);
    const early = (step - 1) * stepMilliseconds - now();
    if (early > 0 && sleep === undefined) return null;
    // Before anything is waited for: whoever comes meanwhile takes the next one.
    this.#lastSteps.set(secret, step);
    if (early > 0) {
      onWait?.(Math.ceil(early / 1000));
      await sleep?.(early, signal);
      signal?.throwIfAborted();
    }
    return step;
  }
}

/** What a person is told of such a wait. */
export function waitingForCode(seconds: number): string {
  return `Waiting ${seconds} s for the next code of the authenticator: each works once.`;
}
