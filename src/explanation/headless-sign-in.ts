import { inConsole } from '../logto-console.js';
import type { Explanations } from './explanation.js';

const logtoCode = "Logto's own code, such as `session.invalid_credentials`";

/** Exit codes 5 and 2: a sign-in without a browser (`--headless`), and what Logto refuses there. */
export const headlessErrors = {
  credentials_rejected: {
    meaning: 'Without a browser: the user, the password, the code or the one-time token is wrong.',
    causes: [
      {
        cause: 'There is no such user, or the password is wrong: Logto does not tell which.',
        tell: "`details.error` is `session.invalid_credentials`. Logto's Console (User management) finds the user by exactly this name; case may matter.",
        fix: `Set a new password (${inConsole('User management', 'the user', 'Password', 'Reset password')}), and \`LOGTO_CLI_PASSWORD\` to it.`,
      },
      {
        cause:
          'The variable holds something else than the password, such as quotes or a line break of a CI system.',
        tell: '`printenv LOGTO_CLI_PASSWORD | wc -c` prints one more than the password has characters.',
        fix: 'Correct the secret of the job, or pipe it in: `logto-cli sign-in --headless --username <user> --password-stdin < password.txt`.',
      },
      {
        cause:
          'The code of the authenticator was refused: another secret, a wrong clock, or a code that was used.',
        tell: '`details.factor` is `Totp`. A code works once, and two are tried: the third sign-in of one user within 30 seconds fails.',
        fix: 'Compare `LOGTO_CLI_TOTP_SECRET` with what the authenticator shows, set the clock, and give users that sign in at once a secret each.',
      },
      {
        cause:
          'The one-time token was used, has expired (600 seconds unless it says otherwise), or is for another address.',
        tell: '`details.error` names which: `one_time_token.token_consumed` and the like.',
        fix: 'Make a new one for exactly this address right before it is used: Management API, `POST /api/one-time-tokens`.',
      },
    ],
    details: {
      error: logtoCode,
      factor: '`Totp` or `BackupCode`, where it was the second factor',
    },
    seeAlso: ['account_locked', 'mfa_required', 'sign_in_method_disabled'],
    onlyAtLogto: true,
  },
  mfa_required: {
    meaning:
      'Without a browser: the user needs a second factor that was not given, or has yet to set one up.',
    causes: [
      {
        cause: 'The user has an authenticator app or backup codes, and neither was given.',
        tell: '`details.availableFactors` has `Totp` or `BackupCode`.',
        fix: 'Set `LOGTO_CLI_TOTP_SECRET` to the secret that stood beside the QR code, or `LOGTO_CLI_BACKUP_CODE` to a backup code.',
      },
      {
        cause: 'The user has passkeys only, or codes by e-mail or SMS.',
        tell: '`details.availableFactors` has other names.',
        fix: "Use a test user with an authenticator app: delete the other factors in Logto's Console (User management > the user), and set it up in a browser.",
      },
      {
        cause: 'A second factor is mandatory, and this user has none yet.',
        tell: '`details.error` is `user.missing_mfa` or `session.mfa.backup_code_required`.',
        fix: "Let the user set it up once: `logto-cli sign-in`. Or relax the policy in Logto's Console (Multi-factor auth).",
      },
    ],
    details: {
      error: logtoCode,
      availableFactors: "the factors that would do, in Logto's words",
    },
    seeAlso: ['credentials_rejected'],
    onlyAtLogto: true,
  },
  password_expired: {
    meaning: 'Without a browser: the password is right, and too old to be used any more.',
    causes: [
      {
        cause: 'The tenant lets passwords expire, or somebody had this one expire.',
        tell: '`details.error` is `password.expired`; with a wrong password it is `session.invalid_credentials`.',
        fix: `Set a new one (${inConsole('User management', 'the user', 'Password', 'Reset password')}), and \`LOGTO_CLI_PASSWORD\` to it. Or let the user change it in a browser: \`logto-cli sign-in\`.`,
      },
    ],
    details: { error: logtoCode },
    seeAlso: ['credentials_rejected', 'account_locked'],
    onlyAtLogto: true,
  },
  account_locked: {
    meaning: 'Without a browser: the user is suspended, or blocked after too many failures.',
    causes: [
      {
        cause: 'Somebody suspended the user.',
        tell: '`details.reason` is `suspended`.',
        fix: "Reactivate the user in Logto's Console (User management > the user).",
      },
      {
        cause:
          'Too many attempts failed within an hour (100 unless configured otherwise): a job that retries a wrong password.',
        tell: '`details.reason` is `too_many_attempts`; the right password is refused as well.',
        fix: 'Wait an hour, or unblock it with the Management API: `POST /api/sentinel-activities/delete`. Then correct the password.',
      },
    ],
    details: { error: logtoCode, reason: '`suspended` or `too_many_attempts`' },
    seeAlso: ['credentials_rejected'],
    onlyAtLogto: true,
  },
  captcha_required: {
    meaning: 'Without a browser: the provider wants a captcha solved, which no program should.',
    causes: [
      {
        cause: 'The tenant has a captcha for sign-in and registration.',
        tell: "Logto's Console (Security > CAPTCHA) shows it enabled; the page shows it in a browser.",
        fix: 'Turn it off in the tenant that is tested, or sign in with a browser: `logto-cli sign-in`.',
      },
    ],
    details: { error: logtoCode },
    seeAlso: ['headless_unsupported'],
    onlyAtLogto: true,
  },
  password_rejected: {
    meaning: 'Without a browser: the password of a new user breaks the rules of the provider.',
    causes: [
      {
        cause: 'It is too short, too simple, known from leaks, or like the username.',
        tell: '`details.brokenRules` lists every rule that it breaks, such as `too_short (min 8)`.',
        fix: "Choose another one, or change the rules in Logto's Console (Security > Password policy).",
      },
    ],
    details: { error: logtoCode, brokenRules: 'the rules, with their numbers' },
    seeAlso: ['identifier_taken', 'registration_disabled'],
    onlyAtLogto: true,
  },
  identifier_taken: {
    meaning: 'Without a browser: somebody has the username or the e-mail address of the new user already.',
    causes: [
      {
        cause: 'An earlier run of the same test registered this user.',
        tell: "Logto's Console (User management) finds it.",
        fix: 'Register another name in each run: `logto-cli sign-in --sign-up --headless --username "ci_$RANDOM"`. Or sign in without `--sign-up`.',
      },
    ],
    details: { error: logtoCode },
    seeAlso: ['registration_disabled'],
    onlyAtLogto: true,
  },
  sign_in_method_disabled: {
    meaning: 'Without a browser: users may not sign in this way at the provider.',
    causes: [
      {
        cause: 'Passwords are not enabled for this kind of identifier.',
        tell: "Logto's Console (Sign-in & account > Sign-up and sign-in) lists username, e-mail and phone, each with its ways.",
        fix: 'Enable the password there, or name the user by another identifier: `--username`, `--email` or `--phone`.',
      },
      {
        cause: 'The domain of the e-mail address belongs to an enterprise that signs its users in itself.',
        tell: '`details.error` is `session.sso_enabled`.',
        fix: 'Use a test user with an address of another domain.',
      },
      {
        cause: 'The tenant only registers users.',
        tell: '`details.error` is `auth.forbidden`.',
        fix: "Change it in Logto's Console (Sign-in & account > Sign-up and sign-in).",
      },
    ],
    details: { error: logtoCode },
    seeAlso: ['credentials_rejected', 'registration_disabled'],
    onlyAtLogto: true,
  },
  registration_disabled: {
    meaning: 'Without a browser: nobody may register at the provider.',
    causes: [
      {
        cause: 'Registration is turned off for the tenant.',
        tell: '`details.error` is `auth.forbidden`, and the sign-in page has no "Create account".',
        fix: 'Turn on "Enable user registration" in Logto\'s Console (Sign-in & account > Sign-up and sign-in), or create the user in User management.',
      },
    ],
    details: { error: logtoCode },
    seeAlso: ['identifier_taken', 'password_rejected'],
    onlyAtLogto: true,
  },
  headless_unsupported: {
    meaning: 'The provider does not sign users in as Logto does, so that it needs a browser.',
    causes: [
      {
        cause: 'It is another OpenID Provider: each has pages of its own.',
        tell: 'The message says what it answered; no password was sent.',
        fix: 'Let a browser be driven, by Playwright or a person: `logto-cli sign-in --no-browser --json-events` says which address to open.',
      },
      {
        cause: 'Something before Logto answers in its place: a gateway, an access proxy, a maintenance page.',
        tell: '`curl -i -X PUT <endpoint>/api/experience` does not answer with JSON.',
        fix: 'Let `/api/experience` and `/api/interaction` through to Logto as they are, cookies included.',
      },
      {
        cause:
          'The tenant has a sign-in page of its own that is somewhere else, or a Logto older than its Experience API.',
        tell: 'In a browser the sign-in page has another origin than the endpoint.',
        fix: 'Update Logto, or sign in with a browser: `logto-cli sign-in`.',
      },
    ],
    seeAlso: ['captcha_required'],
    onlyAtLogto: true,
  },
} satisfies Explanations;
