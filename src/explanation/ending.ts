import { inConsole, onApplication } from '../logto-console.js';
import type { Explanations } from './explanation.js';

/** Exit codes 124, 130, 143 and 1: time, signals and bugs. */
export const endings = {
  sign_in_timeout: {
    meaning:
      'Nobody came back from the page of the provider in time: 300 seconds unless `--timeout` says otherwise.',
    causes: [
      {
        cause: 'The page showed an error instead of the sign-in, and such a page never comes back.',
        tell: 'Look at it: `invalid_redirect_uri` or `invalid_client` in the browser. `logto-cli doctor` finds the same without one.',
        fix: 'See `logto-cli explain redirect_uri_not_registered` and `logto-cli explain client_unknown`.',
      },
      {
        cause:
          'Perhaps Cancel was pressed on the consent page: some providers then send the browser back with nothing in the address.',
        tell: 'The message says that a request came without a state; ask whoever sat there.',
        fix: 'Sign in again, and agree on that page: `logto-cli sign-in`.',
        logto: 'It does so for third-party applications.',
      },
      {
        cause: 'The page says that this user may not use the application, and goes nowhere.',
        tell: 'Look at it: "Access denied" or the like.',
        fix: 'Let the user in by the rules of the application at the provider, or sign in as another.',
        logto: `They are in ${onApplication('Rules')}.`,
      },
      {
        cause: 'No browser opened: SSH, a container, CI.',
        tell: 'Only the address was printed, and nobody opened it.',
        fix: 'Forward the port with `ssh -L 3000:localhost:3000 <host>`, run `logto-cli sign-in --no-browser` there, and open the address here. Or use `logto-cli sign-in --device`, where the application allows that.',
      },
      {
        cause: 'The browser came back to somewhere else: another machine, or a port that is not forwarded.',
        tell: 'After the sign-in the browser says that `localhost` refused to connect.',
        fix: 'Paste the address that the browser shows at the terminal, or forward the port. A container needs `docker run --network host …`: `docker run -p` does not reach its loopback.',
      },
      {
        cause: 'The code of `logto-cli sign-in --device` expired before somebody entered it.',
        tell: 'The message says for how long it could be used.',
        fix: 'Run `logto-cli sign-in --device` again for a new code, and finish on the page that it names.',
      },
      {
        cause: 'The person needed longer: a second factor, an e-mail, a registration.',
        tell: 'The page still waited for them.',
        fix: '`--timeout 900`',
      },
    ],
    seeAlso: [
      'redirect_uri_not_registered',
      'client_unknown',
      'access_denied',
      'state_mismatch',
      'port_in_use',
    ],
  },
  interrupted: {
    meaning: 'Ctrl-C ended the program (exit code 130), or `SIGTERM` did (143).',
    causes: [
      {
        cause: 'Somebody pressed Ctrl-C.',
        tell: 'The exit code is 130.',
        fix: 'Run it again. A sign-in that was not finished changes nothing: `logto-cli whoami` shows the session that is stored.',
      },
      {
        cause: 'Something else ended it: the time limit of a CI job, `timeout`, `docker stop`.',
        tell: 'The exit code is 143; the log of the job says "cancelled" or "timed out".',
        fix: 'Give the job more time, or less to the person, so that the error is a clear one: `--timeout 60`.',
      },
    ],
    details: { signal: '`SIGINT` or `SIGTERM`' },
    seeAlso: ['sign_in_timeout'],
  },
  assertion_failed: {
    meaning: 'The command worked, and its result is not what `--expect` says.',
    causes: [
      {
        cause: 'The value is another one.',
        tell: 'Each assertion that failed is listed with what was there.',
        fix: 'Correct the user, role or resource at the provider, or the assertion.',
        logto: `They are in ${inConsole('User management')}, ${inConsole('Roles')} and ${inConsole('Custom JWT')}.`,
      },
      {
        cause:
          'The claim is missing: its scope was not asked for, or the provider puts it into UserInfo only.',
        tell: '`logto-cli whoami` lists the claims of the ID token, `logto-cli whoami --remote` those of UserInfo too.',
        fix: 'Ask for its scope: `logto-cli sign-in --scope <scope>`.',
      },
      {
        cause: 'The shell changed the assertion.',
        tell: 'What is listed is not what you wrote: `!`, `[]`, `>` and `$` mean something to a shell.',
        fix: "Put it into single quotes: `--expect 'roles[]=admin'`.",
      },
    ],
    seeAlso: ['usage_invalid', 'scope_not_allowed'],
  },
  internal_error: {
    meaning: 'Something went wrong inside this program: a bug of ours.',
    causes: [
      {
        cause: 'A bug.',
        tell: 'The same command with `--verbose` prints where it struck.',
        fix: 'Report that output, which holds no secrets, with `logto-cli --version`, `node --version` and your system.',
      },
      {
        cause: 'Node.js is too old, or the installation is damaged.',
        tell: '`node --version` is below 20.19, or `npm ls --global logto-cli` complains.',
        fix: 'Use Node.js 20.19 or newer, then `npm install --global logto-cli`.',
      },
    ],
  },
} satisfies Explanations;
