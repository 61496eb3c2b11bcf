import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import type { Page } from './application-visitor.js';
import { cannotTell } from './cannot-tell.js';
import { gatewayStatuses, judgeRefused, type Refused } from './judge-refused.js';
import type { ProviderRequest } from './misbehaving-provider.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

type Named = Pick<ApplicationCheck, 'id' | 'title' | 'clause'>;

/** A sign-in during which the token endpoint does something wrong. */
function wrongAnswer(
  check: Named,
  fault: string,
  refused: Refused,
  judge: (visit: ApplicationVisit, page: Page, refused: Refused) => Promise<CheckResult> = judgeRefused,
): ApplicationCheck {
  return {
    ...check,
    needs: ['sound.sign-in'],
    run: async (application) => {
      const visit = await application.visit({ token: fault });
      const page = await visit.visitor.signIn();
      // What nobody asked for cannot have been believed.
      if (codeRequests(visit).length === 0) return sendsNoCode;
      return judge(visit, page, refused);
    },
  };
}

const sendsNoCode = skipped('The application sends no code to the token endpoint.');

const refuseOthers =
  'Take nothing for tokens but an answer of status 200 that is JSON and has them: leave that to the library, and let what it throws be an error page.';

/** What an application has to do with the answers of the token endpoint. */
export const tokenChecks: readonly ApplicationCheck[] = [
  wrongAnswer(
    {
      id: 'token.never',
      title: 'A token endpoint that never answers',
      clause: 'OpenID Connect Core 1.0, 3.1.3',
    },
    'never',
    {
      what: 'a token endpoint that never answers',
      hint: 'Give requests to the provider a limit of a few seconds (timeout of the HTTP client or library; in openid-client that of its configuration), since a person waits for them.',
      rightStatuses: gatewayStatuses,
    },
  ),
  wrongAnswer(
    { id: 'token.error-400', title: 'A code that is refused', clause: 'RFC 6749, 5.2' },
    'error:invalid_grant',
    { what: 'a code that the token endpoint refuses (400)', hint: refuseOthers },
  ),
  wrongAnswer(
    {
      id: 'token.error-401',
      title: 'A token endpoint that refuses the application',
      clause: 'RFC 6749, 5.2',
    },
    'error:invalid_client',
    {
      what: 'a token endpoint that refuses the application (401)',
      hint: refuseOthers,
      rightStatuses: gatewayStatuses,
    },
  ),
  wrongAnswer(
    { id: 'token.error-500', title: 'A token endpoint that fails', clause: 'RFC 6749, 5.1' },
    'status:500',
    { what: 'a token endpoint that fails (500)', hint: refuseOthers, rightStatuses: gatewayStatuses },
  ),
  wrongAnswer({ id: 'token.html', title: 'A page in the place of tokens', clause: 'RFC 6749, 5.1' }, 'html', {
    what: 'a page in the place of tokens',
    hint: refuseOthers,
    rightStatuses: gatewayStatuses,
  }),
  wrongAnswer(
    { id: 'token.invalid-json', title: 'Half a JSON document', clause: 'RFC 6749, 5.1' },
    'invalid-json',
    {
      what: 'half a JSON document in the place of tokens',
      hint: `Begin a session only when the tokens are read. ${refuseOthers}`,
      rightStatuses: gatewayStatuses,
    },
  ),
  wrongAnswer(
    { id: 'token.no-access-token', title: 'No access token', clause: 'RFC 6749, 5.1' },
    'no-access-token',
    {
      what: 'an answer without an access token',
      hint: 'Refuse an answer that has no access_token, which is required.',
      rightStatuses: gatewayStatuses,
    },
    judgeWithoutAccessToken,
  ),
  wrongAnswer(
    { id: 'token.redirect', title: 'A token endpoint that redirects', clause: 'RFC 9110, 15.4' },
    'redirect',
    {
      what: 'a token endpoint that redirects to another host',
      hint: 'Follow no redirect of the token endpoint.',
      rightStatuses: gatewayStatuses,
    },
    judgeRedirected,
  ),
  {
    id: 'token.code-once',
    title: 'A code that is sent once',
    clause: 'RFC 6749, 4.1.2',
    needs: ['sound.sign-in'],
    run: sendsOnce,
  },
];

/** The ID token is sound there: whoever is signed in by it is the right one. */
async function judgeWithoutAccessToken(
  visit: ApplicationVisit,
  page: Page,
  refused: Refused,
): Promise<CheckResult> {
  if (page.end === 'page' && (await visit.isSignedIn()) === 'user') {
    return warning(
      'After an answer without an access token the user is signed in, by its ID token, which is sound.',
      refused.hint,
    );
  }
  return judgeRefused(visit, page, refused);
}

/** What nobody but the provider may be told. */
const secrets: Readonly<Record<string, string>> = {
  code: 'the code',
  code_verifier: 'the verifier',
  client_secret: 'the secret',
  client_assertion: "the application's assertion",
};

async function judgeRedirected(visit: ApplicationVisit, page: Page, refused: Refused): Promise<CheckResult> {
  const followed = visit.requests.filter(({ endpoint }) => endpoint === 'elsewhere');
  const sent = Object.keys(secrets).filter((name) =>
    followed.some(({ parameters }) => parameters.some(([own]) => own === name)),
  );
  const told = sent.map((name) => secrets[name] ?? name);
  if (followed.some(({ authorization }) => authorization === 'basic'))
    told.push('the secret (in Authorization)');
  if (told.length === 0) return judgeRefused(visit, page, refused);
  return failed(
    `When the token endpoint redirects to another host (307), that host is sent ${told.join(', ')}.`,
    'Follow no redirect there: redirect "manual" or "error" for fetch, maxRedirects 0 for axios, allow_redirects=False for requests.',
  );
}

/** The requests of a visit that bring a code to the token endpoint. */
function codeRequests({ requests }: Pick<ApplicationVisit, 'requests'>): readonly ProviderRequest[] {
  return requests.filter(
    ({ endpoint, parameters }) => endpoint === 'token' && parameters.some(([name]) => name === 'code'),
  );
}

async function sendsOnce(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  await visit.visitor.signIn();
  const who = await visit.isSignedIn();
  const all = codeRequests(visit);
  if (all.length === 0) return sendsNoCode;
  if (who !== 'user') return cannotTell(`After a sound sign-in the user was taken for ${who}.`);
  // Some libraries find out so how the application is to authenticate: such a code is still unused.
  const used = all.filter(({ status }) => status !== 401);
  if (used.length > 1) {
    return failed(
      `In one sign-in the code is sent to the token endpoint ${used.length} times (answered ${used.map(({ status }) => status).join(', ')}): a provider may take back the tokens that it gave for it.`,
      'Exchange the code in one place, once, and keep what comes of it; where the callback is handled twice (middleware and route, or a page that loads twice), let one of them go.',
    );
  }
  return passed(
    'The code is sent once, and taken with its redirect URI, verifier and authentication as registered.',
  );
}
