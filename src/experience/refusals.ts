import { type ErrorCode, type ErrorDetails, LogtoError } from '../errors.js';
import { isJsonObject } from '../oidc/http-answer.js';
import { type ExperienceAnswer, wordsIn } from './experience-client.js';
import type { ExperienceUser } from './experience-user.js';

/** What one refusal of Logto means, and what to do about it. */
interface RefusalRule {
  readonly code: ErrorCode;
  readonly says: (user: ExperienceUser, answer: ExperienceAnswer) => string;
  readonly hint: (user: ExperienceUser, answer: ExperienceAnswer) => string;
  readonly details?: (answer: ExperienceAnswer) => ErrorDetails;
}

const users = "Logto's Console (User management)";
const experience = "Logto's Console (Sign-in & account)";

const wrongToken: Omit<RefusalRule, 'says'> = {
  code: 'credentials_rejected',
  hint: () =>
    'Ask for a new one (Management API, POST /api/one-time-tokens), for exactly the address in --email; it works once.',
};

const taken: RefusalRule = {
  code: 'identifier_taken',
  says: (user) => `There is a user of the ${nameOf(user)} already`,
  hint: () => 'Register another one, or sign in without --sign-up.',
};

const unfinishedMfa: Pick<RefusalRule, 'code' | 'hint'> = {
  code: 'mfa_required',
  hint: () =>
    `Let the user set it up once in a browser (logto-cli sign-in), or change ${experience} > Multi-factor auth.`,
};

const rules: Readonly<Record<string, RefusalRule>> = {
  'session.invalid_credentials': {
    code: 'credentials_rejected',
    says: (user) => `There is no user of the ${nameOf(user)}, or the password is wrong`,
    hint: () =>
      `Check both: case matters in the username too. Set a password in ${users} > the user > Reset password.`,
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
    hint: () => `Each works once. Take another one, or let the user make new ones in a browser.`,
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
    hint: () => `Reactivate the user in ${users} > the user > … > Reactivate.`,
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
    hint: ({ identifier }) =>
      `Enable it in ${experience} > Sign-up and sign-in, or use another of ${others(identifier.type)}.`,
  },
  'session.sso_enabled': {
    code: 'sign_in_method_disabled',
    says: () => 'Users of this e-mail domain sign in through their enterprise (single sign-on)',
    hint: () => 'Use a test user of another domain: nobody can sign in to an enterprise without a browser.',
  },
  'session.captcha_required': {
    code: 'captcha_required',
    says: () => 'The provider wants a captcha solved',
    hint: () => 'Turn it off for this tenant in Console > Security > CAPTCHA, or sign in with a browser.',
  },
  'session.mfa.require_mfa_verification': {
    code: 'mfa_required',
    says: (user) => `The user of the ${nameOf(user)} needs a second factor`,
    hint: (_, answer) => secondFactorHint(wordsIn(answer, 'availableFactors')),
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
    hint: () => 'Choose another password; the rules are in Console > Security > Password policy.',
    details: (answer) => ({ brokenRules: brokenRules(answer) }),
  },
  'user.username_already_in_use': taken,
  'user.email_already_in_use': taken,
  'user.phone_already_in_use': taken,
  'guard.invalid_input': {
    code: 'config_invalid',
    says: (user) => `The provider does not take the ${nameOf(user)} for one`,
    hint: () =>
      'A username has letters, digits and underscores, and begins with no digit; a phone number is digits without +.',
  },
  'user.missing_profile': {
    code: 'authorization_error',
    says: (_, answer) =>
      `The provider wants to know more of a new user: ${wordsIn(answer, 'missingProfile').join(', ')}`,
    hint: () =>
      `Register with --username and a password, or ask for less in ${experience} > Sign-up and sign-in.`,
    details: (answer) => ({ missingProfile: wordsIn(answer, 'missingProfile') }),
  },
};

const forbidden: Readonly<Record<'signUp' | 'signIn', RefusalRule>> = {
  signUp: {
    code: 'registration_disabled',
    says: () => 'Registration is not enabled',
    hint: () =>
      `Turn on "Enable user registration" in ${experience} > Sign-up and sign-in, or create the user in ${users}.`,
  },
  signIn: {
    code: 'sign_in_method_disabled',
    says: () => 'Signing in is not enabled, only registration is',
    hint: () => `Change it in ${experience} > Sign-up and sign-in, or use --sign-up.`,
  },
};

/** The failure that an answer means. It repeats nothing of the answer but names that were looked at. */
export function refusalOf(answer: ExperienceAnswer, user: ExperienceUser): LogtoError {
  const { code, step, status } = answer;
  if (code === null) return unsupported(`it answered ${status} to ${step}`);
  const isForbidden = code === 'auth.forbidden' || code === 'user.sign_up_method_not_enabled';
  const rule = isForbidden ? forbidden[user.signUp ? 'signUp' : 'signIn'] : rules[code];
  if (rule === undefined) {
    return new LogtoError(
      'authorization_error',
      `Logto refused a step of the sign-in (${code} at ${step}).`,
      'Try the same user in a browser (logto-cli sign-in): what its page asks for is what is missing here.',
      { error: code, step, status },
    );
  }
  return new LogtoError(rule.code, `${rule.says(user, answer)} (${code}).`, rule.hint(user, answer), {
    error: code,
    ...rule.details?.(answer),
  });
}

/** The failure of a provider that is not Logto, or not as it is known. */
export function unsupported(found: string): LogtoError {
  return new LogtoError(
    'headless_unsupported',
    `The provider does not sign users in as Logto does: ${found}.`,
    'Only Logto can be signed in to without a browser. Elsewhere let a browser be driven: --no-browser --json-events',
  );
}

/** Such as `username "alice"`. */
function nameOf({ identifier: { type, value } }: ExperienceUser): string {
  return `${type} ${JSON.stringify(value)}`;
}

function others(type: string): string {
  return ['--username', '--email', '--phone'].filter((flag) => flag !== `--${type}`).join(', ');
}

function secondFactorHint(factors: readonly string[]): string {
  const ways = [
    ...(factors.includes('Totp') ? ['LOGTO_CLI_TOTP_SECRET (or --totp-secret-stdin)'] : []),
    ...(factors.includes('BackupCode') ? ['LOGTO_CLI_BACKUP_CODE (or --backup-code-stdin)'] : []),
  ];
  return ways.length > 0
    ? `Give it by ${ways.join(', or ')}.`
    : `Only an authenticator app (TOTP) and backup codes work without a browser: give the user one in ${users}.`;
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
