import { type ErrorCode, type ErrorDetails, LogtoError } from '../errors.js';
import { inConsole } from '../logto-console.js';
import { isJsonObject } from '../oidc/http-answer.js';
import { quotesRemark } from '../quoted-secret.js';
import type { NamedBy } from '../wording.js';
import { type ExperienceAnswer, wordsIn } from './experience-client.js';
import type { ExperienceUser } from './experience-user.js';

/** Names a place of Logto's Console, where the provider is set as a Logto; else only whose place it is. */
type Place = (...path: readonly [string, ...string[]]) => string;

/** What one refusal of Logto means, and what to do about it. */
interface RefusalRule {
  readonly code: ErrorCode;
  readonly says: (user: ExperienceUser, answer: ExperienceAnswer) => string;
  readonly hint: (at: Place, user: ExperienceUser, answer: ExperienceAnswer) => string;
  /** What was refused, where it is one secret. */
  readonly secret?: (user: ExperienceUser) => string | undefined;
  readonly details?: (answer: ExperienceAnswer) => ErrorDetails;
}

const signUpAndSignIn = ['Sign-in & account', 'Sign-up and sign-in'] as const;

const wrongToken: Omit<RefusalRule, 'says'> = {
  code: 'credentials_rejected',
  hint: () =>
    'Ask for a new one (Management API, POST /api/one-time-tokens), for exactly the address in --email; it works once.',
  secret: ({ oneTimeToken }) => oneTimeToken,
};

/** The page of the user. */
const userPage = ['User management', 'the user'] as const;

const taken: RefusalRule = {
  code: 'identifier_taken',
  says: (user) => `There is a user of the ${nameOf(user)} already`,
  hint: () => 'Register another one, or sign in without --sign-up.',
};

const unfinishedMfa: Pick<RefusalRule, 'code' | 'hint'> = {
  code: 'mfa_required',
  hint: (at) =>
    `Let the user set it up once in a browser (logto-cli sign-in), or change the policy: ${at('Multi-factor auth')}.`,
};

const rules: Readonly<Record<string, RefusalRule>> = {
  'session.invalid_credentials': {
    code: 'credentials_rejected',
    says: (user) => `There is no user of the ${nameOf(user)}, or the password is wrong`,
    hint: (at) =>
      `Check both: case may matter in the username too. Set a password: ${at(...userPage, 'Password', 'Reset password')}.`,
    secret: ({ password }) => password,
  },
  'session.mfa.invalid_totp_code': {
    code: 'credentials_rejected',
    says: () => 'The code of the authenticator (TOTP) was refused',
    hint: () =>
      'A code works once: if this user has just signed in, try again in 30 seconds. Else check LOGTO_CLI_TOTP_SECRET, and ' +
      "then this machine's clock.",
    details: () => ({ factor: 'Totp' }),
  },
  'session.mfa.invalid_backup_code': {
    code: 'credentials_rejected',
    says: () => 'The backup code was refused',
    hint: () => 'Each works once. Take another one, or let the user make new ones in a browser.',
    secret: ({ backupCode }) => backupCode,
    details: () => ({ factor: 'BackupCode' }),
  },
  'one_time_token.token_not_found': { ...wrongToken, says: () => 'The one-time token does not exist' },
  'one_time_token.token_consumed': { ...wrongToken, says: () => 'The one-time token was used before' },
  'one_time_token.token_expired': { ...wrongToken, says: () => 'The one-time token has expired' },
  'one_time_token.token_revoked': { ...wrongToken, says: () => 'The one-time token was revoked' },
  'one_time_token.email_mismatch': {
    ...wrongToken,
    says: () => 'The one-time token is for another e-mail address',
  },
  'user.user_not_exist': {
    code: 'credentials_rejected',
    says: (user) => `There is no user of the ${nameOf(user)}`,
    hint: () => 'Check it, or register this user with --sign-up.',
  },
  'user.suspended': {
    code: 'account_locked',
    says: (user) => `The user of the ${nameOf(user)} is suspended`,
    hint: (at) => `Reactivate the user: ${at(...userPage, '…', 'Reactivate')}.`,
    details: () => ({ reason: 'suspended' }),
  },
  'session.verification_blocked_too_many_attempts': {
    code: 'account_locked',
    says: (user) => `Too many attempts failed for the ${nameOf(user)}: it is blocked for a while`,
    hint: () =>
      'Wait (60 minutes, unless configured otherwise), or unblock it: Management API, ' +
      'POST /api/sentinel-activities/delete',
    details: () => ({ reason: 'too_many_attempts' }),
  },
  'user.sign_in_method_not_enabled': {
    code: 'sign_in_method_disabled',
    says: ({ identifier }) => `Signing in with ${identifier.type} and password is not enabled`,
    hint: (at, { identifier }) =>
      `Enable it: ${at(...signUpAndSignIn)}; or use another of ${others(identifier.type)}.`,
  },
  'session.sso_enabled': {
    code: 'sign_in_method_disabled',
    says: () => 'Users of this e-mail domain sign in through their enterprise (single sign-on)',
    hint: () => 'Use a test user of another domain: nobody can sign in to an enterprise without a browser.',
  },
  'session.captcha_required': {
    code: 'captcha_required',
    says: () => 'The provider wants a captcha solved',
    hint: (at) => `Turn it off: ${at('Security', 'CAPTCHA')}; or sign in with a browser.`,
  },
  'session.mfa.require_mfa_verification': {
    code: 'mfa_required',
    says: (user) => `The user of the ${nameOf(user)} needs a second factor`,
    hint: (at, _, answer) => secondFactorHint(at, wordsIn(answer, 'availableFactors')),
    details: (answer) => ({ availableFactors: wordsIn(answer, 'availableFactors') }),
  },
  'user.missing_mfa': {
    ...unfinishedMfa,
    says: (user) => `The user of the ${nameOf(user)} must set up a second factor first`,
    details: (answer) => ({ availableFactors: wordsIn(answer, 'availableFactors') }),
  },
  'session.mfa.backup_code_required': {
    ...unfinishedMfa,
    says: (user) => `The user of the ${nameOf(user)} must set up backup codes first`,
    details: () => ({ availableFactors: ['BackupCode'] }),
  },
  'password.rejected': {
    code: 'password_rejected',
    says: (_, answer) => `The new password breaks the rules: ${brokenRules(answer).join(', ') || 'unknown'}`,
    hint: (at) => `Choose another password; where the rules are: ${at('Security', 'Password policy')}.`,
    details: (answer) => ({ brokenRules: brokenRules(answer) }),
  },
  'user.username_already_in_use': taken,
  'user.email_already_in_use': taken,
  'user.phone_already_in_use': taken,
  'guard.invalid_input': {
    code: 'config_invalid',
    says: (user) => `The provider does not take the ${nameOf(user)} for one`,
    hint: (at, { identifier: { type } }) =>
      type === 'phone'
        ? 'A phone number is digits without +, with the code of the country.'
        : `What a ${type} may be is a policy: ${at(...signUpAndSignIn)}; for a username, letters, digits and ` +
          'underscores that begin with no digit always do.',
  },
  'user.missing_profile': {
    code: 'authorization_error',
    says: (_, answer) =>
      `The provider wants to know more of the user: ${wordsIn(answer, 'missingProfile').join(', ')}`,
    hint: (at, _, answer) =>
      wordsIn(answer, 'missingProfile').includes('extraProfile')
        ? `Ask for less: ${at('Sign-in & account', 'Collect user profile')}; or let the user fill it in once in ` +
          'a browser: logto-cli sign-in'
        : `Register with --username and a password, or ask for less: ${at(...signUpAndSignIn)}.`,
    details: (answer) => ({ missingProfile: wordsIn(answer, 'missingProfile') }),
  },
  'password.expired': {
    code: 'password_expired',
    says: (user) => `The password of the ${nameOf(user)} has expired`,
    hint: (at) =>
      `Set a new one: ${at(...userPage, 'Password', 'Reset password')}; or let the user change it in a browser: logto-cli sign-in`,
  },
  'oidc.access_denied': {
    code: 'access_denied',
    says: (user) => `The user of the ${nameOf(user)} may not use this application`,
    hint: (at) =>
      `Let the user in by the rules of the application (${at('Applications', 'your application', 'Rules')}), or sign in as another.`,
  },
};

const forbidden: Readonly<Record<'signUp' | 'signIn', RefusalRule>> = {
  signUp: {
    code: 'registration_disabled',
    says: () => 'Registration is not enabled',
    hint: (at) =>
      `Turn on the registration of users (${at(...signUpAndSignIn, 'Enable user registration')}), or create the user: ${at('User management')}.`,
  },
  signIn: {
    code: 'sign_in_method_disabled',
    says: () => 'Signing in is not enabled, only registration is',
    hint: (at) => `Change it: ${at(...signUpAndSignIn)}; or use --sign-up.`,
  },
};

/** The failure that an answer means. It repeats nothing of the answer but names that were looked at. */
export function refusalOf(answer: ExperienceAnswer, user: ExperienceUser): LogtoError {
  const { code, step, status, namedBy } = answer;
  if (code === null) return unsupported(`it answered ${status} to ${step}`, namedBy);
  const isForbidden = code === 'auth.forbidden' || code === 'user.sign_up_method_not_enabled';
  const rule = isForbidden ? forbidden[user.signUp ? 'signUp' : 'signIn'] : rules[code];
  if (rule === undefined) {
    return new LogtoError(
      'authorization_error',
      `The provider refused a step of the sign-in (${code} at ${step}).`,
      'Try the same user in a browser (logto-cli sign-in): what its page asks for is what is missing here.',
      { error: code, step, status },
    );
  }
  const hint = rule.hint(namedBy === 'endpoint' ? inConsole : () => 'at the provider', user, answer);
  return new LogtoError(
    rule.code,
    `${rule.says(user, answer)} (${code}).`,
    hint + quotesRemark(rule.secret?.(user)),
    {
      error: code,
      ...rule.details?.(answer),
    },
  );
}

/** The failure of a provider that is not Logto, or not as it is known. */
export function unsupported(found: string, namedBy?: NamedBy): LogtoError {
  const isLogto = namedBy === 'endpoint';
  return new LogtoError(
    'headless_unsupported',
    isLogto
      ? `The provider does not sign users in as Logto does: ${found}.`
      : `The provider signs nobody in without a browser in the way that is known here: ${found}.`,
    isLogto
      ? 'Only Logto can be signed in to without a browser. Elsewhere let a browser be driven: --no-browser --json-events'
      : 'Let a browser be driven: logto-cli sign-in --no-browser --json-events',
  );
}

/** Such as `username "alice"`. */
function nameOf({ identifier: { type, value } }: ExperienceUser): string {
  return `${type} ${JSON.stringify(value)}`;
}

function others(type: string): string {
  return ['--username', '--email', '--phone'].filter((flag) => flag !== `--${type}`).join(', ');
}

function secondFactorHint(at: Place, factors: readonly string[]): string {
  const ways = [
    ...(factors.includes('Totp') ? ['LOGTO_CLI_TOTP_SECRET (or --totp-secret-stdin)'] : []),
    ...(factors.includes('BackupCode') ? ['LOGTO_CLI_BACKUP_CODE (or --backup-code-stdin)'] : []),
  ];
  return ways.length > 0
    ? `Give it by ${ways.join(', or ')}.`
    : `Only an authenticator app (TOTP) and backup codes work without a browser: delete the other factors of the user (${at(...userPage, 'Multi-factor authentication')}), and set one up in a browser.`;
}

/** Rules by name, with their numbers. Their texts are left out: some repeat parts of the password. */
function brokenRules({ body: { data } }: ExperienceAnswer): readonly string[] {
  if (!Array.isArray(data)) return [];
  return data.filter(isJsonObject).flatMap(({ code, interpolation }) => {
    const name = /^password_rejected\.([\w.]{1,60})$/.exec(String(code))?.[1];
    if (name === undefined) return [];
    const numbers = Object.entries(isJsonObject(interpolation) ? interpolation : {})
      .filter(([key, value]) => /^\w+$/.test(key) && typeof value === 'number')
      .map(([key, value]) => `${key} ${value}`);
    return numbers.length > 0 ? [`${name} (${numbers.join(', ')})`] : [name];
  });
}
