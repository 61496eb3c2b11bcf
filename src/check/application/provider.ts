import { LogtoError } from '../../errors.js';
import type { CheckResult } from '../run/check.js';
import { passed } from '../run/check-results.js';
import { failed } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { askFresh } from './fresh-reading.js';
import { gatewayStatuses, judgeRefused, type Refused, statusOf } from './judge-refused.js';
import type { ProviderFaults } from './misbehaving-provider.js';
import type { TestedApplication } from './tested-application.js';

/** A sign-in while something of the provider is down for everybody, and one after it is up again. */
interface Outage extends Pick<ApplicationCheck, 'id' | 'title' | 'clause'> {
  readonly what: string;
  readonly hint: string;
  readonly down: ProviderFaults;
  /** Since the application was started, or since the callback. */
  readonly since: 'start' | 'callback';
}

const askAgain =
  'Keep no failure: ask again at the next sign-in, where the last answer was none. Somebody who caches a promise has to forget one that was rejected.';

const outages: readonly Outage[] = [
  {
    id: 'provider.discovery-down',
    title: 'A discovery document that cannot be had',
    clause: 'OpenID Connect Discovery 1.0, 4',
    what: 'a sign-in without the discovery document',
    hint: askAgain,
    down: { discovery: 'down' },
    since: 'start',
  },
  {
    id: 'provider.keys-down',
    title: 'Keys that cannot be had',
    clause: 'OpenID Connect Core 1.0, 10.1.1',
    what: "a sign-in without the provider's keys",
    hint: askAgain,
    down: { jwks: 'down' },
    since: 'start',
  },
  {
    id: 'provider.down',
    title: 'A provider that is gone when the callback comes',
    clause: 'OpenID Connect Core 1.0, 3.1.3',
    what: 'a callback while the provider is down',
    hint: `Catch what requests to the provider throw where it is not there. ${askAgain}`,
    down: { discovery: 'down', jwks: 'down', token: 'down', userinfo: 'down' },
    since: 'callback',
  },
];

// What waits meanwhile would look at an application that was started anew.
const order = { needs: ['sound.sign-in'], after: ['sound.rotated-key'] };

/**
 * What an application has to do with a provider that is not the one it should be, or is down; and after that, without
 * being started anew.
 */
export const providerChecks: readonly ApplicationCheck[] = [
  {
    id: 'provider.other-issuer',
    title: 'A discovery document of another issuer',
    clause: 'OpenID Connect Discovery 1.0, 4.3',
    ...order,
    run: believesOtherIssuer,
  },
  ...outages.map(
    ({ id, title, clause, down, since, ...rest }): ApplicationCheck => ({
      id,
      title,
      clause,
      ...order,
      run: (application) =>
        outlast(application, { down, since }, { ...rest, rightStatuses: gatewayStatuses }),
    }),
  ),
];

/** All of it is of that issuer, the ID token too: whoever goes by the document finds nothing wrong. */
function believesOtherIssuer(application: TestedApplication): Promise<CheckResult> {
  const what = 'a sign-in with the discovery document of another issuer';
  return askFresh(application, {
    document: 'discovery',
    name: 'the discovery document',
    faults: { discovery: 'other-issuer' },
    ofVisit: () => ({ idToken: 'bad-issuer', response: 'other-iss' }),
    judge: async (visit, page) => {
      const who = await visit.isSignedIn();
      if (page.end !== 'hang' && (who === 'nobody' || who === 'stuck')) {
        return passed(`After ${what} nobody is signed in (${statusOf(page)}).`);
      }
      return failed(
        page.end === 'hang'
          ? `At ${what} the application does not answer in time.`
          : `After ${what} ${who === 'user' ? 'the user' : 'somebody'} is signed in.`,
        'Compare issuer in the discovery document with the issuer that the application is set to, sign by sign, before anything else of it is used: discovery of openid-client does. What follows is compared with that issuer too, not with what a document says.',
      );
    },
    notStarted: () => passed('With the discovery document of another issuer the application does not start.'),
  });
}

/** Alone until it is judged: one that keeps its failure would fail the checks beside this one, too. */
function outlast(
  application: TestedApplication,
  { down, since }: Pick<Outage, 'down' | 'since'>,
  refused: Refused,
): Promise<CheckResult> {
  return application.alone({}, async () => {
    if (since === 'start') await startWithout(application, down);
    const visit = await application.visit();
    const page = await visit.visitor.signIn({
      onCallback: (callback) => {
        application.provider.setFaults(down);
        return callback;
      },
    });
    application.provider.setFaults({});
    // One that goes by what it read before, and believes nothing that is false, may sign in.
    if (page.end === 'page' && page.status < 500 && (await visit.isSignedIn()) === 'user') {
      return passed(
        `After ${refused.what} the user is signed in: the application goes by what it read before, or does without.`,
      );
    }
    const result = await judgeRefused(visit, page, refused);
    // One that has ended is started again by whoever looks why.
    if (result.outcome === 'failed' && !(await application.process.isGone())) await application.restart();
    return result;
  });
}

/**
 * Starts the application anew, where that can be done from here: what it has read before would hide what it does without.
 * One that reads it before it answers anybody is started soundly.
 */
async function startWithout({ process, provider }: TestedApplication, faults: ProviderFaults): Promise<void> {
  provider.setFaults(faults);
  try {
    await process.restart();
  } catch (error) {
    if (!(error instanceof LogtoError) || error.code !== 'app_not_started') throw error;
    provider.setFaults({});
    await process.restart();
    provider.setFaults(faults);
  }
}
