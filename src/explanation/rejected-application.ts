import { inConsole, onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

const answerDetails = {
  error: "the provider's `error`",
  error_description: "the provider's `error_description`",
  status: 'the HTTP status',
};

/** Exit code 9: the application, its secret and its addresses. */
export const rejectedApplications = {
  client_unknown: {
    meaning: 'The provider knows no application with this ID.',
    causes: [
      {
        cause: 'The App ID is cut off, misspelt, or the name of the application.',
        tell: 'The message quotes it; compare with the client ID at the provider.',
        fix: '`--app-id <App ID>`, for good: `logto-cli profile set <name> --app-id <App ID>`.',
        logto: `It is the ${onApplication('App ID')}.`,
      },
      {
        cause:
          'The ID is right and the provider is not: another tenant or realm, development for production, another port.',
        tell: '`logto-cli profile show` has the address; compare it with that of the page where the application is.',
        fix: 'Copy both from one page: `logto-cli profile set <name> --issuer <issuer> --app-id <client ID>`.',
        logto: `${onApplication('Endpoints & Credentials')} has both; the tenant is at the top left. Of one of your own port 3001 is right, 3002 is the Console.`,
      },
      {
        cause: 'A variable is stronger than the profile and names another application or tenant.',
        tell: '`env | grep -E "LOGTO_(APP_ID|ENDPOINT)"` prints something.',
        fix: '`unset LOGTO_APP_ID LOGTO_ENDPOINT`',
      },
      {
        cause: 'The application was deleted, or made anew.',
        tell: 'The provider does not list the ID.',
        fix: 'Use the ID of the new one, and sign in again.',
        logto: `The list is ${inConsole('Applications')}.`,
      },
    ],
    details: answerDetails,
    seeAlso: ['client_rejected', 'redirect_uri_not_registered'],
  },
  client_secret_invalid: {
    meaning: 'The application is confidential, and its secret is wrong or has expired.',
    causes: [
      {
        cause: 'The secret was replaced or deleted, or has expired.',
        tell: 'The message says when it is the latter; else look at the secrets of the application at the provider.',
        fix: 'Create one there, and: `logto-cli profile set <name> --app-secret-stdin < secret.txt`, or set `LOGTO_APP_SECRET`.',
        logto: `${onApplication('App secrets')} shows when each was created and when it expires.`,
      },
      {
        cause:
          'It is the secret of another application or tenant: `LOGTO_APP_SECRET` is set for something else.',
        tell: '`printenv LOGTO_APP_SECRET | wc -c` is not 0, and it works after `unset LOGTO_APP_SECRET`.',
        fix: 'Unset it, or set it to the secret of this application.',
      },
      {
        cause: 'Quotes, spaces or a line break were copied along.',
        tell: '`wc -c < secret.txt` counts more than the secret has, one line break at the end aside.',
        fix: "`printf %s '<secret>' > secret.txt`, and pipe that in.",
      },
      {
        cause:
          'It is the field `secret` of the application in the Management API, which newer applications do not use.',
        tell: 'It is not in the list of App secrets.',
        fix: 'Use one of that list (`/api/applications/<App ID>/secrets` of the Management API).',
        logto: `The list is ${onApplication('App secrets')}.`,
        onlyAtLogto: true,
      },
    ],
    details: answerDetails,
    seeAlso: ['client_secret_missing', 'client_secret_unexpected', 'client_rejected'],
  },
  client_secret_missing: {
    meaning: 'The application is confidential, and no secret was given.',
    causes: [
      {
        cause: 'It is a web or machine-to-machine application, and nobody has set its secret here.',
        tell: 'The provider calls it confidential, and has a secret for it.',
        fix: '`logto-cli profile set <name> --app-secret-stdin < secret.txt`, or set `LOGTO_APP_SECRET`.',
        logto: `Traditional web and Machine-to-machine applications have them: ${onApplication('App secrets')}.`,
      },
      {
        cause:
          'The variable does not reach the program: not exported, in a `.env` file, or empty in this CI job.',
        tell: '`printenv LOGTO_APP_SECRET | wc -c` prints 0 or 1.',
        fix: 'Export it, name the file with `--dotenv .env`, or pass it to the step of the job.',
      },
      {
        cause:
          'The secret that is kept belongs to another application or endpoint, and is used for that one only.',
        tell: 'A flag or a variable (`--app-id`, `LOGTO_APP_ID`, `--endpoint`, `LOGTO_ENDPOINT`) differs from `logto-cli profile show`.',
        fix: 'Leave it out, or give the secret of this application too.',
      },
      {
        cause: 'A public application was meant.',
        tell: 'The program runs where no secret can be kept, such as on the machines of users.',
        fix: 'Make a public (native) one at the provider, and use its ID: `--app-id <client ID>`.',
        logto: `${inConsole('Applications', 'Create application', 'Native app')}.`,
      },
    ],
    details: answerDetails,
    seeAlso: ['client_secret_invalid', 'client_rejected'],
  },
  client_secret_unexpected: {
    meaning: 'The application is public (Native or Single page), and a secret was sent.',
    causes: [
      {
        cause: '`LOGTO_APP_SECRET` is set for another application.',
        tell: '`printenv LOGTO_APP_SECRET | wc -c` is not 0.',
        fix: '`unset LOGTO_APP_SECRET`, also in the file of `--dotenv`.',
      },
      {
        cause: 'The profile keeps a secret that somebody gave it for this application.',
        tell: '`logto-cli profile show` says where its app secret is, or the sign-in was given one.',
        fix: '`logto-cli profile remove <name>`, then make it anew without a secret.',
      },
      {
        cause: 'A confidential (web) application was meant.',
        tell: 'The provider has no secret for it.',
        fix: 'Make it confidential there, or make another one, and use its ID and secret.',
        logto: `The type of an application cannot be changed: ${inConsole('Applications', 'Create application', 'Traditional web')}.`,
      },
    ],
    details: answerDetails,
    seeAlso: ['client_secret_invalid', 'client_rejected'],
  },
  client_rejected: {
    meaning: 'The provider does not take the application or how it authenticates, and does not say which.',
    causes: [
      {
        cause: 'The client ID is wrong, that of another tenant or realm, or disabled.',
        tell: '`logto-cli profile show` beside the page of the application at the provider.',
        fix: 'Copy issuer and ID from one page: `logto-cli profile set <name> --issuer <issuer> --app-id <client ID>`.',
      },
      {
        cause: 'The application is confidential, and the secret is missing or wrong.',
        tell: 'The provider calls it "confidential", "web" or "client authentication: on".',
        fix: '`logto-cli profile set <name> --app-secret-stdin < secret.txt`, or set `LOGTO_APP_SECRET`.',
      },
      {
        cause: 'The application is public, and a secret was sent.',
        tell: '`printenv LOGTO_APP_SECRET | wc -c` is not 0; the provider calls it "public", "native" or "SPA".',
        fix: '`unset LOGTO_APP_SECRET`',
      },
      {
        cause: 'The application must authenticate in another way than it did.',
        tell: 'Its settings at the provider name another: `client_secret_post`, `private_key_jwt`, a certificate.',
        fix: '`--auth-method client_secret_post` (or another), with `--client-key <pem or jwk>` for `private_key_jwt`.',
      },
    ],
    details: { ...answerDetails, possible: 'the codes that it can be' },
    seeAlso: ['client_unknown', 'client_secret_invalid', 'client_secret_missing', 'client_secret_unexpected'],
  },
  redirect_uri_not_registered: {
    meaning:
      'The provider does not send the browser back to this redirect URI: it is not registered for the application.',
    causes: [
      {
        cause: 'It is not in the list of the application.',
        tell: 'Compare the URI in the message with those of the application. `logto-cli doctor` asks the provider, without a browser.',
        fix: 'Add it there, to the letter, and save: `http://localhost:3000/callback` unless you chose another. `logto-cli doctor --fix-hints console` prints what belongs into each field.',
        logto: `The list is ${onApplication('Redirect URIs')}.`,
      },
      {
        cause:
          'It is in the list with another path: a slash at the end, upper case, `/callback` missing, a query.',
        tell: 'Compare both letter by letter. The path has to match exactly.',
        fix: 'Correct the list, or give the URI as it stands there: `--redirect-uri <uri>`.',
      },
      {
        cause:
          'The host or the scheme differs: `localhost`, `127.0.0.1` and `[::1]` are three hosts for a provider, and `https:` is not `http:`.',
        tell: 'Compare the parts before the port.',
        fix: 'Register `http://localhost:3000/callback`, or use the one that is: `--redirect-uri http://127.0.0.1:3000/callback`.',
      },
      {
        cause:
          'The port differs: many providers take any port from a native application alone, some from none.',
        tell: '`--port` was given.',
        fix: 'Register the URI with that port, or leave out `--port`.',
        logto:
          'A Native application takes any port; Traditional web and Single page need the registered one.',
      },
      {
        cause:
          'The App ID is that of another application, or of one that has no redirect URIs (Machine-to-machine).',
        tell: 'The application with the ID of `logto-cli profile show` is not the one whose page you look at.',
        fix: '`--app-id <App ID>` of the right one.',
      },
    ],
    details: { ...answerDetails, redirect_uri: 'the URI that was sent' },
    seeAlso: ['post_logout_redirect_uri_not_registered', 'client_unknown', 'port_in_use'],
  },
  post_logout_redirect_uri_not_registered: {
    meaning:
      'The provider does not send the browser back to this address after a sign-out: it is not registered for the application.',
    causes: [
      {
        cause:
          'It is not in the list of post sign-out URIs, which is another one than that of redirect URIs.',
        tell: 'That list of the application at the provider lacks it.',
        fix: 'Add `http://localhost:3000/` there and save.',
        logto: `It is ${onApplication('Post sign-out redirect URIs')}.`,
      },
      {
        cause:
          'The port differs: here hardly any provider takes another one, not even from a native application.',
        tell: 'The sign-in used another port; `--port` of the sign-out is that of the sign-in unless given.',
        fix: 'Register `http://localhost:<port>/`, or come back to the registered one: `logto-cli sign-out --port 3000`.',
      },
      {
        cause: 'The path or the host differs: `/callback` for `/`, `127.0.0.1` for `localhost`.',
        tell: 'Compare both letter by letter.',
        fix: 'Register the URI to the letter, or `--post-logout-redirect-uri <uri>` as it stands there.',
        logto: 'Only the slash after a bare host does not matter.',
      },
    ],
    details: { redirect_uri: 'the URI that was sent' },
    seeAlso: ['redirect_uri_not_registered'],
  },
} satisfies Explanations;
