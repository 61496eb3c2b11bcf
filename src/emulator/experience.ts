import { randomBytes } from 'node:crypto';
import { AttemptLimit } from './attempt-limit.js';
import { ExperienceRefusal } from './experience-refusal.js';
import { brokenRules } from './password-policy.js';
import { SecondFactors } from './second-factors.js';
import {
  type EmulatorIdentifierType,
  type EmulatorSeed,
  type EmulatorSignInExperience,
  type EmulatorUser,
  mfaFactors,
} from './seed.js';
import type { DirectoryUser, Identifier, NewUser, UserDirectory } from './user-directory.js';

/** What somebody came for. */
export const interactionEvents = ['SignIn', 'Register'] as const;
export type InteractionEvent = (typeof interactionEvents)[number];

interface Verification {
  readonly id: string;
  readonly kind: 'Password' | 'NewPasswordIdentity' | 'OneTimeToken' | 'Totp' | 'BackupCode';
  readonly identifier?: Identifier;
  readonly newUser?: NewUser;
}

/** How far one sign-in or registration has come: what an interaction keeps between two requests. */
export interface SignInProgress {
  event: InteractionEvent;
  verifications: readonly Verification[];
  userId?: string;
  mfaSkipped?: boolean;
}

/**
 * The rules of signing in and registering, as Logto has them. Pages and API are two ways to the same steps; each step
 * changes the progress, or is refused.
 */
export class Experience {
  readonly #rules: EmulatorSignInExperience;
  readonly #attempts: AttemptLimit;
  readonly #factors: SecondFactors;
  readonly #consumedTokens = new Set<string>();

  constructor(
    private readonly seed: EmulatorSeed,
    private readonly users: UserDirectory,
  ) {
    this.#rules = seed.signInExperience ?? {};
    const { maxAttempts = 100, lockoutMinutes = 60, mfa } = this.#rules;
    this.#attempts = new AttemptLimit(maxAttempts, lockoutMinutes);
    this.#factors = new SecondFactors(() => mfa?.factors ?? factorsOf(users.seeded));
  }

  begin(event: InteractionEvent): SignInProgress {
    return { event, verifications: [] };
  }

  /** @throws ExperienceRefusal `auth.forbidden` */
  switchEvent(progress: SignInProgress, event: InteractionEvent): void {
    if (event === 'Register') this.#assertRegistration(progress);
    progress.event = event;
  }

  /**
   * @returns the id of the verification
   * @throws ExperienceRefusal `session.invalid_credentials`, `password.expired`
   */
  verifyPassword(progress: SignInProgress, identifier: Identifier, password: string): string {
    this.#attempts.guard(identifier.value, () => {
      const user = this.users.find(identifier);
      if (user === null || user.password === '' || user.password !== password) {
        throw new ExperienceRefusal(422, 'session.invalid_credentials');
      }
    });
    // Only whoever knows the old one is told.
    if (this.users.find(identifier)?.passwordExpired) throw new ExperienceRefusal(422, 'password.expired');
    return verified(progress, { kind: 'Password', identifier });
  }

  /**
   * What a user would enter, all at once: a name, the password and a second factor. No code is used up by it.
   *
   * @throws ExperienceRefusal what the steps are refused for
   */
  continueAs(progress: SignInProgress, user: DirectoryUser): void {
    const type = this.#methods.find((method) => user[method]) ?? 'username';
    const identifier = { type, value: user[type] ?? '' };
    this.identify(progress, this.verifyPassword(progress, identifier, user.password));
    const [factor] = this.#factors.of(user);
    if (factor !== undefined) verified(progress, { kind: factor });
  }

  /** @throws ExperienceRefusal `user.username_already_in_use`, `password.rejected` */
  newPasswordIdentity(progress: SignInProgress, username: string, password: string): string {
    this.assertFree(username);
    const broken = brokenRules(this.#rules.passwordPolicy, password, username);
    if (broken.length > 0) throw new ExperienceRefusal(422, 'password.rejected', broken);
    return verified(progress, { kind: 'NewPasswordIdentity', newUser: { username, password } });
  }

  /** @throws ExperienceRefusal the codes of `one_time_token` */
  verifyOneTimeToken(progress: SignInProgress, email: string, token: string): string {
    this.#attempts.guard(email, () => {
      const known = (this.seed.oneTimeTokens ?? []).find((entry) => entry.token === token);
      if (!known) {
        throw new ExperienceRefusal(404, 'one_time_token.token_not_found', undefined, { token });
      }
      if (known.email !== email) throw new ExperienceRefusal(400, 'one_time_token.email_mismatch');
      if (this.#consumedTokens.has(token)) throw new ExperienceRefusal(400, 'one_time_token.token_consumed');
      if (known.expired) throw new ExperienceRefusal(400, 'one_time_token.token_expired');
      this.#consumedTokens.add(token);
    });
    return verified(progress, {
      kind: 'OneTimeToken',
      identifier: { type: 'email', value: email },
      newUser: { email },
    });
  }

  /** Finds the user whom a verification is about, or makes one when it is a registration. */
  identify(progress: SignInProgress, verificationId: string | null): void {
    const verification = progress.verifications.find(({ id }) => id === verificationId);
    if (verificationId !== null && !verification) {
      throw new ExperienceRefusal(404, 'session.verification_session_not_found');
    }
    const user =
      progress.event === 'Register'
        ? this.#createUser(progress, verification?.newUser)
        : this.#existingUser(verification);
    if ((progress.userId ?? user.id) !== user.id)
      throw new ExperienceRefusal(409, 'session.identity_conflict');
    progress.userId = user.id;
  }

  /** @throws ExperienceRefusal `session.mfa.invalid_totp_code` */
  verifyTotp(progress: SignInProgress, code: string): string {
    const user = this.#identified(progress);
    this.#attempts.guard(`Totp ${user.id}`, () => this.#factors.verifyTotp(user, code));
    return verified(progress, { kind: 'Totp' });
  }

  /** @throws ExperienceRefusal `session.mfa.invalid_backup_code` */
  verifyBackupCode(progress: SignInProgress, code: string): string {
    const user = this.#identified(progress);
    this.#attempts.guard(`BackupCode ${user.id}`, () => this.#factors.verifyBackupCode(user, code));
    return verified(progress, { kind: 'BackupCode' });
  }

  /** @throws ExperienceRefusal `session.mfa.mfa_policy_not_user_controlled` */
  skipMfa(progress: SignInProgress): void {
    this.#identified(progress);
    if (this.#rules.mfa?.policy === 'Mandatory') {
      throw new ExperienceRefusal(422, 'session.mfa.mfa_policy_not_user_controlled');
    }
    progress.mfaSkipped = true;
  }

  /**
   * The end of it.
   *
   * @returns the user who is signed in now
   */
  submit(progress: SignInProgress): DirectoryUser {
    this.#assertNoCaptcha();
    const user = this.#identified(progress);
    const has = this.#factors.of(user);
    const isSecond = progress.verifications.some(({ kind }) => kind === 'Totp' || kind === 'BackupCode');
    if (has.length > 0 && !isSecond) {
      throw new ExperienceRefusal(403, 'session.mfa.require_mfa_verification', { availableFactors: has });
    }
    const { factors = [], policy = 'NoPrompt' } = this.#rules.mfa ?? {};
    if (factors.length === 0 || policy === 'NoPrompt') return user;
    if (progress.mfaSkipped) return user;
    const lacking = factors.filter((factor) => !has.includes(factor));
    const first = factors.filter((factor) => factor !== 'BackupCode');
    if (!first.some((factor) => has.includes(factor))) {
      throw policy === 'Mandatory'
        ? new ExperienceRefusal(422, 'user.missing_mfa', { availableFactors: first })
        : new ExperienceRefusal(422, 'user.suggest_mfa');
    }
    if (lacking.includes('BackupCode')) throw new ExperienceRefusal(422, 'session.mfa.backup_code_required');
    return user;
  }

  /** @throws ExperienceRefusal `user.username_already_in_use` */
  assertFree(username: string): void {
    if (this.users.find({ type: 'username', value: username })) {
      throw new ExperienceRefusal(422, 'user.username_already_in_use');
    }
  }

  get #methods(): readonly EmulatorIdentifierType[] {
    return this.#rules.signInMethods ?? ['username'];
  }

  #existingUser(verification: Verification | undefined): DirectoryUser {
    const identifier = verification?.identifier;
    if (!identifier) throw new ExperienceRefusal(400, 'session.verification_failed');
    if (verification.kind === 'Password' && !this.#methods.includes(identifier.type)) {
      throw new ExperienceRefusal(422, 'user.sign_in_method_not_enabled');
    }
    const user = this.users.find(identifier);
    if (!user) {
      throw new ExperienceRefusal(
        404,
        'user.user_not_exist',
        { identifier },
        { identifier: identifier.value },
      );
    }
    if (user.suspended) throw new ExperienceRefusal(401, 'user.suspended');
    return user;
  }

  #createUser(progress: SignInProgress, newUser: NewUser = {}): DirectoryUser {
    const { username, email } = newUser;
    if (email !== undefined && this.users.find({ type: 'email', value: email })) {
      throw new ExperienceRefusal(422, 'user.email_already_in_use');
    }
    this.#assertRegistration(progress);
    this.#assertNoCaptcha();
    const wanted = this.#rules.registration === 'email' ? ['email'] : ['username', 'password'];
    const missingProfile = wanted.filter((name) => !(name in newUser));
    if (missingProfile.length > 0) {
      throw new ExperienceRefusal(422, 'user.missing_profile', { missingProfile });
    }
    // Somebody else may have taken the name since.
    if (username !== undefined) this.assertFree(username);
    if (this.users.isFull) throw new ExperienceRefusal(403, 'auth.forbidden');
    return this.users.register(newUser);
  }

  /** Whoever has the token of a magic link may register even where nobody else may. */
  #assertRegistration({ verifications }: SignInProgress): void {
    const invited = verifications.some(({ kind }) => kind === 'OneTimeToken');
    if (this.#rules.registration === 'off' && !invited) throw new ExperienceRefusal(403, 'auth.forbidden');
  }

  #assertNoCaptcha(): void {
    if (this.#rules.captcha) throw new ExperienceRefusal(422, 'session.captcha_required');
  }

  #identified({ userId = '' }: SignInProgress): DirectoryUser {
    const user = this.users.byId(userId);
    if (!user) throw new ExperienceRefusal(404, 'session.identifier_not_found');
    return user;
  }
}

/** Keeps a verification, in the place of an earlier one of its kind. */
function verified(progress: SignInProgress, verification: Omit<Verification, 'id'>): string {
  const id = randomBytes(11).toString('hex').slice(0, 21);
  const others = progress.verifications.filter(({ kind }) => kind !== verification.kind);
  progress.verifications = [...others, { id, ...verification }];
  return id;
}

function factorsOf(users: readonly EmulatorUser[]) {
  const has = {
    Totp: users.some(({ totpSecret }) => totpSecret !== undefined),
    BackupCode: users.some(({ backupCodes }) => backupCodes !== undefined),
  };
  return mfaFactors.filter((factor) => has[factor]);
}
