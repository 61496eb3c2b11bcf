import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import type { ApplicationOptions } from './application-options.js';
import type { ApplicationVisitor, SignOutPage } from './application-visitor.js';
import { statusOf } from './judge-refused.js';
import type { ProviderRequest } from './misbehaving-provider.js';
import type { ApplicationVisit, TestedApplication } from './tested-application.js';
import type { VisitingWords } from './visiting.js';

/** A browser in which somebody has signed in and out. */
interface SignedOut {
  readonly visit: ApplicationVisit;
  /** With the cookies from before the sign-out. */
  readonly copy: ApplicationVisitor;
  /** Where the sign-out ended. */
  readonly page: SignOutPage;
  /** What the provider was asked to end. */
  readonly ends: readonly ProviderRequest[];
}

function missing({ signOutUrl }: ApplicationOptions, { signOut }: VisitingWords): string | null {
  return signOutUrl === undefined
    ? `Where the application signs out is not known: name it with ${signOut}.`
    : null;
}

/** A check that is skipped where nobody named the sign-out. */
function ofSignOut(
  check: Pick<ApplicationCheck, 'id' | 'title' | 'clause' | 'needs'>,
  judge: (signedOut: SignedOut, application: TestedApplication) => CheckResult | Promise<CheckResult>,
): ApplicationCheck {
  return {
    ...check,
    missing,
    run: async (application) => judge(await signedOut(application), application),
  };
}

/** What an application has to see to when somebody signs out. */
export const signOutChecks: readonly ApplicationCheck[] = [
  ofSignOut(
    {
      id: 'sign-out.session',
      title: 'The session of the application after a sign-out',
      clause: 'OpenID Connect RP-Initiated Logout 1.0, 2',
      needs: ['sound.sign-in'],
    },
    endsSession,
  ),
  ofSignOut(
    {
      id: 'sign-out.copied-cookie',
      title: 'A cookie that was copied before the sign-out',
      clause: 'RFC 6265, 8.4',
      needs: ['sign-out.session'],
    },
    endsCopies,
  ),
  ofSignOut(
    {
      id: 'sign-out.provider',
      title: 'The session of the provider after a sign-out',
      clause: 'OpenID Connect RP-Initiated Logout 1.0, 2',
      needs: ['sign-out.session'],
    },
    endsSessionOfProvider,
  ),
  ofSignOut(
    {
      id: 'sign-out.return',
      title: 'The way back from the sign-out',
      clause: 'OpenID Connect RP-Initiated Logout 1.0, 3',
      needs: ['sign-out.provider'],
    },
    comesBack,
  ),
];

/** Signs in and out; once more where the first time told which address has to be registered for the way back. */
async function signedOut(application: TestedApplication): Promise<SignedOut> {
  const first = await signOutOnce(application);
  const refused = first.ends.find(({ status }) => status >= 400);
  const postLogoutRedirectUri = refused && parameter(refused, 'post_logout_redirect_uri');
  if (postLogoutRedirectUri === undefined || !URL.canParse(postLogoutRedirectUri)) return first;
  if (!application.isApplication(postLogoutRedirectUri)) return first;
  application.provider.register(application.options.appId, { postLogoutRedirectUri });
  return signOutOnce(application);
}

async function signOutOnce(application: TestedApplication): Promise<SignedOut> {
  const visit = await application.visit();
  await visit.visitor.signIn();
  const copy = await visit.visitor.withCookies(await visit.visitor.cookies());
  const page = await visit.visitor.signOut();
  const ends = visit.requests.filter(({ endpoint }) => endpoint === 'end-session');
  return { visit, copy, page, ends };
}

async function endsSession({ visit, page }: SignedOut): Promise<CheckResult> {
  if (page.end === 'hang' || page.end === 'cut') {
    return failed(
      page.end === 'hang'
        ? 'The sign-out is not answered in time.'
        : 'The sign-out is answered with a broken connection.',
      'Catch what the sign-out throws, and answer with a redirect.',
    );
  }
  const who = await visit.isSignedIn();
  if (who === 'nobody') return passed(`After the sign-out nobody is signed in (${statusOf(page)}).`);
  if (!page.isBegun && who !== 'stuck') {
    return {
      outcome: 'incomplete',
      message: `The address of the sign-out answers with a page (${statusOf(page)}) that signs nobody out by itself, and has no button for it that works without scripts.`,
      hint: 'Name with --sign-out the address that signs out, or a page with a form for it.',
    };
  }
  return failed(
    who === 'stuck'
      ? 'After the sign-out that browser is answered with errors.'
      : `After the sign-out (${statusOf(page)}) the browser is still signed in.`,
    'End the session of the application at its sign-out, before the browser is sent to the provider; and look whether the cookie is taken away with the path and domain that it was set with.',
  );
}

async function endsCopies({ visit, copy }: SignedOut): Promise<CheckResult> {
  const who = await visit.isSignedIn(copy);
  return who === 'user' || who === 'somebody'
    ? warning(
        'A cookie that was copied before the sign-out is signed in after it: the session lives in the cookie alone, or was not forgotten on the server.',
        'Forget the session on the server at the sign-out (req.session.destroy() of express-session); where it lives in the cookie alone, keep it short, or a list of those that are over.',
      )
    : passed('A cookie that was copied before the sign-out signs in nobody after it.');
}

const endAtProvider =
  'Send the browser from the sign-out to end_session_endpoint, with the ID token as id_token_hint and post_logout_redirect_uri: buildEndSessionUrl() of openid-client, signOut() of the Logto SDKs.';

async function endsSessionOfProvider({ visit, ends }: SignedOut): Promise<CheckResult> {
  const refused = ends.find(({ status }) => status >= 400);
  if (refused !== undefined) {
    return failed(
      `The provider refused to end the session (status ${refused.status}): whoever signs out ends at its error page, and stays signed in there. It was given: ${namesOf(refused)}.`,
      `Give as id_token_hint the ID token as it came, and as post_logout_redirect_uri an address of the application. ${endAtProvider}`,
    );
  }
  const next = await visit.visitor.signIn();
  if ((await visit.isSignedIn()) !== 'user') {
    return failed(
      `In a browser that has signed out, a sound sign-in no longer works (${statusOf(next)}).`,
      'Forget at the sign-out whatever was kept of the sign-in, so that the next one starts afresh.',
    );
  }
  if (next.isAsked) return passed('After the sign-out the provider asks who it is.');
  return warning(
    ends.length === 0
      ? 'The sign-out does not reach the provider: the next one to sign in at that browser is the same user, without a question.'
      : 'The session of the provider outlives the sign-out: the next one to sign in at that browser is the same user, without a question.',
    `Where that is not meant: ${endAtProvider}`,
  );
}

function comesBack({ page, ends }: SignedOut, application: TestedApplication): CheckResult {
  if (page.end === 'elsewhere' && !application.isProvider(page.url)) {
    return skipped(`The sign-out leads to ${new URL(page.url).origin}, which is not asked here.`);
  }
  if (!application.isProvider(page.url)) {
    return page.end === 'page' && page.status >= 400
      ? warning(`The sign-out ends with status ${page.status}.`, 'Let it end at a page that anybody may see.')
      : passed('The sign-out ends at the application.');
  }
  const away = page.trail.findIndex(({ url }) => application.isProvider(url));
  const isBack = page.trail
    .slice(away)
    .some(({ url, status }) => status !== null && application.isApplication(url));
  if (isBack) return passed('The sign-out comes back to the application, which leads to the provider again.');
  const [end] = ends;
  if (end === undefined) {
    return warning('The sign-out ends at a page of the provider.', endAtProvider);
  }
  return warning(
    `The sign-out ends at the provider, and does not come back. It was given: ${namesOf(end)}.`,
    'Send post_logout_redirect_uri, an address of the application that is registered for it, together with id_token_hint or client_id.',
  );
}

function parameter({ parameters }: ProviderRequest, name: string): string | undefined {
  return parameters.find(([own]) => own === name)?.[1];
}

function namesOf({ parameters }: ProviderRequest): string {
  return parameters.map(([name]) => name).join(', ') || 'nothing';
}
