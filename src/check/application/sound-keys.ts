import { counted } from '../../wording.js';
import type { CheckResult } from '../run/check.js';
import { passed, skipped } from '../run/check-results.js';
import { failed, warning } from '../run/claused-check.js';
import type { ApplicationCheck } from './application-check.js';
import { askFresh } from './fresh-reading.js';
import { judgeRefused, statusOf } from './judge-refused.js';
import type { TestedApplication } from './tested-application.js';

/** What an application has to take that a provider may do with its keys and its clock. */
export const soundKeyChecks: readonly ApplicationCheck[] = [
  {
    id: 'sound.no-kid',
    title: 'An ID token that does not name the only key',
    clause: 'OpenID Connect Core 1.0, 10.1',
    needs: ['sound.sign-in'],
    run: takesUnnamedKey,
  },
  {
    id: 'sound.clock',
    title: "A provider's clock that is 30 s off",
    clause: 'OpenID Connect Core 1.0, 3.1.3.7 (9, 10)',
    needs: ['sound.sign-in'],
    run: bearsClock,
  },
  {
    id: 'sound.algorithm',
    title: 'RS256 and ES384',
    clause: 'OpenID Connect Core 1.0, 3.1.3.7 (7)',
    needs: ['sound.sign-in'],
    // Its key is published from then on.
    after: ['sound.no-kid'],
    run: takesOtherAlgorithm,
  },
  {
    id: 'sound.rotated-key',
    title: 'A new key of the provider',
    clause: 'OpenID Connect Core 1.0, 10.1.1',
    needs: ['sound.sign-in'],
    after: ['sound.no-kid'],
    run: followsRotation,
  },
  {
    id: 'sound.several-keys',
    title: 'Keys of several types',
    clause: 'RFC 7517, 5',
    needs: ['sound.sign-in'],
    after: ['sound.no-kid'],
    run: findsKeyAmongSeveral,
  },
];

async function takesUnnamedKey(application: TestedApplication): Promise<CheckResult> {
  const { keys } = application.provider.publication;
  if (keys !== 1) {
    return skipped(
      `The provider publishes ${counted(keys, 'key')}, and without its name one is found only where there is one.`,
    );
  }
  const visit = await application.visit({ idToken: 'no-kid' });
  const page = await visit.visitor.signIn();
  const who = await visit.isSignedIn();
  return who === 'user'
    ? passed('An ID token without kid is checked with the only key that there is.')
    : failed(
        `An ID token without kid is refused (${statusOf(page)}), though the provider has one key only: at such a provider nobody can sign in.`,
        'Where the header of a JWT has no kid, and one published key fits its algorithm, take that one, as createRemoteJWKSet in jose does.',
      );
}

const directions = [
  ['+30s', 'ahead'],
  ['-30s', 'behind'],
] as const;

async function bearsClock(application: TestedApplication): Promise<CheckResult> {
  for (const [clock, where] of directions) {
    const visit = await application.visit({ clock });
    const page = await visit.visitor.signIn();
    if ((await visit.isSignedIn()) === 'user') continue;
    return warning(
      `While the clock of the provider is 30 s ${where}, nobody can sign in (${statusOf(page)}).`,
      'Let clocks differ by a minute when times of a JWT are compared: clockTolerance in jose and openid-client, leeway in PyJWT.',
    );
  }
  return passed('A clock that is 30 s ahead or behind is borne.');
}

/** The specification lets an application insist on one (SHOULD be the one that it is registered with). */
async function takesOtherAlgorithm(application: TestedApplication): Promise<CheckResult> {
  const announced = application.provider.publication.idTokenAlgorithms;
  if (!['RS256', 'ES384'].every((algorithm) => announced.includes(algorithm))) {
    return skipped(`The provider announces ${announced.join(' and ')} alone.`);
  }
  const visit = await application.visit({ idToken: 'other-algorithm' });
  const page = await visit.visitor.signIn();
  if ((await visit.isSignedIn()) === 'user') {
    return passed('ID tokens are taken that are signed with RS256, and with ES384.');
  }
  const result = await judgeRefused(visit, page, {
    what: 'an ID token that is signed by another algorithm',
    hint: insist,
  });
  return result.outcome === 'passed'
    ? skipped(
        `The application insists on one algorithm, and refuses the other (${statusOf(page)}), as it may. ${insist}`,
      )
    : result;
}

const insist =
  'Logto signs with ES384 unless it was set otherwise, many providers with RS256: the application has to be set to what its provider uses (id_token_signed_response_alg in openid-client, idTokenSigningAlg in express-openid-connect).';

/** Milliseconds after which it is looked again: libraries look keys up at most every 30 s, or keep them for 60 s. */
const looksAgain = [31_000, 30_000];

async function followsRotation(application: TestedApplication): Promise<CheckResult> {
  const visit = await application.visit({ jwks: 'rotated' });
  const page = await visit.visitor.signIn();
  if ((await visit.isSignedIn()) === 'user') {
    return passed('An ID token that a new key has signed is taken at once.');
  }
  const hint =
    'Where no known key has the kid of a JWT, read the published ones again before it is refused, and not more often than every few seconds: createRemoteJWKSet in jose and PyJWKClient in PyJWT do.';
  let waited = 0;
  for (const milliseconds of looksAgain) {
    await application.wait(milliseconds);
    waited += milliseconds / 1000;
    const later = visit.newVisitor();
    await later.signIn();
    if ((await later.isSignedIn()) !== 'user') continue;
    return warning(
      `After the provider has begun to sign with a new key, nobody can sign in at first (${statusOf(page)}); ${waited} s later somebody can.`,
      hint,
    );
  }
  return failed(
    `After the provider has begun to sign with a new key, which it publishes, nobody can sign in (${statusOf(page)}), also ${waited} s later.`,
    hint,
  );
}

function findsKeyAmongSeveral(application: TestedApplication): Promise<CheckResult> {
  const hint =
    'Find the key by its kid, and pass over those of types that are not known: others may be there for others.';
  return askFresh(application, {
    document: 'keys',
    name: "the provider's keys",
    faults: { jwks: 'several' },
    // Whoever does not know the key of an ID token looks again; whoever has just begun looks without that.
    ofVisit: (isRestarted) => (isRestarted ? {} : { jwks: 'rotated' }),
    judge: async (visit, page) => {
      const found = passed('The key of an ID token is found among keys of several types.');
      if ((await visit.isSignedIn()) === 'user') return found;
      // It may have read them for the next one.
      visit.setFaults({});
      const next = visit.newVisitor();
      await next.signIn();
      return (await next.isSignedIn()) === 'user'
        ? found
        : failed(
            `While the provider publishes keys of several types, nobody can sign in (${statusOf(page)}).`,
            hint,
          );
    },
    notStarted: ({ message }) =>
      failed(
        `While the provider publishes keys of several types, the application does not start. ${message}`,
        hint,
      ),
  });
}
