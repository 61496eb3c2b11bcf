import type { Explanations } from './explanation.js';

/** Exit code 2: an application that cannot be tested as it is. */
export const applicationErrors = {
  app_not_started: {
    meaning: 'The application that was to be tested does not answer at its address.',
    causes: [
      {
        cause: 'It ended while it started: a setting is missing, a module is not installed.',
        tell: 'The message has what it printed last.',
        fix: 'Run its command by hand with the variables that it is given. Give further ones with `--env NAME=template`, such as `--env AUTH_ISSUER={issuer}`.',
      },
      {
        cause: 'It listens at another address.',
        tell: 'What it printed names a port that is not that of the address.',
        fix: 'Give the address at which it listens, or make it listen there, such as with `--env PORT=8080`.',
      },
      {
        cause: 'Another program listens there already, perhaps the same application from before.',
        tell: 'The message says that something answers before the application was started.',
        fix: 'End that one, or leave out the command behind `--` to test what is there.',
      },
      {
        cause: 'It takes longer than a minute to start, as one that is compiled first.',
        tell: 'It printed that it still builds.',
        fix: 'Build it first, or start it by hand and leave out the command behind `--`.',
      },
    ],
    details: {
      url: 'the address at which it should answer',
      printed: 'what it printed last, line by line',
    },
    seeAlso: ['app_undecided', 'port_in_use'],
  },
  app_undecided: {
    meaning: 'Nobody can tell whether somebody is signed in to the application, or how one signs in there.',
    causes: [
      {
        cause: 'The sound sign-in failed already: a wrong client ID, secret, issuer or redirect URI.',
        tell: 'The message says that the end of a sound sign-in was an error, and what the application printed.',
        fix: 'Let the application use the variables that it is given, and name others with `--env NAME={issuer}`. Where its redirect URI is not on its own origin: `--redirect-uri <uri>`.',
      },
      {
        cause: 'Its start page looks the same to everybody.',
        tell: 'The message shows what a stranger saw and what the user did.',
        fix: 'Name a page that needs a sign-in, or shows who is signed in: `--signed-in <url>`. Or name what only such a page says: `--signed-in-text "Sign out"`.',
      },
      {
        cause: 'The way to the sign-in needs a script, or something filled in.',
        tell: 'The message says that nothing at the address leads to the provider.',
        fix: 'Name the address that sends a browser to the provider: `--sign-in <url>`.',
      },
      {
        cause: 'The application uses another provider than the one that it was given.',
        tell: 'The message says that it led out of bounds, and where to.',
        fix: 'Give the issuer in the variable that the application reads: `--env NAME={issuer}`.',
      },
    ],
    details: {
      url: 'the page that was looked at',
      printed: 'what the application printed last, line by line',
    },
    seeAlso: ['app_not_started', 'redirect_uri_not_registered'],
  },
} satisfies Explanations;
