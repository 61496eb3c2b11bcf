import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { statusOf } from './judge-refused.js';
import type { TestedApplication } from './tested-application.js';

/** What an application has to do where nothing is wrong. */
export const soundChecks: readonly ApplicationCheck[] = [
  {
    id: 'sound.sign-in',
    title: 'A sign-in, and the pages after it',
    clause: 'OpenID Connect Core 1.0, 3.1.2',
    needs: ['request.response-type', 'request.redirect-uri'],
    run: signsIn,
  },
  {
    id: 'sound.single-sign-on',
    title: "A sign-in by the provider's session alone",
    clause: 'OpenID Connect Core 1.0, 3.1.2.3',
    needs: ['sound.sign-in'],
    run: signsInOnce,
  },
  {
    id: 'sound.audience-list',
    title: 'An ID token whose audience is a list of one',
    clause: 'OpenID Connect Core 1.0, 2',
    needs: ['sound.sign-in'],
    run: takesListedAudience,
  },
];

/** Pages that are looked at after a sign-in. */
const looks = 3;

async function signsIn(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  const page = await visit.visitor.signIn();
  for (let count = 0; count < looks; count += 1) {
    const who = await visit.isSignedIn();
    if (who === 'user') continue;
    return failed(
      `After a sound sign-in (${statusOf(page)}) ${application.user.username} was taken for ${who} at look ${count + 1} of ${looks}.`,
      'Keep the session for as long as its cookie lives, in a place that all processes of the application share.',
    );
  }
  return passed(`${application.user.username} signs in, and stays signed in.`);
}

async function signsInOnce(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit();
  await visit.visitor.signIn();
  const other = await visit.visitor.withoutApplication?.();
  if (other === undefined) return skipped('This visitor cannot forget the application alone.');
  const page = await other.signIn();
  const who = await visit.isSignedIn(other);
  if (who !== 'user') {
    return failed(
      `A browser that the provider knows already was taken for ${who} after its sign-in (${statusOf(page)}).`,
      'Take the answer of the provider as it comes, whether or not it has shown a page.',
    );
  }
  return page.isAsked
    ? warning(
        'The user has to sign in at the provider again, though it knows this browser.',
        'Leave prompt=login and max_age=0 out of the authorization request, unless each sign-in has to be proved anew.',
      )
    : passed('A browser that the provider knows already is signed in without a page.');
}

/** Many providers, Logto among them, write a text where there is one audience, and some a list. */
async function takesListedAudience(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit({ idToken: 'audience-list' });
  const page = await visit.visitor.signIn();
  return (await visit.isSignedIn()) === 'user'
    ? passed('An ID token is taken whose aud is a list with the application alone in it.')
    : warning(
        `An ID token whose aud is a list with the application alone in it does not sign in (${statusOf(page)}): at a provider that writes it so nobody can.`,
        'Read aud as a text or as a list, and look whether the client ID is in it, as jose and PyJWT do when they are told the audience.',
      );
}
