import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import type { Page } from './application-visitor.js';
import { gatewayStatuses, judgeRefused, type Refused, statusOf } from './judge-refused.js';
import { anotherUsersWords } from './misbehaving-provider.js';
import { says } from './signed-in-oracle.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';

type Named = Pick<ApplicationCheck, 'id' | 'title' | 'clause'>;

/** A sign-in during which the UserInfo endpoint does not answer with claims. */
function withoutClaims(check: Named, fault: string, what: string): ApplicationCheck {
  return {
    ...check,
    needs: ['sound.sign-in'],
    run: async (application) => {
      const visit = await application.visit({ userinfo: fault });
      const page = await visit.visitor.signIn();
      return judge(visit, page, { what, hint: goWithout, rightStatuses: gatewayStatuses });
    },
  };
}

const goWithout =
  'Take nothing for claims but an answer of status 200 that is JSON. Without one go by the ID token alone, or refuse the sign-in with a page that offers another, before a session begins.';

const compareSubjects =
  'Compare sub in UserInfo with sub in the ID token, and use no claim where they differ: in openid-client give it to fetchUserInfo as the expected subject.';

/** What an application has to do with the answers of the UserInfo endpoint, where it asks it. */
export const userinfoChecks: readonly ApplicationCheck[] = [
  {
    id: 'userinfo.other-subject',
    title: 'The claims of another user',
    clause: 'OpenID Connect Core 1.0, 5.3.2',
    needs: ['sound.sign-in'],
    run: takesOther,
  },
  withoutClaims(
    {
      id: 'userinfo.error-401',
      title: 'UserInfo that refuses the access token',
      clause: 'OpenID Connect Core 1.0, 5.3.3',
    },
    'error:invalid_token',
    'UserInfo that refuses the access token (401)',
  ),
  withoutClaims(
    { id: 'userinfo.error-500', title: 'UserInfo that fails', clause: 'OpenID Connect Core 1.0, 5.3.3' },
    'status:500',
    'UserInfo that fails (500)',
  ),
  withoutClaims(
    {
      id: 'userinfo.html',
      title: 'A page in the place of claims',
      clause: 'OpenID Connect Core 1.0, 5.3.2',
    },
    'html',
    'a page in the place of claims',
  ),
];

async function takesOther(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit({ userinfo: 'other-subject' });
  const page = await visit.visitor.signIn();
  const what = 'UserInfo of another subject';
  const result = await judge(visit, page, { what, hint: compareSubjects, rightStatuses: gatewayStatuses });
  const shown = saidOf(anotherUsersWords, [page, await lookedAt(application, visit)]);
  if (shown.length === 0) return result;
  // What it says to everybody is no claim of this answer.
  const sound = await application.visit();
  const usual = [await sound.visitor.signIn(), await lookedAt(application, sound)];
  const claims = shown.filter((word) => !saidOf(anotherUsersWords, usual).includes(word));
  if (claims.length === 0) return result;
  return failed(`After ${what} the user is shown as that one: ${claims.join(', ')}.`, compareSubjects);
}

function lookedAt({ options }: TestedApplication, { visitor }: ApplicationVisit): Promise<Page> {
  return visitor.open(options.signedInUrl ?? options.url);
}

function saidOf(words: readonly string[], pages: readonly Page[]): readonly string[] {
  return words.filter((word) => pages.some((page) => says(page, word)));
}

/** The ID token is sound there: who stays signed in by it is the right one, with or without a name. */
async function judge(visit: ApplicationVisit, page: Page, refused: Refused): Promise<CheckResult> {
  const { what, hint } = refused;
  const who = await visit.isSignedIn();
  if (!visit.requests.some(({ endpoint }) => endpoint === 'userinfo')) {
    return skipped('The application does not ask for UserInfo.');
  }
  if (who === 'somebody') {
    return warning(`After ${what} somebody is signed in whom the page does not name as the user.`, hint);
  }
  if (who === 'stuck') {
    // A page that asks anew each time is one that depends on it.
    visit.setFaults({});
    if ((await visit.isSignedIn()) === 'user') {
      return warning(`With ${what} the application shows errors for as long as that lasts.`, hint);
    }
  }
  if (who !== 'user' || page.end === 'hang') return judgeRefused(visit, page, refused);
  const isError = page.end === 'cut' || (page.end === 'page' && page.status >= 500);
  return isError
    ? warning(`After ${what} the user is signed in, but was shown an error first (${statusOf(page)}).`, hint)
    : passed(`After ${what} the user is signed in, as the ID token says.`);
}
