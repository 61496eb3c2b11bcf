import { inConsole, onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

const refusalDetails = {
  error: "the provider's `error`",
  error_description: "the provider's `error_description`",
};

/** Exit code 5: the person or the provider refused. */
export const refusals = {
  access_denied: {
    meaning:
      'The person declined, or the provider does not let this user use the application, or have this token.',
    causes: [
      {
        cause:
          'Somebody clicked "cancel" on the page of the provider, of a social sign-in or of enterprise SSO.',
        tell: 'Ask, or look: run the command again and watch the page.',
        fix: '`logto-cli sign-in`, and go through to the end.',
      },
      {
        cause: 'The identity provider behind a connector does not let this user in.',
        tell: 'It fails with this user or connector only; the message quotes the reason, and so does the log of the provider.',
        fix: 'Assign the user to the application there, or sign in as somebody else: `logto-cli sign-in --prompt "login consent"`.',
        logto: `The log is ${inConsole('Audit logs')}.`,
      },
      {
        cause: 'A rule of the provider forbids this user, network or device.',
        tell: 'The message quotes a policy; another user of the same application gets in.',
        fix: 'Change the rule, or use a user that it allows.',
        logto: `An application may be for some alone: ${onApplication('Rules')}. In a browser the person then stays on the page "Access denied".`,
      },
      {
        cause:
          'The provider denies the token itself: by a rule that came after the sign-in, or one for such a token.',
        tell: 'The message says "The provider denied the token"; `logto-cli whoami` still shows who is signed in, since a refused refresh keeps the session.',
        fix: 'Change the rule and run the command again; where that says `session_expired`, the refusal has used up the refresh token: `logto-cli sign-in`.',
        logto: `It is one of ${onApplication('Rules')}, or the script of ${inConsole('Custom JWT')}; what the script denies uses up a refresh token that rotates.`,
      },
    ],
    details: {
      ...refusalDetails,
      status: 'the HTTP status, where it is an answer to a request for tokens',
      session: 'of a refresh, `kept`: the stored session is as it was',
    },
    seeAlso: ['organization_denied', 'authorization_error'],
  },
  authorization_error: {
    meaning:
      'The provider answered the sign-in with an error that has no code of its own, or its answer cannot be used; the message quotes it.',
    causes: [
      {
        cause: 'The request has a parameter that the provider does not take.',
        tell: 'The message says `invalid_request` and names it.',
        fix: 'Leave it out: look at `--prompt`, `--param`, `--acr-values` and `--max-age`.',
        logto: 'It knows the prompts `none`, `login` and `consent` alone; for registration use `--sign-up`.',
      },
      {
        cause:
          'The provider does not do the authorization code flow, or demands a feature that this program lacks.',
        tell: 'The message says `unsupported_response_type`, `request_not_supported` or the like.',
        fix: 'Allow the response type `code` for the application at the provider; turn off signed request objects there.',
      },
      {
        cause: 'Something between the provider and the browser changes the address.',
        tell: 'The message says that a parameter came twice, or neither a code nor an error.',
        fix: 'Try a private window without extensions: `logto-cli sign-in --no-browser` prints the address. If it persists, correct the provider or the gateway before it.',
      },
      {
        cause: 'In a test with `logto-cli/testing`, the sign-in page refused the user.',
        tell: 'The message says that the sign-in page refused.',
        fix: '`logto-cli emulator --port 0 --json` prints the users and passwords of the default seed.',
      },
    ],
    details: refusalDetails,
    seeAlso: ['access_denied', 'grant_type_not_allowed', 'scope_not_allowed'],
  },
  login_required: {
    meaning: 'With `prompt=none` the provider found nobody signed in to it in that browser.',
    causes: [
      {
        cause: "Nobody is signed in there, or the provider's session has ended.",
        tell: '`logto-cli sign-in` without `--prompt none` shows the sign-in page.',
        fix: 'Sign in once without `--prompt none`, in the same browser.',
        logto: 'A session lives for 14 days.',
      },
      {
        cause: 'The session is in another browser, another of its profiles or a private window.',
        tell: 'The window that opens is not the one where somebody is signed in.',
        fix: 'Set `BROWSER` to the right one, or `--no-browser` and open the address there.',
      },
      {
        cause: 'The sign-in in the browser is older than `--max-age` allows.',
        tell: 'It works without `--max-age`.',
        fix: 'Allow more seconds, or leave out `--prompt none` so that the person can sign in again.',
      },
    ],
    details: refusalDetails,
    seeAlso: ['interaction_required', 'consent_required'],
  },
  consent_required: {
    meaning: 'With `prompt=none` the person has not yet agreed to what the application asks for.',
    causes: [
      {
        cause: 'This person uses the application for the first time, or it asks for more than before.',
        tell: 'It began with a new user, `--scope`, `--resource` or `--organization`.',
        fix: 'Sign in once with `logto-cli sign-in --prompt consent` and the same flags, then again with `--prompt none`.',
      },
      {
        cause: 'It is the application of a third party, whose consent page a person must see.',
        tell: 'The provider shows a page of consent for it.',
        fix: 'Agree once on that page, without `--prompt none`.',
        logto: `${inConsole('Applications', 'Third-party apps')} lists it.`,
      },
      {
        cause: 'The scope `offline_access` needs consent each time at some providers.',
        tell: 'It works with `--no-default-scopes`.',
        fix: 'Leave `offline_access` out of a silent sign-in: `logto-cli sign-in --prompt none --no-default-scopes --scope profile`.',
      },
    ],
    details: refusalDetails,
    seeAlso: ['login_required', 'interaction_required'],
  },
  interaction_required: {
    meaning: 'With `prompt=none` the provider would have had to show a page.',
    causes: [
      {
        cause:
          'It is a native application, and the provider shows those a page each time: `prompt=none` can never succeed.',
        tell: 'The message says "native clients require End-User interaction".',
        fix: 'Leave out `--prompt none`. For a silent sign-in use a web application.',
        logto: 'Traditional web and Single page applications will do.',
      },
      {
        cause:
          'The provider wants something of the person first: a second factor, a missing profile field, new terms.',
        tell: '`logto-cli sign-in` without `--prompt none` shows that page.',
        fix: 'Do it once there.',
      },
      {
        cause: 'Several accounts are signed in in that browser.',
        tell: 'The message says `account_selection_required`.',
        fix: 'Name one with `--login-hint <user>`, or leave out `--prompt none`.',
      },
    ],
    details: refusalDetails,
    seeAlso: ['login_required', 'consent_required'],
  },
  code_rejected: {
    meaning:
      'The provider does not take the authorization code that the browser brought: the exchange is answered `invalid_grant`.',
    causes: [
      {
        cause: 'Too much time passed between the page and the exchange: a code lives for about a minute.',
        tell: 'The machine slept, a debugger held it, or the callback was carried over by hand. `--trace` shows when the exchange was sent, and how long it took.',
        fix: '`logto-cli sign-in` again, without a pause after the page. For a browser elsewhere forward the port: `ssh -L 3000:localhost:3000 <host>`.',
      },
      {
        cause:
          'Somebody else used the code first: an extension, a virus scanner or a proxy that opens addresses for itself.',
        tell: 'It is refused at once and every time, and works in a private window without extensions (`--no-browser` prints the address).',
        fix: 'Remove that program, or except `localhost` from it. A code used twice may also end the session that it made.',
      },
      {
        cause:
          'The provider runs as several instances that do not share their codes, or whose clocks differ.',
        tell: 'It fails now and then; the log of the provider shows the request and the exchange on different instances. `logto-cli doctor` compares the clocks.',
        fix: 'Let the instances share database and cache, and set their clocks by NTP.',
      },
      {
        cause:
          'With the library: the callback is handled with the verifier or the redirect URI of another sign-in.',
        tell: 'Only your own code fails; `logto-cli sign-in` works. Two sign-ins use one `Storage`, or `redirectUri` is not the address that was requested.',
        fix: 'Give every browser session a `Storage` of its own, and `handleSignInCallback` the whole address as it was requested.',
      },
    ],
    details: {
      ...refusalDetails,
      status: 'the HTTP status',
      possible: 'what it can be; one alone where the provider names it',
    },
    seeAlso: ['session_expired', 'clock_skew', 'client_secret_invalid'],
  },
} satisfies Explanations;
