import { ExperienceRefusal } from './experience-refusal.js';

const minute = 60_000;
/** Failures that count lie within this time. */
const window = 60 * minute;
/** Identifiers that are remembered: anybody can make up names. */
const maximumSubjects = 10_000;

interface Subject {
  /** Moments, in milliseconds since 1970. */
  readonly failures: readonly number[];
  readonly blockedUntil: number;
}

/** Blocks who fails too often, as Logto's sentinel does: by identifier, for a while, the right password included. */
export class AttemptLimit {
  readonly #subjects = new Map<string, Subject>();

  constructor(
    private readonly maxAttempts: number,
    private readonly lockoutMinutes: number,
  ) {}

  /**
   * Runs a verification and counts its failure.
   *
   * @throws ExperienceRefusal `session.verification_blocked_too_many_attempts`, or what the verification throws
   */
  guard<T>(subject: string, verify: () => T): T {
    try {
      const result = verify();
      this.#assertFree(subject);
      return result;
    } catch (error) {
      if (error instanceof ExperienceRefusal) this.#countFailure(subject);
      this.#assertFree(subject);
      throw error;
    }
  }

  #countFailure(key: string): void {
    const now = Date.now();
    const known = this.#subjects.get(key);
    if ((known?.blockedUntil ?? 0) > now) return;
    const failures = [...(known?.failures ?? []).filter((moment) => moment > now - window), now];
    const isBlocked = failures.length >= this.maxAttempts;
    this.#subjects.delete(key);
    this.#subjects.set(key, {
      failures,
      blockedUntil: isBlocked ? now + this.lockoutMinutes * minute : 0,
    });
    const [oldest] = this.#subjects.keys();
    if (oldest !== undefined && this.#subjects.size > maximumSubjects) this.#subjects.delete(oldest);
  }

  #assertFree(key: string): void {
    const left = (this.#subjects.get(key)?.blockedUntil ?? 0) - Date.now();
    if (left <= 0) return;
    throw new ExperienceRefusal(400, 'session.verification_blocked_too_many_attempts', undefined, {
      relativeTime: `in ${Math.ceil(left / minute)} minutes`,
    });
  }
}
