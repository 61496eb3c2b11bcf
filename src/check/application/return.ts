import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { statusOf } from './judge-refused.js';
import type { TestedApplication } from './tested-application.js';

/** What applications take the place to return to after a sign-in from. */
const usualNames = [
  'returnTo',
  'return_to',
  'returnUrl',
  'redirect',
  'redirectTo',
  'redirect_to',
  'next',
  'callbackUrl',
  'continue',
  'destination',
  'target',
  'rd',
];

/** A host of nobody (RFC 2606). */
const elsewhere = 'logto-cli-elsewhere.example';
/** Ways to write an address elsewhere, which a browser takes for the same. */
const spellings = [`https://${elsewhere}/`, `//${elsewhere}/`, `/\\${elsewhere}/`];

/** Where an application lets whoever signs in be sent. */
export const returnChecks: readonly ApplicationCheck[] = [
  {
    id: 'return.elsewhere',
    title: 'A place to return to that is elsewhere',
    clause: 'RFC 9700, 4.11.1',
    needs: ['sound.sign-in'],
    run: goesElsewhere,
  },
];

async function goesElsewhere(application: TestedApplication): Promise<CheckResult> {
  const { options, words } = application;
  const { returnParameter } = options;
  const names = returnParameter === undefined ? usualNames : [returnParameter];
  let unanswered: string | null = null;
  for (const spelling of spellings) {
    const visit = await application.visit();
    // The path says which of them was followed.
    const parameters = Object.fromEntries(names.map((name) => [name, `${spelling}${name}`]));
    const page = await visit.visitor.signIn({ parameters });
    const followed = page.trail.find(({ url }) => new URL(url).hostname === elsewhere);
    if (followed !== undefined) {
      const name =
        names.find((own) => new URL(followed.url).pathname.startsWith(`/${own}`)) ?? names.join(', ');
      return failed(
        `The sign-in ends at another origin, which its start was given as a place to return to (${name}=${spelling}): whoever sends somebody such a link leads them wherever they want, from an address that is trusted.`,
        'Return to places of the application only: new URL(place, own).origin has to be the own one, or keep names of pages in place of addresses.',
      );
    }
    if ((await visit.isSignedIn()) !== 'user') unanswered = statusOf(page);
  }
  return unanswered === null
    ? passed(`Nothing that the start is given leads elsewhere after the sign-in (${names.join(', ')}).`)
    : skipped(
        `With a place to return to nobody is signed in (${unanswered}), so that this does not tell: name the parameter with ${words.returnParameter}.`,
      );
}
