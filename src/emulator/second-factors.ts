import { decodeBase32, timeStepOf, totpCode } from '../headless/totp.js';
import { ExperienceRefusal } from './experience-refusal.js';
import type { EmulatorMfaFactor, EmulatorUser } from './seed.js';

/** Neighbouring time steps whose code is taken too: clocks differ, and typing takes a while. */
const toleratedSteps = 1;

/** The second factors of users, and what has been used of them: no code works twice. */
export class SecondFactors {
  readonly #lastSteps = new Map<string, number>();
  readonly #usedBackupCodes = new Map<string, ReadonlySet<string>>();

  /** @param enabled the factors that may be asked for, now */
  constructor(private readonly enabled: () => readonly EmulatorMfaFactor[]) {}

  /** The factors that a user has, of those that are enabled. */
  of(user: EmulatorUser): readonly EmulatorMfaFactor[] {
    const has = { Totp: user.totpSecret !== undefined, BackupCode: this.#unused(user).length > 0 };
    return this.enabled().filter((factor) => has[factor]);
  }

  /** @throws ExperienceRefusal `session.mfa.invalid_totp_code` */
  verifyTotp(user: EmulatorUser, code: string): void {
    const secret = decodeBase32(user.totpSecret ?? '');
    const now = timeStepOf(Date.now());
    const used = this.#lastSteps.get(user.id) ?? Number.NEGATIVE_INFINITY;
    for (let step = now - toleratedSteps; secret && step <= now + toleratedSteps; step += 1) {
      // RFC 6238, section 5.2: a code is accepted once.
      if (step <= used || totpCode(secret, step) !== code) continue;
      this.#lastSteps.set(user.id, step);
      return;
    }
    throw new ExperienceRefusal(400, 'session.mfa.invalid_totp_code');
  }

  /** @throws ExperienceRefusal `session.mfa.invalid_backup_code` */
  verifyBackupCode(user: EmulatorUser, code: string): void {
    if (!this.#unused(user).includes(code)) {
      throw new ExperienceRefusal(400, 'session.mfa.invalid_backup_code');
    }
    this.#usedBackupCodes.set(user.id, new Set([...(this.#usedBackupCodes.get(user.id) ?? []), code]));
  }

  #unused({ id, backupCodes = [] }: EmulatorUser): readonly string[] {
    const used = this.#usedBackupCodes.get(id);
    return backupCodes.filter((code) => !used?.has(code));
  }
}
